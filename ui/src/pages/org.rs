//! One org in detail.

use leptos::prelude::*;

use crate::components::page::PageFrame;

/// The page.
#[component]
pub(crate) fn Org(
    /// Its name.
    name: String,
) -> impl IntoView {
    let _ = name;
    view! { <PageFrame title="Org">""</PageFrame> }
}
