//! The wizard that connects an org.

use leptos::prelude::*;

use crate::components::page::PageFrame;

/// The page.
#[component]
pub(crate) fn Connect(
    /// The org that is connected again.
    again: Option<String>,
) -> impl IntoView {
    let _ = again;
    view! { <PageFrame title="Connect">""</PageFrame> }
}
