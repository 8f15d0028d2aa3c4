//! What can be done with a run: export, retry, resume.

use isthmus_contract::run::{RunOrder, RunReportView};
use isthmus_model::ids::RunId;
use leptos::prelude::*;

use crate::components::button::{Button, Kind};
use crate::components::icon::Shape;
use crate::format::{counted, shortened};
use crate::pages::run::export::ExportDialog;
use crate::pages::run::words::open_rows;
use crate::state::console::Console;
use crate::state::work::{Started, Work};

/// The one thing to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Rows are open.
    Retry(u64),
    /// The run was cut off.
    Resume,
}

/// The actions at the top right.
#[component]
pub(super) fn Actions(run: RunId, known: Memo<Option<RunReportView>>) -> impl IntoView {
    let (work, console) = (Work::of_this_app(), Console::of_this_app());
    let exporting = RwSignal::new(false);
    let next = Memo::new(move |_| known.read().as_ref().and_then(next));
    let other = Memo::new(move |_| console.job.read().as_ref().map(|job| shortened(&job.sync)));
    let why_not =
        move || other.get().map(|sync| format!("{sync} is at work; one plan or run at a time"));
    let start = move |order: RunOrder| {
        if let Some(report) = known.get_untracked() {
            work.start(Started { sync: report.header.sync, order });
        }
    };
    let primary = move || {
        let (words, icon, order, hook) = match next.get()? {
            Next::Retry(rows) => {
                let words = format!("Retry {}", counted(rows, "row", "rows"));
                (words, Shape::Retry, RunOrder::Retry(run), "retry")
            }
            Next::Resume => ("Resume".to_owned(), Shape::Play, RunOrder::Resume(run), "resume"),
        };
        Some(view! {
            <Button
                kind=Kind::Primary
                icon
                disabled=move || other.read().is_some() || work.running.read().is_some()
                title=Signal::derive(why_not)
                on_press=move || start(order.clone())
                attr:data-test=hook
            >
                {words}
            </Button>
        })
    };
    let is_known = Memo::new(move |_| known.read().is_some());
    move || {
        is_known.get().then(|| {
            view! {
                <Button icon=Shape::Download on_press=move || exporting.set(true) attr:data-test="export">
                    "Export…"
                </Button>
                {primary}
                <ExportDialog run known open=exporting/>
            }
        })
    }
}

fn next(report: &RunReportView) -> Option<Next> {
    if report.interrupted {
        return Some(Next::Resume);
    }
    let rows = open_rows(&report.header.counts);
    (rows > 0 && report.header.end.is_some()).then_some(Next::Retry(rows))
}
