//! The table of runs.

use isthmus_contract::console::JobKind;
use isthmus_contract::run::{RunOrder, RunView};
use isthmus_model::ids::RunId;
use jiff::Timestamp;
use leptos::prelude::*;

use crate::components::button::{Button, Size};
use crate::components::icon::Shape;
use crate::components::table::{Column, Rows, Table as RowsTable};
use crate::components::time::{RelativeTime, Time, now};
use crate::format::{counted, grouped, shortened};
use crate::pages::run::head::{Standing, took};
use crate::pages::run::words::{kind_words, written};
use crate::pages::runs::days::{Line, by_day, local_day};
use crate::route::{Route, Router};
use crate::state::console::Console;
use crate::state::width::is_wider_than;
use crate::state::work::{Started, Work};

/// Below these widths the window has no room for every column.
const WIDE: f64 = 1_200.0;
const MIDDLE: f64 = 860.0;

/// The runs.
#[component]
pub(super) fn Table(
    /// The newest first.
    runs: Memo<Option<Vec<RunView>>>,
    /// They are of several syncs: a column names each.
    has_syncs: bool,
    /// How many are listed at most.
    most: u32,
) -> impl IntoView {
    let (console, router) = (Console::of_this_app(), Router::of_this_app());
    let at_work = Memo::new(move |_| {
        let job = console.job.read();
        job.as_ref().filter(|job| job.kind == JobKind::Run).and_then(|job| job.run)
    });
    let lines = Memo::new(move |_| {
        let now = now();
        by_day(runs.read().as_deref().unwrap_or_default(), |at| local_day(at, now))
    });
    let (wide, middle) = (is_wider_than(WIDE), is_wider_than(MIDDLE));
    let can_resume = Memo::new(move |_| runs.read().iter().flatten().any(is_interrupted));
    let columns = Signal::derive(move || {
        let parts = Parts { syncs: has_syncs, resume: can_resume.get() };
        columns(parts, wide.get(), middle.get())
    });
    let open = move |line: Line| {
        if let Line::Run(run) = line {
            router.go(&Route::Run(run.run));
        }
    };
    let foot = move || {
        let count = runs.read().as_ref().map_or(0, Vec::len);
        let words = counted(count as u64, "run", "runs");
        if count >= most as usize { format!("The newest {words}") } else { words }
    };
    view! {
        <div class="runs col grow" data-test="runs">
            <RowsTable
                label="Runs"
                columns
                rows=Rows::local(lines)
                key=Line::key
                cell=move |line: &Line, column: &str| cell(line, column, at_work)
                on_open=open
                hide_foot=true
            />
            <footer class="table-foot" role="status">{foot}</footer>
        </div>
    }
}

/// Columns that only some lists need.
#[derive(Debug, Clone, Copy)]
struct Parts {
    /// Runs of several syncs.
    syncs: bool,
    /// A run can be resumed.
    resume: bool,
}

fn columns(parts: Parts, wide: bool, middle: bool) -> Vec<Column> {
    let mut columns = vec![
        Column::new("run", "Run").width("80px"),
        Column::new("end", "End").width("134px"),
        Column::new("started", "Started").width("120px"),
    ];
    if parts.syncs {
        columns.insert(1, Column::new("sync", "Sync").width("minmax(136px, 1fr)"));
    }
    if middle {
        columns.push(Column::new("took", "Took").width("100px").end());
    }
    if wide {
        columns.push(Column::new("kind", "Kind").width("88px"));
        columns.push(Column::new("read", "Read").width("76px").end());
    }
    columns.push(Column::new("written", "Written").width("76px").end());
    if middle {
        columns.push(Column::new("held", "Held").width("64px").end());
    }
    columns.push(Column::new("failed", "Failed").width("64px").end());
    if wide {
        columns.push(Column::new("reason", "Why it ended so").width("minmax(110px, 1.6fr)"));
    }
    if parts.resume {
        columns.push(Column::new("action", "Next").width("128px"));
    }
    columns
}

fn cell(line: &Line, column: &str, at_work: Memo<Option<RunId>>) -> AnyView {
    let run = match (line, column) {
        (Line::Day(day), "run") => {
            return view! { <span class="runs__day">{day.clone()}</span> }.into_any();
        }
        (Line::Day(_), _) => return ().into_any(),
        (Line::Run(run), _) => run.clone(),
    };
    let text = |text: &str, class: &'static str| {
        let shown = shortened(text);
        view! { <span class=class dir="auto" title=shown>{shown.clone()}</span> }.into_any()
    };
    let number = |rows: u64, class: &'static str| {
        let class = if rows == 0 { "subtle" } else { class };
        view! { <span class=class>{grouped(rows)}</span> }.into_any()
    };
    let counts = run.counts;
    match column {
        "run" => {
            let href = Route::Run(run.run).href();
            view! { <a class="row-link" href=href tabindex="-1" data-test="run-link">"#" {run.run.0}</a> }.into_any()
        }
        "sync" => text(&run.sync, "truncate medium"),
        "end" => {
            let interrupted = is_interrupted(&run);
            let (number, end) = (run.run, run.end);
            view! {
                {move || {
                    let is_at_work = at_work.get() == Some(number);
                    view! { <Standing end interrupted at_work=is_at_work/> }
                }}
            }
            .into_any()
        }
        "kind" => {
            view! { <span class="muted" title=kind_words(&run.kind)>{run.kind.clone()}</span> }
                .into_any()
        }
        "started" => view! { <When at=run.started_at/> }.into_any(),
        "took" => view! { <span class="muted">{took(&run)}</span> }.into_any(),
        "read" => number(run.rows_read, "muted"),
        "written" => number(written(&counts), "medium"),
        "held" => number(counts.held + counts.pending, "warn medium"),
        "failed" => number(counts.failed, "err medium"),
        "reason" => run.reason.as_deref().map(|reason| text(reason, "truncate muted")).into_any(),
        _ => view! { <ResumeButton run=*run at_work/> }.into_any(),
    }
}

/// How long ago; beyond a day the time of day says more.
#[component]
fn When(at: Timestamp) -> impl IntoView {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of every date fit 53 bits")]
    let age = now() - at.as_millisecond() as f64;
    if age < 86_400_000.0 {
        view! { <span class="muted"><RelativeTime at/></span> }.into_any()
    } else {
        view! { <span class="muted"><Time at/></span> }.into_any()
    }
}

/// Goes on with a run that was cut off; its page shows how.
#[component]
fn ResumeButton(run: RunView, at_work: Memo<Option<RunId>>) -> impl IntoView {
    let (work, router) = (Work::of_this_app(), Router::of_this_app());
    let console = Console::of_this_app();
    let (number, interrupted) = (run.run, is_interrupted(&run));
    let started = StoredValue::new(Started { sync: run.sync, order: RunOrder::Resume(number) });
    let press = move || {
        work.start(started.get_value());
        router.go(&Route::Run(number));
    };
    move || {
        (interrupted && at_work.get() != Some(number)).then(|| {
            view! {
                <Button
                    size=Size::Small
                    icon=Shape::Play
                    disabled=move || console.job.read().is_some()
                    title=format!("Resume run {number}")
                    on_press=press
                    attr:data-test="resume-run"
                >
                    "Resume"
                </Button>
            }
        })
    }
}

/// A run without an end is at work, or was cut off; one that is only a plan says so in its reason.
fn is_interrupted(run: &RunView) -> bool {
    run.end.is_none() && run.reason.is_none()
}
