//! The orgs of the workspace.

use leptos::prelude::*;

use crate::components::page::PageFrame;

/// The page.
#[component]
pub(crate) fn Orgs() -> impl IntoView {
    view! { <PageFrame title="Orgs">""</PageFrame> }
}
