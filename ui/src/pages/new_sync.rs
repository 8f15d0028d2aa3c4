//! The wizard that makes a sync.

use leptos::prelude::*;

use crate::components::page::PageFrame;

/// The page.
#[component]
pub(crate) fn NewSync() -> impl IntoView {
    view! { <PageFrame title="NewSync">""</PageFrame> }
}
