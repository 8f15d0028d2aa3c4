//! The plan's rows, and what narrows them.

use isthmus_contract::command::PlanRowsPage;
use isthmus_contract::plan::{PlanRow, PlanRows, PlanRowsRequest};
use isthmus_model::ids::{RunId, Side};
use isthmus_model::plan::PlanCounts;
use leptos::prelude::*;

use crate::components::badge::{Chip, OutcomeBadge};
use crate::components::button::{Button, Kind, Size};
use crate::components::empty::Empty;
use crate::components::field::{SelectField, TextField, TextKind};
use crate::components::icon::{Icon, Shape};
use crate::components::org_tile::OrgTile;
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonRows;
use crate::components::table::{Column, Table};
use crate::format::{counted, grouped, shortened};
use crate::pages::preview::fields::Fields;
use crate::pages::preview::words::{Tally, extent, word_of};
use crate::state::paging::{Paging, settled};
use crate::state::width::is_wider_than;

/// Below this width the window has no room for every column.
const WIDE: f64 = 1_200.0;

/// Which rows are shown.
#[derive(Clone, Copy)]
pub(super) struct Filter {
    run: RunId,
    /// The figure pressed.
    pub(super) tally: RwSignal<Tally>,
    /// The object mapping chosen; empty for all.
    pub(super) mapping: RwSignal<String>,
    text: RwSignal<String>,
    found: Signal<String>,
    hides_unchanged: RwSignal<bool>,
}

impl Filter {
    pub(super) fn new(run: RunId) -> Self {
        let text = RwSignal::new(String::new());
        Self {
            run,
            tally: RwSignal::new(Tally::All),
            mapping: RwSignal::new(String::new()),
            text,
            found: settled(text),
            hides_unchanged: RwSignal::new(true),
        }
    }

    fn request(self, offset: u64, limit: u32) -> PlanRowsRequest {
        let mapping = self.mapping.get();
        PlanRowsRequest {
            run: self.run,
            actions: self.tally.get().actions(self.hides_unchanged.get()),
            mapping: (!mapping.is_empty()).then_some(mapping),
            text: self.found.get(),
            offset,
            limit,
        }
    }

    fn clear(self) {
        self.tally.set(Tally::All);
        self.mapping.set(String::new());
        self.text.set(String::new());
        self.hides_unchanged.set(false);
    }
}

/// Find, object mapping, hide unchanged.
#[component]
pub(super) fn Toolbar(filter: Filter, mappings: Vec<String>) -> impl IntoView {
    let has_several = mappings.len() > 1;
    let options: Vec<(String, String)> = std::iter::once((String::new(), "All objects".to_owned()))
        .chain(mappings.into_iter().map(|mapping| {
            let words = shortened(&mapping);
            (mapping, words)
        }))
        .collect();
    view! {
        <div class="toolbar plan__tools">
            <div class="plan__find">
                <TextField
                    label="Find a row"
                    value=filter.text
                    kind=TextKind::Search
                    hide_label=true
                    placeholder="Find by name or id"
                    attr:data-test="find-row"
                />
            </div>
            {has_several.then(|| view! {
                <SelectField label="Object mapping" options value=filter.mapping size=Size::Small hide_label=true/>
            })}
            <Chip
                text="Hide unchanged"
                icon=Shape::Filter
                pressed=filter.hides_unchanged
                on_toggle=move |on| filter.hides_unchanged.set(on)
            />
        </div>
    }
}

/// The rows.
#[component]
pub(super) fn PlanTable(
    filter: Filter,
    orgs: Memo<(String, String)>,
    counts: PlanCounts,
) -> impl IntoView {
    let take = |page: PlanRows| (page.rows, page.total);
    let paging = Paging::of::<PlanRowsPage>(
        move |offset, limit| filter.request(offset, limit),
        take,
        |page| page.total,
    );
    let Paging { rows, total, is_counted, problem, again } = paging;
    let rows = StoredValue::new(rows);
    move || {
        if let Some(problem) = problem.get() {
            return view! { <ProblemView problem on_retry=again/> }.into_any();
        }
        if !is_counted.get() {
            return view! { <SkeletonRows what="rows of the plan" rows=10/> }.into_any();
        }
        let foot = move || {
            let shown = grouped(total.get());
            let all = counted(counts.rows_read, "row", "rows");
            view! { <span>{format!("{shown} of {all} shown, in the order of writing")}</span> }
        };
        view! { <Rows rows=rows.get_value() filter orgs foot/> }.into_any()
    }
}

/// The table itself.
#[component]
fn Rows(
    rows: crate::components::table::Rows<PlanRow>,
    filter: Filter,
    orgs: Memo<(String, String)>,
    #[prop(into)] foot: ViewFn,
) -> impl IntoView {
    let expanded = RwSignal::new(None);
    let wide = is_wider_than(WIDE);
    let columns = Signal::derive(move || columns(wide.get()));
    let cell = move |row: &PlanRow, column: &str| cell(row, column, orgs);
    let empty = move || {
        view! {
            <Empty
                icon=Shape::Search
                title="No row of the plan matches"
                text="Other filters may let some through."
                actions=move || view! {
                    <Button kind=Kind::Default on_press=move || filter.clear()>"Clear filters"</Button>
                }
            />
        }
    };
    let detail = move |row: PlanRow| view! { <Fields operation=row.operation orgs/> }.into_any();
    view! {
        <div class="plan__rows col grow" data-test="plan-rows">
            <Table
                label="Rows of the plan"
                columns
                rows
                key=|row: &PlanRow| row.ordinal.to_string()
                cell
                expanded
                detail
                empty
                hide_foot=true
            />
            <footer class="table-foot" role="status">{foot.run()}</footer>
        </div>
    }
}

fn columns(wide: bool) -> Vec<Column> {
    let mut columns = vec![
        Column::new("operation", "Operation").width("132px"),
        Column::new("record", "Record").width("minmax(120px, 1.2fr)"),
        Column::new("to", "To").width("64px"),
        Column::new("why", "Why").width("minmax(120px, 1.6fr)"),
    ];
    if wide {
        columns.insert(1, Column::new("object", "Object").width("112px"));
        columns.insert(4, Column::new("changes", "Changes").width("88px"));
    }
    columns
}

fn cell(row: &PlanRow, column: &str, orgs: Memo<(String, String)>) -> AnyView {
    let operation = &row.operation;
    let text = |text: &str, class: &'static str| {
        let shown = shortened(text);
        view! { <span class=class dir="auto" title=shown>{shown.clone()}</span> }.into_any()
    };
    match column {
        "operation" => view! { <OutcomeBadge word=word_of(&operation.action)/> }.into_any(),
        "object" => text(&operation.target_object, "truncate muted"),
        "record" => text(&row.name, "truncate medium"),
        "changes" => view! { <span class="muted">{extent(&operation.action)}</span> }.into_any(),
        "why" => text(&operation.why, "truncate"),
        _ if extent(&operation.action) == "no write" => {
            view! { <span class="subtle">"none"</span> }.into_any()
        }
        _ => {
            let target = operation.target;
            let name = move || {
                orgs.with(
                    |(left, right)| if target == Side::Left { left.clone() } else { right.clone() },
                )
            };
            let shape = if target == Side::Left { Shape::ArrowLeft } else { Shape::ArrowRight };
            view! {
                <span class="row row--tight">
                    <Icon shape small=true/>
                    {move || view! { <OrgTile name=name() size=Size::Small labelled=true/> }}
                </span>
            }
            .into_any()
        }
    }
}
