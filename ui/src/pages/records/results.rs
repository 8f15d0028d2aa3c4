//! What was found: the table, and what stands there instead.

use isthmus_contract::problem::Problem;
use isthmus_contract::record::{RecordRow, RecordsView};
use jiff::Timestamp;
use leptos::prelude::*;

use crate::components::button::{Button, ButtonLink, Kind, Size};
use crate::components::empty::Empty;
use crate::components::icon::Shape;
use crate::components::org_tile::OrgTile;
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonRows;
use crate::components::table::{Column, Rows, Table};
use crate::components::time::Time;
use crate::format::grouped;
use crate::pages::orgs::words::capped;
use crate::pages::records::search::Search;
use crate::pages::records::sync_now::MOST_SELECTED;
use crate::route::Route;

/// The results.
#[component]
pub(super) fn Results(
    /// The search.
    search: Search,
) -> impl IntoView {
    let shown = Memo::new(move |_| Shown::of(search));
    move || match shown.get() {
        Shown::Loading => view! { <SkeletonRows what="records" rows=12/> }.into_any(),
        Shown::NoOrg => view! { <NoOrg/> }.into_any(),
        Shown::Failed(problem) => {
            view! { <ProblemView problem on_retry=move || retry(search)/> }.into_any()
        }
        Shown::Found(view) => view! { <Found search view/> }.into_any(),
    }
}

/// What stands there.
#[derive(Debug, Clone, PartialEq)]
enum Shown {
    Loading,
    NoOrg,
    Failed(Problem),
    Found(RecordsView),
}

impl Shown {
    fn of(search: Search) -> Self {
        if let Some(Err(problem)) = search.orgs.answer.get() {
            return Self::Failed(problem);
        }
        if search.orgs.answer.get().is_some() && search.connected().is_empty() {
            return Self::NoOrg;
        }
        if let Some(Err(problem)) = search.objects.answer.get() {
            return Self::Failed(problem);
        }
        match search.found.answer.get() {
            None => Self::Loading,
            Some(Err(problem)) => Self::Failed(problem),
            Some(Ok(view)) => Self::Found(view),
        }
    }
}

/// Asks again for what did not come.
fn retry(search: Search) {
    if matches!(search.orgs.answer.get_untracked(), Some(Err(_))) {
        search.orgs.again();
    } else if matches!(search.objects.answer.get_untracked(), Some(Err(_))) {
        search.objects.again();
    } else {
        search.start();
    }
}

#[component]
fn NoOrg() -> impl IntoView {
    let actions = || {
        view! { <ButtonLink href=Route::Connect(None).href() icon=Shape::Plus>"Connect an org"</ButtonLink> }
    };
    view! {
        <Empty
            icon=Shape::Records
            title="No org is connected"
            text="Records stay in their orgs; connect one to search it."
            actions
        />
    }
}

#[component]
fn Found(search: Search, view: RecordsView) -> impl IntoView {
    let RecordsView { label, columns, rows, total } = view;
    let has_stamps = rows.iter().any(|row| row.changed_at.is_some());
    let heads = heads(&label, &columns, has_stamps);
    let is_cut = total > rows.len() as u64;
    let shown = rows.len() as u64;
    let keys: Vec<String> = rows.iter().take(MOST_SELECTED).map(|row| row.id.clone()).collect();
    let rows = Rows::local(Signal::stored(rows));
    let empty = move || view! { <NothingMatches search/> };
    let foot = move || {
        let keys = keys.clone();
        view! {
            {is_cut.then(|| view! {
                <span class="warn" data-test="records-cut">
                    {format!("the first {} of {}; narrow the search for the rest", grouped(shown), grouped(total))}
                </span>
            })}
            <Selecting search keys/>
        }
    };
    view! {
        <Table
            label=format!("{} records", capped(&label))
            columns=heads
            rows
            key=|row: &RecordRow| row.id.clone()
            cell
            selected=search.selected
            noun=("record", "records")
            empty
            foot
        />
    }
}

fn heads(
    label: &str,
    columns: &[isthmus_contract::record::RecordColumn],
    has_stamps: bool,
) -> Vec<Column> {
    let mut heads =
        vec![Column::new("name", format!("{} name", capped(label))).width("minmax(160px, 2fr)")];
    for (place, column) in columns.iter().enumerate() {
        heads
            .push(Column::new(place.to_string(), capped(&column.label)).width("minmax(96px, 1fr)"));
    }
    heads.push(Column::new("linked", "Linked to").width("104px"));
    if has_stamps {
        heads.push(Column::new("changed", "Last change").width("116px"));
    }
    heads
}

fn cell(row: &RecordRow, column: &str) -> AnyView {
    match column {
        "name" => view! {
            <span class="medium truncate" dir="auto" title=capped(&row.name) data-record=row.id.clone()>
                {capped(&row.name)}
            </span>
        }
        .into_any(),
        "linked" => linked(&row.linked),
        "changed" => changed(row.changed_at.as_deref()),
        place => {
            let text = place.parse().ok().and_then(|place: usize| row.cells.get(place)).cloned();
            let text = text.unwrap_or_default();
            view! { <span class="truncate" dir="auto" title=capped(&text)>{capped(&text)}</span> }.into_any()
        }
    }
}

fn linked(orgs: &[String]) -> AnyView {
    if orgs.is_empty() {
        return view! { <span class="subtle small">"none"</span> }.into_any();
    }
    let tile =
        |name: &String| view! { <OrgTile name=capped(name) size=Size::Small labelled=true/> };
    view! { <span class="row row--tight">{orgs.iter().map(tile).collect_view()}</span> }.into_any()
}

/// A stamp that cannot be read is shown as it came.
fn changed(stamp: Option<&str>) -> AnyView {
    match stamp.map(|stamp| (stamp, stamp.parse::<Timestamp>())) {
        None => ().into_any(),
        Some((_, Ok(at))) => view! { <span class="muted"><Time at/></span> }.into_any(),
        Some((stamp, Err(_))) => {
            view! { <span class="muted truncate">{stamp.to_owned()}</span> }.into_any()
        }
    }
}

#[component]
fn NothingMatches(search: Search) -> impl IntoView {
    let clear = move || {
        search.text.set(String::new());
        search.by.set(super::search::BY_NAME.to_owned());
        search.start();
    };
    let actions = move || {
        view! { <Button on_press=clear attr:data-test="records-clear">"Show the newest"</Button> }
    };
    view! {
        <Empty
            icon=Shape::Search
            title="Nothing matches"
            text="No record of this object fits, or the connected user may not see it."
            actions
        />
    }
}

/// Selects the first rows at once, or none.
#[component]
fn Selecting(search: Search, keys: Vec<String>) -> impl IntoView {
    let count = keys.len();
    let words = if count == MOST_SELECTED {
        format!("Select the first {count}")
    } else {
        "Select all".to_owned()
    };
    let all = move || search.selected.set(keys.iter().cloned().collect());
    let none = move || search.selected.set(std::collections::BTreeSet::new());
    let is_some = move || !search.selected.read().is_empty();
    view! {
        <span class="push row row--tight">
            {(count > 0).then(|| view! {
                <Button kind=Kind::Ghost size=Size::Small on_press=all attr:data-test="records-select-all">{words}</Button>
            })}
            {move || is_some().then(|| view! {
                <Button kind=Kind::Ghost size=Size::Small on_press=none attr:data-test="records-select-none">"Select none"</Button>
            })}
        </span>
    }
}
