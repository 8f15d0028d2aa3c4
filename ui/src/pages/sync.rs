//! One sync on one of its tabs.

use leptos::prelude::*;

use crate::pages::map::Map;
use crate::pages::preview::Preview;
use crate::pages::runs::SyncRuns;
use crate::route::SyncTab;

/// The page.
#[component]
pub(crate) fn Sync(
    /// Its name.
    name: String,
    /// The tab shown.
    tab: SyncTab,
) -> impl IntoView {
    match tab {
        SyncTab::Map => view! { <Map sync=name/> }.into_any(),
        SyncTab::Preview => view! { <Preview sync=name/> }.into_any(),
        SyncTab::Runs => view! { <SyncRuns sync=name/> }.into_any(),
    }
}
