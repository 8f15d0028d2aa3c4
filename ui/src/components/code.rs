//! Code, and values before and after a change.

use leptos::prelude::*;

/// Code in several lines, as it is.
#[component]
pub(crate) fn Code(
    /// What it is; heard only.
    #[prop(into)]
    label: String,
    /// The code.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    view! { <pre class="code code-box" role="region" aria-label=label tabindex="0">{move || text.get()}</pre> }
}

/// A value before and after a change; a value that is not there reads `blank`.
#[component]
pub(crate) fn BeforeAfter(
    /// The value before; `None` where there was none.
    #[prop(optional, into)]
    before: MaybeProp<String>,
    /// The value after; `None` where there is none any more.
    #[prop(optional, into)]
    after: MaybeProp<String>,
) -> impl IntoView {
    view! {
        <span class="change">
            <del class="was"><span class="sr-only">"before: "</span>{move || value(before.get())}</del>
            <span class="subtle" aria-hidden="true">"→"</span>
            <ins class="now"><span class="sr-only">"after: "</span>{move || value(after.get())}</ins>
        </span>
    }
}

fn value(text: Option<String>) -> AnyView {
    match text {
        Some(text) if !text.is_empty() => text.into_any(),
        _ => view! { <span class="blank">"blank"</span> }.into_any(),
    }
}
