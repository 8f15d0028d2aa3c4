//! Records of an org: found, selected, and synced now with the parents they need.

mod results;
mod search;
mod side;
mod sync_now;
mod toolbar;

use leptos::prelude::*;

use crate::components::button::{Button, Kind};
use crate::components::icon::Shape;
use crate::components::page::PageFrame;
use crate::format::counted;
use crate::pages::records::results::Results;
use crate::pages::records::search::Search;
use crate::pages::records::side::Side;
use crate::pages::records::sync_now::{Stage, SyncNow, writes};
use crate::pages::records::toolbar::Toolbar;

/// The page.
#[component]
pub(crate) fn Records() -> impl IntoView {
    let search = Search::new();
    let now = SyncNow::new(search);
    let actions = move || move || view! { <SyncButton now/> };
    view! {
        <PageFrame title="Records" actions>
            <div class="records">
                <div class="records__main">
                    <Toolbar search/>
                    <div class="records__results" data-test="records-results"><Results search/></div>
                </div>
                <Side now/>
            </div>
        </PageFrame>
    }
}

/// The page's primary action: it carries out the plan shown, and says how many rows that writes.
#[component]
fn SyncButton(now: SyncNow) -> impl IntoView {
    let planned = Memo::new(move |_| match &*now.stage.read() {
        Stage::Planned(plan) | Stage::Running(plan) => Some(writes(&plan.counts)),
        _ => None,
    });
    let words = move || match planned.get() {
        None | Some(0) => "Sync now".to_owned(),
        Some(count) => format!("Sync {}", counted(count, "change", "changes")),
    };
    let busy = Signal::derive(move || matches!(&*now.stage.read(), Stage::Running(_)));
    let disabled =
        Signal::derive(move || planned.get().unwrap_or(0) == 0 || now.job_elsewhere().is_some());
    let title = Signal::derive(move || {
        let why = match planned.get() {
            None => "Preview the selected records first",
            Some(0) => "The plan writes nothing",
            Some(_) => return None,
        };
        Some(why.to_owned())
    });
    view! {
        <Button
            kind=Kind::Primary
            icon=Shape::Bolt
            busy
            disabled
            title
            on_press=move || now.run()
            attr:data-test="records-sync-now"
        >
            {words}
        </Button>
    }
}
