//! The map of a sync: two columns of fields, links between them, and the same as grid and text.

mod check;
pub(crate) mod draft;
mod found;
pub(crate) mod legality;
pub(crate) mod state;
pub(crate) mod words;

use leptos::prelude::*;

use crate::components::page::PageFrame;

/// The tab.
#[component]
pub(crate) fn Map(
    /// The sync's name.
    sync: String,
) -> impl IntoView {
    let _ = sync;
    view! { <PageFrame title="Map">""</PageFrame> }
}
