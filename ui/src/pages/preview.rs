//! What a run would do, row by row and field by field; and the run while it goes on.

use leptos::prelude::*;

use crate::components::page::PageFrame;

/// The tab.
#[component]
pub(crate) fn Preview(
    /// The sync's name.
    sync: String,
) -> impl IntoView {
    let _ = sync;
    view! { <PageFrame title="Preview">""</PageFrame> }
}
