//! The rows of a table that are in view.

use isthmus_contract::problem::Problem;
use leptos::ev::MouseEvent;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::components::button::{Button, Size};
use crate::components::icon::{Icon, Shape};
use crate::components::observe::on_resize;
use crate::components::table::cache::Known;
use crate::components::table::state::State;

/// What within a row takes a press for itself.
const OWN_PRESS: &str = "a, button, input, select, label, summary";

/// The element as high as all rows, with those in view.
#[component]
pub(super) fn Body<T: Clone + Send + Sync + 'static>(state: State<T>) -> impl IntoView {
    let window = Memo::new(move |_| state.window());
    let drawn = Memo::new(move |_| window.read().drawn());
    view! {
        <div
            class="grid-table__body"
            role="rowgroup"
            style:height=move || format!("{}px", window.read().height())
            style:min-width=move || state.least_width()
        >
            <div
                class="grid-table__rows"
                role="presentation"
                style:transform=move || format!("translateY({}px)", window.read().offset())
            >
                <For each=move || drawn.get() key=|row| *row let:row>
                    {row_view(row, state)}
                </For>
            </div>
        </div>
    }
}

/// Draws a row, and draws it anew only when its own page arrived.
fn row_view<T: Clone + Send + Sync + 'static>(row: u64, state: State<T>) -> impl IntoView {
    let stamp = Memo::new(move |_| state.stamp(row));
    move || {
        // Read and not only tracked: a memo that nobody reads does not tell of its next change.
        let _ = stamp.get();
        match untrack(|| state.row(row)) {
            Known::Ready(value) => ready(row, value, state),
            Known::Loading => waiting(row, state),
            Known::Failed(problem) => failed(row, problem, state),
        }
    }
}

fn ready<T: Clone + Send + Sync + 'static>(row: u64, value: T, state: State<T>) -> AnyView {
    let key = StoredValue::new(state.key(&value));
    let is_active = move || state.active.get() == Some(row);
    let is_selected =
        move || state.selected.map(|selected| key.with_value(|key| selected.read().contains(key)));
    let is_open = Memo::new(move |_| {
        state.expanded.map(|open| key.with_value(|key| open.read().as_ref() == Some(key)))
    });
    let shown = StoredValue::new(value);
    let first = if state.selected.is_some() { 2 } else { 1 };
    let cells = move || {
        let columns = state.columns.get().into_iter().zip(first..);
        columns.map(|(column, place)| {
            let cell = state.look.with_value(|look| shown.with_value(|row| (look.cell)(row, &column.id)));
            view! {
                <div class=column.class("grid-table__cell") role="gridcell" aria-colindex=place.to_string()>{cell}</div>
            }
        })
        .collect_view()
    };
    view! {
        <div
            class="grid-table__row"
            class:grid-table__row--opens=state.opens()
            role="row"
            id=state.row_id(row)
            aria-rowindex=(row + 2).to_string()
            aria-selected=move || is_selected().map(|on| on.to_string())
            aria-expanded=move || is_open.get().map(|on| on.to_string())
            data-active=move || is_active().then_some("")
            style:grid-template-columns=move || state.tracks()
            on:click=move |event| press(&event, row, state)
        >
            {state.selected.map(|_| view! {
                <div class="grid-table__cell" role="gridcell" aria-colindex="1">
                    <input
                        class="check"
                        type="checkbox"
                        tabindex="-1"
                        aria-label="Select this row"
                        prop:checked=move || is_selected().unwrap_or(false)
                        on:change=move |_| state.toggle(row)
                    />
                </div>
            })}
            {cells}
        </div>
        {move || is_open.get().unwrap_or(false).then(|| detail(shown.get_value(), state))}
    }
    .into_any()
}

/// What stands below the open row; its height moves the rows below it.
fn detail<T: Clone + Send + Sync + 'static>(value: T, state: State<T>) -> Option<AnyView> {
    let detail = state.look.with_value(|look| look.detail)?;
    let node = NodeRef::<Div>::new();
    node.on_load(move |element| {
        let measured = element.clone();
        on_resize(&element, move || {
            state.detail_height.try_set(f64::from(measured.offset_height()));
        });
    });
    let view = view! {
        <div class="grid-table__detail" role="row" node_ref=node>
            <div role="gridcell" class="grid-table__detail-cell">{detail.run(value)}</div>
        </div>
    };
    Some(view.into_any())
}

fn waiting<T: Clone + Send + Sync + 'static>(row: u64, state: State<T>) -> AnyView {
    let count = state.columns.read_untracked().len() + usize::from(state.selected.is_some());
    view! {
        <div
            class="grid-table__row"
            role="row"
            id=state.row_id(row)
            aria-rowindex=(row + 2).to_string()
            aria-busy="true"
            data-active=move || (state.active.get() == Some(row)).then_some("")
            style:grid-template-columns=move || state.tracks()
        >
            {(0..count).map(|_| view! {
                <div class="grid-table__cell" role="gridcell"><span class="skeleton" aria-hidden="true"></span></div>
            }).collect_view()}
        </div>
    }
    .into_any()
}

fn failed<T: Clone + Send + Sync + 'static>(
    row: u64,
    problem: Problem,
    state: State<T>,
) -> AnyView {
    view! {
        <div
            class="grid-table__row grid-table__row--failed"
            role="row"
            id=state.row_id(row)
            aria-rowindex=(row + 2).to_string()
            data-active=move || (state.active.get() == Some(row)).then_some("")
        >
            <div class="grid-table__cell row" role="gridcell" title=problem.hint>
                <Icon shape=Shape::Fault small=true/>
                <span class="truncate">{problem.text}</span>
                <Button size=Size::Small on_press=move || state.retry()>"Try again"</Button>
            </div>
        </div>
    }
    .into_any()
}

/// A press makes the row active and opens it, unless it was meant for something within the row.
fn press<T: Clone + Send + Sync + 'static>(event: &MouseEvent, row: u64, state: State<T>) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let own = target.is_some_and(|target| target.closest(OWN_PRESS).ok().flatten().is_some());
    state.active.set(Some(row));
    let is_selecting =
        window().get_selection().ok().flatten().is_some_and(|text| !text.is_collapsed());
    if own || is_selecting {
        return;
    }
    if let Some(grid) = state.grid.get_untracked() {
        let grid: &HtmlElement = grid.as_ref();
        drop(grid.focus());
    }
    state.open(row);
}
