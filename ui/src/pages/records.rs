//! Search among records, and one-click sync of those chosen.

use leptos::prelude::*;

use crate::components::page::PageFrame;

/// The page.
#[component]
pub(crate) fn Records() -> impl IntoView {
    view! { <PageFrame title="Records">""</PageFrame> }
}
