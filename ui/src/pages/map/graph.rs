//! The graph: two columns of fields and the lines between them.

mod column;
mod curve;
mod face;
pub(crate) mod keys;
mod lines;
mod pointer;
mod row;

use leptos::prelude::*;

use crate::pages::map::graph::column::ColumnView;
use crate::pages::map::graph::lines::Lines;
use crate::pages::map::graph::pointer::Pointing;
use crate::pages::map::stage::Stage;

/// The two columns and what is between them.
#[component]
pub(crate) fn Graph() -> impl IntoView {
    let stage = Stage::of_this_map();
    let pointing = Pointing::on(stage);
    view! {
        <div
            class="stage"
            data-test="map-graph"
            data-dragging=move || stage.carry.get().is_some().then_some("")
        >
            <ColumnView column=stage.left pointing/>
            <ColumnView column=stage.right pointing/>
            <Lines/>
        </div>
    }
}
