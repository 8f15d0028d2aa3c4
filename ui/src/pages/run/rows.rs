//! The rows of a run, and what narrows them.

use isthmus_contract::command::RunRows;
use isthmus_contract::plan::CauseView;
use isthmus_contract::run::{RowsPage, RunReportView, RunRow, RunRowsRequest};
use isthmus_model::ids::RunId;
use isthmus_model::run::RunCounts;
use leptos::prelude::*;

use crate::components::badge::{Chip, OutcomeBadge};
use crate::components::button::{Button, Size};
use crate::components::empty::Empty;
use crate::components::field::{TextField, TextKind};
use crate::components::icon::{Icon, Shape};
use crate::components::kbd::Kbd;
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonRows;
use crate::components::table::{Column, Rows, Table};
use crate::components::time::Time;
use crate::format::{counted, grouped, shortened};
use crate::state::paging::{Paging, settled};
use crate::state::width::is_wider_than;

/// Below this width the window has no room for every column.
const WIDE: f64 = 1_200.0;

/// The outcomes as filters, in the order of what needs a person.
const OUTCOMES: [(&str, &str, Shape); 6] = [
    ("failed", "Failed", Shape::Fault),
    ("held", "Held", Shape::Pause),
    ("pending", "Pending", Shape::Clock),
    ("created", "Created", Shape::Plus),
    ("updated", "Updated", Shape::Edit),
    ("unchanged", "Unchanged", Shape::Equals),
];

/// Which rows are shown.
#[derive(Clone, Copy)]
pub(super) struct Filter {
    run: RunId,
    known: Memo<Option<RunReportView>>,
    outcome: RwSignal<Option<&'static str>>,
    /// The cause's code and object mapping.
    cause: RwSignal<Option<(String, String)>>,
    text: RwSignal<String>,
    found: Signal<String>,
}

impl Filter {
    /// What needs a person first.
    pub(super) fn new(run: RunId, known: Memo<Option<RunReportView>>) -> Self {
        let counts =
            known.with_untracked(|report| report.as_ref().map(|report| report.header.counts));
        let text = RwSignal::new(String::new());
        Self {
            run,
            known,
            outcome: RwSignal::new(counts.and_then(|counts| worst(&counts))),
            cause: RwSignal::new(None),
            text,
            found: settled(text),
        }
    }

    /// Whether only rows of this cause are shown.
    pub(super) fn is_of(self, cause: &CauseView) -> bool {
        self.cause
            .read()
            .as_ref()
            .is_some_and(|(code, mapping)| *code == cause.code && *mapping == cause.mapping)
    }

    /// Shows the rows of a cause alone; once more, and its outcome's rows show again.
    pub(super) fn choose_cause(self, cause: &CauseView) {
        let was_chosen = untrack(|| self.is_of(cause));
        self.outcome.set(outcome_of(&cause.outcome));
        self.cause.set((!was_chosen).then(|| (cause.code.clone(), cause.mapping.clone())));
    }

    fn choose(self, outcome: Option<&'static str>) {
        self.cause.set(None);
        self.outcome.set(outcome);
    }

    fn clear(self) {
        self.choose(None);
        self.text.set(String::new());
    }

    /// The outcome's word, for an export of the same rows.
    fn request(self, offset: u64, limit: u32) -> RunRowsRequest {
        // A retry, or the next words of a run at work, change the rows: the header tells.
        self.known.track();
        let (cause, mapping) = self.cause.get().unzip();
        RunRowsRequest {
            run: self.run,
            outcome: self.outcome.get().map(str::to_owned),
            cause,
            mapping,
            text: self.found.get(),
            offset,
            limit,
        }
    }
}

fn outcome_of(word: &str) -> Option<&'static str> {
    OUTCOMES.iter().map(|(outcome, ..)| *outcome).find(|outcome| *outcome == word)
}

fn rows_of(counts: &RunCounts, outcome: &str) -> u64 {
    match outcome {
        "failed" => counts.failed,
        "held" => counts.held,
        "pending" => counts.pending,
        "created" => counts.created,
        "updated" => counts.updated,
        _ => counts.unchanged,
    }
}

/// The first outcome that needs a person.
fn worst(counts: &RunCounts) -> Option<&'static str> {
    ["failed", "held", "pending"].into_iter().find(|outcome| rows_of(counts, outcome) > 0)
}

/// Filters and rows.
#[component]
pub(super) fn RunRowsPanel(
    filter: Filter,
    known: Memo<Option<RunReportView>>,
    /// The row whose payload shows.
    open: RwSignal<Option<u32>>,
) -> impl IntoView {
    let counts = Memo::new(move |_| {
        known
            .read()
            .as_ref()
            .map(|report| (report.header.counts, report.header.rows_read))
            .unwrap_or_default()
    });
    let paging = Paging::of::<RunRows>(
        move |offset, limit| filter.request(offset, limit),
        |page: RowsPage| (page.rows, page.total),
        |page| page.total,
    );
    let Paging { rows, total, is_counted, problem, again } = paging;
    let rows = StoredValue::new(rows);
    let foot = move || {
        format!("{} of {} shown", grouped(total.get()), counted(counts.read().1, "row", "rows"))
    };
    let table = move || {
        if let Some(problem) = problem.get() {
            return view! { <ProblemView problem on_retry=again/> }.into_any();
        }
        if !is_counted.get() {
            return view! { <SkeletonRows what="rows of the run" rows=8/> }.into_any();
        }
        view! { <RowTable rows=rows.get_value() filter open/> }.into_any()
    };
    view! {
        <section class="panel run__rows" aria-label="Rows" data-test="run-rows">
            <div class="toolbar">
                <div class="run__find">
                    <TextField
                        label="Find a row"
                        value=filter.text
                        kind=TextKind::Search
                        size=Size::Small
                        hide_label=true
                        placeholder="Name, any id, or text"
                        attr:data-test="find-row"
                    />
                </div>
                <Chips filter counts/>
            </div>
            {table}
            <footer class="table-foot" role="status">
                <span>{foot}</span>
                <span class="push wide-only"><Kbd keys="Enter"/>" payload"</span>
                <span class="wide-only"><Kbd keys="Esc"/>" closes it"</span>
            </footer>
        </section>
    }
}

/// A chip per outcome that has rows, and one for the cause chosen.
#[component]
fn Chips(filter: Filter, counts: Memo<(RunCounts, u64)>) -> impl IntoView {
    let chip = move |(outcome, word, icon): (&'static str, &'static str, Shape)| {
        let rows = Signal::derive(move || rows_of(&counts.read().0, outcome));
        let pressed = Signal::derive(move || filter.outcome.get() == Some(outcome));
        move || {
            (rows.get() > 0).then(|| {
                view! {
                    <Chip
                        text=word
                        icon
                        count=Signal::derive(move || Some(rows.get()))
                        pressed
                        on_toggle=move |on: bool| filter.choose(on.then_some(outcome))
                        attr:data-test=format!("outcome-{outcome}")
                    />
                }
            })
        }
    };
    view! {
        <div class="run__chips" role="group" aria-label="Outcomes">
            <Chip
                text="All"
                count=Signal::derive(move || Some(counts.read().1))
                pressed=Signal::derive(move || filter.outcome.get().is_none() && filter.cause.read().is_none())
                on_toggle=move |_: bool| filter.choose(None)
            />
            {OUTCOMES.into_iter().map(chip).collect_view()}
            {move || filter.cause.get().map(|(code, _)| {
                let words = shortened(&code);
                view! {
                    <button
                        class="chip"
                        type="button"
                        aria-pressed="true"
                        title="Show rows of every cause again"
                        data-test="cause-chip"
                        on:click=move |_| filter.cause.set(None)
                    >
                        <span class="truncate mono">{words}</span>
                        <Icon shape=Shape::Close small=true/>
                    </button>
                }
            })}
        </div>
    }
}

/// The table.
#[component]
fn RowTable(rows: Rows<RunRow>, filter: Filter, open: RwSignal<Option<u32>>) -> impl IntoView {
    let wide = is_wider_than(WIDE);
    let columns = Signal::derive(move || columns(wide.get(), open.read().is_some()));
    let empty = move || {
        let typed = shortened(&filter.found.get());
        let title = if typed.is_empty() {
            "No row with this outcome".to_owned()
        } else {
            format!("No row matches “{typed}”")
        };
        view! {
            <Empty
                icon=Shape::Search
                title
                text="Names, ids and texts were searched within the filters above."
                actions=move || view! { <Button on_press=move || filter.clear()>"Clear filters"</Button> }
            />
        }
    };
    view! {
        <div class="col grow">
            <Table
                label="Rows of the run"
                columns
                rows
                key=|row: &RunRow| row.ordinal.to_string()
                cell
                on_open=move |row: RunRow| open.set(Some(row.ordinal))
                empty
                hide_foot=true
            />
        </div>
    }
}

fn columns(wide: bool, narrowed: bool) -> Vec<Column> {
    let mut columns = vec![
        Column::new("record", "Record").width("minmax(120px, 1fr)"),
        Column::new("outcome", "Outcome").width("112px"),
        Column::new("cause", "What happened").width("minmax(140px, 1.8fr)"),
    ];
    if wide {
        columns.insert(1, Column::new("object", "Object").width("112px"));
        if !narrowed {
            columns.push(Column::new("target", "Target id").width("172px").mono());
        }
        columns.push(Column::new("decided", "Decided").width("84px").end());
    }
    columns
}

fn cell(row: &RunRow, column: &str) -> AnyView {
    let text = |text: &str, class: &'static str| {
        let shown = shortened(text);
        view! { <span class=class dir="auto" title=shown.clone()>{shown.clone()}</span> }.into_any()
    };
    match column {
        "record" => text(&row.name, "truncate medium"),
        "object" => text(&row.row.object, "truncate muted"),
        "outcome" => view! { <OutcomeBadge word=row.row.outcome.clone()/> }.into_any(),
        "target" => text(&row.row.target_id, "truncate muted"),
        "decided" => row
            .decided_at
            .map(|at| view! { <span class="muted"><Time at seconds=true/></span> })
            .into_any(),
        _ => text(&row.row.message, "truncate"),
    }
}

#[cfg(test)]
mod tests {
    use isthmus_model::run::RunCounts;

    use super::{OUTCOMES, rows_of, worst};

    #[test]
    fn rows_that_need_a_person_show_first() {
        let counts = RunCounts { created: 9, held: 3, pending: 1, ..RunCounts::default() };
        assert_eq!(worst(&counts), Some("held"));
        assert_eq!(worst(&RunCounts { created: 9, ..RunCounts::default() }), None);
    }

    #[test]
    fn every_outcome_is_a_filter() {
        let counts =
            RunCounts { created: 1, updated: 2, unchanged: 4, held: 8, failed: 16, pending: 32 };
        let sum: u64 = OUTCOMES.iter().map(|(outcome, ..)| rows_of(&counts, outcome)).sum();
        assert_eq!(sum, counts.rows_read());
    }
}
