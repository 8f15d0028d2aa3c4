//! The head of a table: the names of columns, and what sorts by them.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::components::icon::{Icon, Shape};
use crate::components::table::column::{Column, Order, Sort};
use crate::components::table::state::State;

/// The head; it stays in view.
#[component]
pub(super) fn Head<T: Clone + Send + Sync + 'static>(
    columns: Signal<Vec<Column>>,
    sort: Option<RwSignal<Option<Sort>>>,
    selected: Option<RwSignal<BTreeSet<String>>>,
    state: State<T>,
) -> impl IntoView {
    let first = if selected.is_some() { 2 } else { 1 };
    view! {
        <div class="grid-table__head" role="row" aria-rowindex="1" style:grid-template-columns=move || state.tracks() style:min-width=move || state.least_width()>
            {selected.map(|_| view! {
                <span class="grid-table__cell" role="columnheader" aria-colindex="1">
                    <span class="sr-only">"Selected"</span>
                </span>
            })}
            {move || columns.get().into_iter().zip(first..).map(|(column, place)| head_cell(column, place, sort)).collect_view()}
        </div>
    }
}

fn head_cell(column: Column, place: i32, sort: Option<RwSignal<Option<Sort>>>) -> AnyView {
    let class = column.head_class();
    let Some(sort) = sort.filter(|_| column.sortable) else {
        return view! {
            <span class=class role="columnheader" aria-colindex=place.to_string() title=column.title.clone()>
                {column.title.clone()}
            </span>
        }
        .into_any();
    };
    let id = StoredValue::new(column.id);
    let order = move || {
        sort.read()
            .as_ref()
            .filter(|sort| id.with_value(|id| *id == sort.column))
            .map(|sort| sort.order)
    };
    let heard = move || match order() {
        Some(Order::Up) => "ascending",
        Some(Order::Down) => "descending",
        None => "none",
    };
    let mark = move || {
        order().map(|order| {
            let shape = if order == Order::Up { Shape::ChevronUp } else { Shape::ChevronDown };
            view! { <Icon shape small=true/> }
        })
    };
    let press = move |_| {
        sort.update(|sort| *sort = id.with_value(|id| Sort::after_press(sort.as_ref(), id)));
    };
    view! {
        <span class=class role="columnheader" aria-colindex=place.to_string() aria-sort=heard>
            <button class="grid-table__sort" type="button" on:click=press>{column.title}{mark}</button>
        </span>
    }
    .into_any()
}
