//! The runs of all syncs, and of one.

mod days;
mod table;

use isthmus_contract::command::RunList;
use isthmus_contract::console::Topic;
use isthmus_contract::run::RunsRequest;
use leptos::prelude::*;

use crate::components::button::{ButtonLink, Kind};
use crate::components::empty::Empty;
use crate::components::icon::Shape;
use crate::components::page::PageFrame;
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonRows;
use crate::format::shortened;
use crate::pages::runs::table::Table;
use crate::pages::sync_tabs::SyncTabs;
use crate::route::{Route, SyncTab};
use crate::state::asked::Asked;

/// The most runs listed; older ones are found by their number.
const MOST: u32 = 1_000;

/// The page of all syncs' runs.
#[component]
pub(crate) fn Runs() -> impl IntoView {
    view! { <PageFrame title="Runs"><RunTable sync=None/></PageFrame> }
}

/// The Runs tab of one sync.
#[component]
pub(crate) fn SyncRuns(
    /// The sync's name.
    sync: String,
) -> impl IntoView {
    let name = sync.clone();
    view! {
        <PageFrame
            title=shortened(&sync)
            trail=vec![("Syncs".to_owned(), Route::Syncs.href())]
            bar=move || view! { <SyncTabs name=name.clone() tab=SyncTab::Runs/> }
        >
            <RunTable sync=Some(sync)/>
        </PageFrame>
    }
}

/// The runs as a table, by day, the newest first.
#[component]
pub(crate) fn RunTable(
    /// Only runs of this sync.
    sync: Option<String>,
) -> impl IntoView {
    let wanted = sync.clone();
    let runs = Asked::<RunList>::new(&[Topic::Runs], move || {
        Some(RunsRequest { sync: wanted.clone(), limit: MOST })
    });
    let known = Memo::new(move |_| match &*runs.answer.read() {
        Some(Ok(runs)) => Some(runs.clone()),
        _ => None,
    });
    let problem = Memo::new(move |_| match &*runs.answer.read() {
        Some(Err(problem)) => Some(problem.clone()),
        _ => None,
    });
    let count = Memo::new(move |_| known.read().as_ref().map(Vec::len));
    let of = StoredValue::new(sync);
    move || match (problem.get(), count.get()) {
        (Some(problem), _) => {
            view! { <ProblemView problem on_retry=move || runs.again()/> }.into_any()
        }
        (None, None) => view! { <SkeletonRows what="runs" rows=10/> }.into_any(),
        (None, Some(0)) => nothing(of.get_value()),
        (None, Some(_)) => {
            view! { <Table runs=known has_syncs=of.read_value().is_none() most=MOST/> }.into_any()
        }
    }
}

fn nothing(sync: Option<String>) -> AnyView {
    let (text, words, route) = match sync {
        Some(sync) => (
            "Preview shows what a run would do, row by row. Nothing is written before you say so.",
            "Open Preview",
            Route::Sync(sync, SyncTab::Preview),
        ),
        None => (
            "A run writes what a sync's plan shows. Each one is kept here with its rows and their outcomes.",
            "Open Syncs",
            Route::Syncs,
        ),
    };
    let action = move || {
        view! {
            <ButtonLink kind=Kind::Primary href=route.href() attr:data-test="no-runs-next">{words}</ButtonLink>
        }
    };
    view! { <Empty icon=Shape::Runs title="No runs yet" text actions=action/> }.into_any()
}
