//! Is everything all right? Orgs, syncs and alerts at a glance.

use leptos::prelude::*;

use crate::components::page::PageFrame;

/// The page.
#[component]
pub(crate) fn Overview() -> impl IntoView {
    view! { <PageFrame title="Overview">""</PageFrame> }
}
