//! Appearance, keys, and what this build is.

use leptos::prelude::*;

use crate::components::page::PageFrame;

/// The page.
#[component]
pub(crate) fn Settings() -> impl IntoView {
    view! { <PageFrame title="Settings">""</PageFrame> }
}
