//! The bar of a sync's pages: its tabs, and the orgs that it connects.

use isthmus_contract::command::SyncGet;
use isthmus_contract::console::Topic;
use leptos::prelude::*;

use crate::components::lane::Lane;
use crate::format::shortened;
use crate::route::{Route, SyncTab};
use crate::state::asked::Asked;

/// Map, Preview and Runs of a sync; its orgs at the right.
#[component]
pub(crate) fn SyncTabs(
    /// The sync's name.
    #[prop(into)]
    name: String,
    /// The tab that is shown.
    tab: SyncTab,
) -> impl IntoView {
    let label = format!("Pages of {}", shortened(&name));
    let name = StoredValue::new(name);
    let sync = Asked::<SyncGet>::new(&[Topic::Syncs], move || Some(name.get_value()));
    let orgs = move || {
        let detail = sync.answer.get()?.ok()?;
        Some((detail.sync.left, detail.sync.right))
    };
    view! {
        <nav class="tabs sync-tabs" aria-label=label>
            {SyncTab::ALL
                .into_iter()
                .map(|(one, word)| {
                    let current = (one == tab).then_some("page");
                    let hook = format!("tab-{}", word.to_lowercase());
                    view! {
                        <a
                            class="tab"
                            href=Route::Sync(name.get_value(), one).href()
                            aria-current=current
                            data-test=hook
                        >
                            {word}
                        </a>
                    }
                })
                .collect_view()}
            {move || orgs().map(|(left, right)| view! { <Lane left right/> })}
        </nav>
    }
}
