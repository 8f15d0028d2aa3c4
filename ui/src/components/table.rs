//! The table of every list, up to hundreds of thousands of rows: only the rows in view are in the document, and only the pages
//! around them in memory.

mod body;
mod cache;
mod column;
mod head;
mod keys;
mod rows;
mod state;
mod window;

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::components::ids::unique_id;
use crate::components::table::body::Body;
use crate::components::table::head::Head;
use crate::components::table::keys::on_key;
use crate::components::table::state::{Look, State};
use crate::format::{counted, grouped};

pub(crate) use crate::components::table::column::{Column, Order, Sort};
pub(crate) use crate::components::table::rows::Rows;

/// A table with one tab stop: arrows, Page Up and Down, Home and End move the active row, Space selects it, Enter opens it,
/// Ctrl C copies its cells. Where rows open in place, right opens and left closes.
///
/// It fills the height that is around it, and scrolls within.
#[component]
pub(crate) fn Table<T, KeyFn, CellFn>(
    /// What it lists; heard when the table gets the focus.
    #[prop(into)]
    label: Signal<String>,
    /// The columns, in order.
    #[prop(into)]
    columns: Signal<Vec<Column>>,
    /// Where rows come from.
    rows: Rows<T>,
    /// What tells one row from all others.
    key: KeyFn,
    /// What stands in the cell of a row under the column with this id.
    cell: CellFn,
    /// Keys of the rows selected; a column of boxes shows where it is given.
    #[prop(optional)]
    selected: Option<RwSignal<BTreeSet<String>>>,
    /// What Enter, or a press on a row, does.
    #[prop(optional, into)]
    on_open: Option<Callback<T>>,
    /// What Delete does with the active row.
    #[prop(optional, into)]
    on_delete: Option<Callback<T>>,
    /// How rows are sorted; the page fetches or sorts accordingly.
    #[prop(optional)]
    sort: Option<RwSignal<Option<Sort>>>,
    /// The key of the row that is open field by field. Enter and a press open and close it.
    #[prop(optional)]
    expanded: Option<RwSignal<Option<String>>>,
    /// What stands below the open row.
    #[prop(optional, into)]
    detail: Option<Callback<T, AnyView>>,
    /// What stands where there is no row.
    #[prop(optional, into)]
    empty: ViewFn,
    /// One and many of what is counted, as `("row", "rows")`.
    #[prop(default = ("row", "rows"))]
    noun: (&'static str, &'static str),
    /// More at the end of the foot, as totals or hints.
    #[prop(optional, into)]
    foot: ViewFn,
    /// Shows no foot: for short lists in panels.
    #[prop(optional)]
    hide_foot: bool,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    KeyFn: Fn(&T) -> String + Send + Sync + 'static,
    CellFn: Fn(&T, &str) -> AnyView + Send + Sync + 'static,
{
    let look = Look { key: Box::new(key), cell: Box::new(cell), on_open, on_delete, detail };
    let state = State::new(unique_id("table"), rows, columns, look, selected, expanded);
    let total = state.total();
    let grid = state.grid;
    // Rows that open are a matter of trees to those who hear them.
    let role = if expanded.is_some() { "treegrid" } else { "grid" };
    let is_empty = Memo::new(move |_| total.get() == 0 && !state.is_loading());
    let column_count = move || (columns.read().len() + usize::from(selected.is_some())).to_string();
    view! {
        <div class="grid-table" class:grid-table--empty=move || is_empty.get()>
            <div
                class="grid-table__scroll scroll"
                node_ref=grid
                role=role
                tabindex="0"
                aria-label=move || label.get()
                aria-rowcount=move || (total.get() + 1).to_string()
                aria-colcount=column_count
                aria-multiselectable=selected.map(|_| "true")
                aria-activedescendant=move || state.active_id()
                aria-busy=move || state.is_loading().to_string()
                on:scroll=move |_| state.measure()
                on:keydown=move |event| on_key(&event, state)
            >
                <Head columns sort selected state/>
                <Body state/>
            </div>
            {move || is_empty.get().then(|| empty.run())}
            {(!hide_foot).then(|| view! {
                <div class="table-foot" role="status">
                    <span>{move || counted(total.get(), noun.0, noun.1)}</span>
                    {move || selected.map(|selected| selected.read().len()).filter(|count| *count > 0).map(|count| {
                        view! { <span class="medium">{grouped(count as u64)} " selected"</span> }
                    })}
                    {foot.run()}
                </div>
            })}
        </div>
    }
}
