//! The rows of a run, and what narrows them.

use isthmus_contract::command::RunRows;
use isthmus_contract::run::{RowsPage, RunReportView, RunRow};
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
use crate::pages::run::filter::{Filter, OUTCOMES, rows_of};
use crate::state::paging::Paging;
use crate::state::width::is_wider_than;

/// Below this width the window has no room for every column.
const WIDE: f64 = 1_200.0;

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
                attr:data-test="outcome-all"
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
        view! { <span class=class dir="auto" title=shown>{shown.clone()}</span> }.into_any()
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
