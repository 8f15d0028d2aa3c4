//! What keys do in a table.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::components::clipboard::copy;
use crate::components::table::state::State;

/// Handles a key that was pressed while the table itself has the focus.
pub(super) fn on_key<T: Clone + Send + Sync + 'static>(event: &KeyboardEvent, state: State<T>) {
    let grid = state.grid.get_untracked();
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_own =
        matches!((&grid, &target), (Some(grid), Some(target)) if grid.is_same_node(Some(target)));
    let total = state.total().get_untracked();
    if !is_own || total == 0 {
        return;
    }
    let active = state.active.get_untracked();
    let page = state.window_untracked().page();
    match (event.key().as_str(), event.ctrl_key() || event.meta_key()) {
        ("c" | "C", true) => copy_row(state),
        ("ArrowDown", false) => state.go(active.map_or(0, |row| row + 1)),
        ("ArrowUp", false) => state.go(active.map_or(0, |row| row.saturating_sub(1))),
        ("PageDown", false) => state.go(active.unwrap_or(0) + page),
        ("PageUp", false) => state.go(active.unwrap_or(0).saturating_sub(page)),
        ("ArrowRight", false) => active.into_iter().for_each(|row| state.expand(row, true)),
        ("ArrowLeft", false) => active.into_iter().for_each(|row| state.expand(row, false)),
        ("Home", _) => state.go(0),
        ("End", _) => state.go(total - 1),
        (" ", false) => active.into_iter().for_each(|row| state.toggle(row)),
        ("Delete", false) => active.into_iter().for_each(|row| state.delete(row)),
        ("Enter", false) => active.into_iter().for_each(|row| state.open(row)),
        _ => return,
    }
    event.prevent_default();
}

/// Copies the texts of the active row's cells, with tabs between, as a spreadsheet takes them.
fn copy_row<T: Clone + Send + Sync + 'static>(state: State<T>) {
    let row = state.active.get_untracked().map(|row| state.row_id(row));
    let Some(row) = row.and_then(|id| document().get_element_by_id(&id)) else { return };
    let Ok(cells) = row.query_selector_all("[role=gridcell]") else { return };
    let texts: Vec<String> = (0..cells.length())
        .filter_map(|place| cells.get(place)?.text_content())
        .map(|text| text.trim().to_owned())
        .collect();
    let announcer = state.announcer;
    spawn_local(async move {
        if copy(texts.join("\t").trim_start_matches('\t')).await {
            announcer.say("Copied the row");
        } else {
            announcer.warn("The clipboard is not available");
        }
    });
}
