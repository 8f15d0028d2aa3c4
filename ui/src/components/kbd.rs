//! Key caps.

use leptos::prelude::*;

/// The keys of a shortcut, one cap each.
#[component]
pub(crate) fn Kbd(
    /// The keys, separated by spaces, as `Ctrl K`.
    #[prop(into)]
    keys: String,
) -> impl IntoView {
    keys.split(' ').map(|key| view! { <kbd class="kbd">{key.to_owned()}</kbd> }).collect_view()
}
