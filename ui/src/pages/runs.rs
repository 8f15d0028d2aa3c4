//! The runs of all syncs.

use leptos::prelude::*;

use crate::components::page::PageFrame;

/// The page.
#[component]
pub(crate) fn Runs() -> impl IntoView {
    view! { <PageFrame title="Runs">""</PageFrame> }
}

/// The runs as a table.
#[component]
pub(crate) fn RunTable(
    /// Only runs of this sync.
    sync: Option<String>,
) -> impl IntoView {
    let _ = sync;
}
