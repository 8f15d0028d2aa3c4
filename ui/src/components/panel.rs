//! Things that are separate from what is around them, with a title.

use leptos::prelude::*;

use crate::components::ids::unique_id;
use crate::format::grouped;

/// A titled box.
#[component]
pub(crate) fn Panel(
    /// Its title; a heading of level 2.
    #[prop(into)]
    title: Signal<String>,
    /// How many things it holds.
    #[prop(optional, into)]
    count: MaybeProp<u64>,
    /// What stands at the right of the title: buttons, links.
    #[prop(optional, into)]
    actions: ViewFn,
    /// What stands below a line at the end.
    #[prop(optional, into)]
    foot: Option<ViewFn>,
    /// The body reaches the borders: for tables and lists.
    #[prop(optional)]
    flush: bool,
    /// The body.
    children: Children,
) -> impl IntoView {
    let id = unique_id("panel");
    let labelled_by = id.clone();
    view! {
        <section class="panel" aria-labelledby=labelled_by>
            <header class="panel__head">
                <h2 id=id class="truncate">{move || title.get()}</h2>
                {move || count.get().map(|count| view! { <span class="count">{grouped(count)}</span> })}
                <span class="panel__actions">{actions.run()}</span>
            </header>
            <div class="panel__body" class:panel__body--flush=flush>{children()}</div>
            {foot.map(|foot| view! { <footer class="panel__foot">{foot.run()}</footer> })}
        </section>
    }
}

/// A box without a title.
#[component]
pub(crate) fn Card(
    /// The body.
    children: Children,
) -> impl IntoView {
    view! { <div class="panel card">{children()}</div> }
}
