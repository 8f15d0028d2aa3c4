//! The mapping as a table, one link per row.

mod add;
mod cells;
mod rows;

use isthmus_model::ids::Side;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::components::button::{Button, Kind};
use crate::components::empty::Empty;
use crate::components::icon::Shape;
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonRows;
use crate::components::table::{Column, Rows, Sort, Table};
use crate::pages::map::graph::keys::focus_by_id;
use crate::pages::map::grid::add::AddLink;
use crate::pages::map::grid::cells::cell;
use crate::pages::map::grid::rows::{Facts, Row};
use crate::pages::map::stage::Stage;
use crate::pages::map::state::Described;

/// The table.
#[component]
pub(crate) fn Grid() -> impl IntoView {
    let stage = Stage::of_this_map();
    let sort = RwSignal::new(None::<Sort>);
    let node = NodeRef::<html::Div>::new();
    let rows = Memo::new(move |_| rows(stage, sort.get().as_ref()));
    let missing = Memo::new(move |_| {
        [Side::Left, Side::Right].into_iter().find_map(|side| match stage.map.described(side) {
            Described::Ready(_) => None,
            other => Some((side, other)),
        })
    });
    view! {
        <div class="map-grid" data-test="grid" node_ref=node on:keydown=move |event| opened_by_key(stage, &event)>
            {move || match missing.get() {
                None => view! { <AddLink/><Links rows sort node/> }.into_any(),
                Some((_, Described::Loading)) => view! { <SkeletonRows what="the fields of both orgs" rows=12/> }.into_any(),
                Some((side, Described::Failed(problem))) => view! {
                    <div class="page__body">
                        <ProblemView problem on_retry=move || again(stage, side)/>
                    </div>
                }
                .into_any(),
                Some((_, Described::Ready(_))) => ().into_any(),
            }}
        </div>
    }
}

fn again(stage: Stage, side: Side) {
    match side {
        Side::Left => stage.map.left.again(),
        Side::Right => stage.map.right.again(),
    }
}

fn rows(stage: Stage, sort: Option<&Sort>) -> Vec<Row> {
    let Some(mapping) = stage.map.mapping.get() else { return Vec::new() };
    let problems = stage.marks.read().problems();
    let facts = Facts {
        mapping: &mapping,
        left: &stage.left.fields.read(),
        right: &stage.right.fields.read(),
        required: &stage.required.read(),
        problems: &problems,
        search: &stage.map.search.read(),
        only: stage.map.only.get(),
        sort,
    };
    facts.rows()
}

/// The rows.
#[component]
fn Links(
    rows: Memo<Vec<Row>>,
    sort: RwSignal<Option<Sort>>,
    node: NodeRef<html::Div>,
) -> impl IntoView {
    let stage = Stage::of_this_map();
    let columns = vec![
        Column::new("left", "Left field").width("minmax(160px, 4fr)").sortable(),
        Column::new("right", "Right field").width("minmax(180px, 4fr)").sortable(),
        Column::new("blanks", "Blank on the left").width("148px"),
        Column::new("fit", "Fit").width("minmax(184px, 5fr)").sortable(),
        Column::new("remove", "Remove").width("80px"),
    ];
    let keep_focus = Callback::new(move |()| focus_table(node));
    let open = move |row: Row| match row {
        Row::Required(right) => focus_select(&right),
        Row::Linked(link, ..) => stage.map.link.set(Some(link)),
    };
    let delete = move |row: Row| match row {
        Row::Required(right) => stage.announcer.say(format!("{right} has no link yet")),
        Row::Linked(link, ..) => stage.remove(link),
    };
    view! {
        <Table
            label="Links of this object mapping"
            noun=("row", "rows")
            columns
            rows=Rows::local(rows)
            key=Row::key
            cell=move |row, column| cell(stage, row, column, keep_focus)
            on_open=open
            on_delete=delete
            sort
            empty=move || view! { <Nothing/> }
            foot=|| view! {
                <span class="push wide-only">"Enter opens a link, Delete removes it, Tab goes to the controls of the rows"</span>
            }
        />
    }
}

/// Why there is no row.
#[component]
fn Nothing() -> impl IntoView {
    let map = Stage::of_this_map().map;
    let is_narrowed = move || !map.search.read().trim().is_empty() || map.only.get().is_some();
    let show_all = move || {
        map.search.set(String::new());
        map.only.set(None);
    };
    move || {
        if is_narrowed() {
            view! {
                <Empty
                    icon=Shape::Search
                    title="No row matches"
                    actions=move || view! { <Button kind=Kind::Primary on_press=show_all>"Show all rows"</Button> }
                />
            }
            .into_any()
        } else {
            view! {
                <Empty icon=Shape::Link title="No field is linked yet" text="Choose a left and a right field above, or take suggestions in the graph."/>
            }
            .into_any()
        }
    }
}

/// Enter on a row of the table: the table has shown the link, the keyboard goes to where it is explained.
fn opened_by_key(stage: Stage, event: &KeyboardEvent) {
    let on_table = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|target| target.class_list().contains(TABLE_CLASS));
    if event.key() == "Enter" && on_table && stage.map.link.get_untracked().is_some() {
        focus_by_id("map-inspector");
    }
}

/// The class of the element of a table that has the focus.
const TABLE_CLASS: &str = "grid-table__scroll";

/// The control in the row of a required field.
fn fill_id(right: &str) -> String {
    format!("fill-{right}")
}

fn focus_select(right: &str) {
    focus(document().get_element_by_id(&fill_id(right)));
}

/// A row is gone with the control that had the focus; the table has it now.
fn focus_table(node: NodeRef<html::Div>) {
    request_animation_frame(move || {
        let Some(Some(grid)) = node.try_get_untracked() else { return };
        focus(grid.query_selector(&format!(".{TABLE_CLASS}")).ok().flatten());
    });
}

fn focus(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        drop(element.focus());
    }
}
