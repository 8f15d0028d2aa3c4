//! One run: causes first, then its rows.

use leptos::prelude::*;

use crate::components::page::PageFrame;

/// The page.
#[component]
pub(crate) fn Run(
    /// Its number.
    run: isthmus_model::ids::RunId,
) -> impl IntoView {
    let _ = run;
    view! { <PageFrame title="Run">""</PageFrame> }
}
