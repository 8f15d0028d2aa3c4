//! Tables and lists.

use std::collections::BTreeSet;

use isthmus_contract::problem::{Code, Problem};
use leptos::prelude::*;

use crate::components::badge::{OutcomeBadge, Tone};
use crate::components::code::{BeforeAfter, Code as CodeBlock};
use crate::components::copy_field::{CopyButton, CopyField};
use crate::components::empty::Empty;
use crate::components::icon::Shape;
use crate::components::table::{Column, Rows, Sort, Table};
use crate::components::time::{RelativeTime, Time};
use crate::components::timeline::{Timeline, TimelineItem};
use crate::components::wizard::{StepState, WizardStep, WizardSteps};
use crate::format::grouped;
use crate::pages::gallery::Part;

/// More rows than any screen shows, so that the window of the table has something to do.
const ROWS: u64 = 100_000;

/// The rows from here to the next hundred never come: the error row.
const BROKEN_FROM: u64 = 500;

/// What cells show, by the last digit of the row.
const WORDS: [&str; 5] = ["created", "updated", "unchanged", "held", "failed"];

/// Tables.
#[component]
pub(super) fn Tables() -> impl IntoView {
    let selected = RwSignal::new(BTreeSet::new());
    let expanded = RwSignal::new(None);
    let sort = RwSignal::new(None::<Sort>);
    let version =
        Signal::derive(move || sort.read().as_ref().map_or(0, |sort| 1 + sort.order as u64));
    let columns = vec![
        Column::new("row", "Row").width("96px").end().sortable(),
        Column::new("name", "Name").width("minmax(160px, 2fr)"),
        Column::new("outcome", "Outcome").width("128px"),
        Column::new("id", "Record id").width("minmax(180px, 1fr)").mono(),
    ];
    let short = vec![Column::new("name", "Name"), Column::new("row", "Row").end().width("80px")];
    let few = short.clone();
    let fetch = move |offset: u64, limit: u64| async move { page(offset, limit) };
    view! {
        <Part name="Table" wide=true>
            <div class="gallery__table">
                <Table
                    label="A hundred thousand rows"
                    columns
                    rows=Rows::paged(ROWS, version, fetch)
                    key=u64::to_string
                    cell
                    selected
                    sort
                    expanded
                    detail=|row: u64| view! { <p class="gallery__tab">"All fields of row " {grouped(row)}</p> }.into_any()
                />
            </div>
        </Part>
        <Part name="Short table">
            <div class="gallery__table gallery__table--short">
                <Table label="Rows at hand" columns=short rows=Rows::local(vec![1_u64, 2, 3]) key=u64::to_string cell/>
            </div>
        </Part>
        <Part name="Empty table">
            <div class="gallery__table gallery__table--short">
                <Table
                    label="No rows"
                    columns=few
                    rows=Rows::local(Vec::<u64>::new())
                    key=u64::to_string
                    cell
                    empty=|| view! { <Empty icon=Shape::Search title="No row matches" text="37 rows were searched by name and id."/> }
                />
            </div>
        </Part>
    }
}

/// Lists of other kinds.
#[component]
pub(super) fn Lists() -> impl IntoView {
    let steps = vec![
        WizardStep::new("Kind of org", "Sandbox", StepState::Done),
        WizardStep::new("Sign in", "The callback address is not registered", StepState::Failed),
        WizardStep::new("Check access", "", StepState::Now),
        WizardStep::new("Name it", "", StepState::Todo),
    ];
    let at = jiff::Timestamp::UNIX_EPOCH;
    view! {
        <Part name="Steps"><WizardSteps label="Connecting an org" steps/></Part>
        <Part name="Timeline">
            <Timeline label="What became of the record">
                <TimelineItem tone=Tone::Ok time=move || view! { <Time at/> }>"Created in both orgs"</TimelineItem>
                <TimelineItem tone=Tone::Accent icon=Shape::Edit time=move || view! { <RelativeTime at/> }>
                    "Phone " <BeforeAfter before="030 1234" after="030 9999"/>
                </TimelineItem>
                <TimelineItem tone=Tone::Warn>"Held: both sides changed"</TimelineItem>
                <TimelineItem tone=Tone::Err>"Refused by a validation rule"</TimelineItem>
            </Timeline>
        </Part>
        <Part name="Values">
            <CopyField label="Callback address" value="http://localhost:17171/callback"/>
            <div class="row"><CopyButton what="details" value="org_login_expired"/></div>
            <BeforeAfter after="Berlin"/>
            <CodeBlock label="Formula" text="IF(ISBLANK(Phone), \"\", TRIM(Phone))\n-- second line"/>
        </Part>
    }
}

fn page(offset: u64, limit: u64) -> Result<Vec<u64>, Problem> {
    if offset == BROKEN_FROM {
        return Err(Problem::new(
            Code::OrgUnreachable,
            "These rows could not be read",
            "Try again",
        ));
    }
    Ok((offset..(offset + limit).min(ROWS)).collect())
}

fn cell(row: &u64, column: &str) -> AnyView {
    match column {
        "row" => grouped(*row).into_any(),
        "name" => format!("Customer {row}").into_any(),
        "outcome" => {
            let place = usize::try_from(row % 5).unwrap_or(0);
            view! { <OutcomeBadge word=WORDS[place]/> }.into_any()
        }
        _ => format!("001{row:015}").into_any(),
    }
}
