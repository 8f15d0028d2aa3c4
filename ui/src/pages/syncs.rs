//! The syncs of the workspace.

use leptos::prelude::*;

use crate::components::page::PageFrame;

/// The page.
#[component]
pub(crate) fn Syncs() -> impl IntoView {
    view! { <PageFrame title="Syncs">""</PageFrame> }
}
