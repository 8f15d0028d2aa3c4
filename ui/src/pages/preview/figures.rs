//! The plan's counts: each is a filter of the rows.

use isthmus_contract::plan::PlannedAction;
use isthmus_model::plan::PlanCounts;
use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::icon::{Icon, Shape};
use crate::format::grouped;
use crate::pages::preview::words::Tally;

/// All figures in a row.
#[component]
pub(super) fn Figures(
    /// What the plan counted.
    counts: PlanCounts,
    /// Rows that are only linked; among the unchanged of `counts`.
    linked: Memo<u64>,
    /// The filter chosen.
    chosen: RwSignal<Tally>,
) -> impl IntoView {
    use PlannedAction::{Create, Delete, Hold, Link, Unchanged, Update};
    let figure = move |tally, rows: Signal<u64>, word, shape, tone| {
        view! { <li><Figure tally rows word shape tone chosen/></li> }
    };
    let fixed = |rows: u64| Signal::stored(rows);
    let one = move |action, rows: Signal<u64>, word, shape, tone| {
        figure(Tally::Only(action), rows, word, shape, tone)
    };
    let unchanged = Signal::derive(move || counts.unchanged.saturating_sub(linked.get()));
    view! {
        <ul class="tallies" aria-label="Rows of the plan, as filters">
            {figure(Tally::All, fixed(counts.rows_read), "All rows", Shape::Records, Tone::Neutral)}
            {one(Create, fixed(counts.creates), "Create", Shape::Plus, Tone::Ok)}
            {one(Update, fixed(counts.updates), "Update", Shape::Edit, Tone::Neutral)}
            {(counts.deletes > 0).then(|| one(Delete, fixed(counts.deletes), "Delete", Shape::Trash, Tone::Err))}
            {move || (linked.get() > 0).then(|| one(Link, linked.into(), "Link only", Shape::Link, Tone::Neutral))}
            {one(Unchanged, unchanged, "Unchanged", Shape::Equals, Tone::Neutral)}
            {one(Hold, fixed(counts.held), "Held", Shape::Pause, Tone::Warn)}
        </ul>
    }
}

/// A count that narrows the table to what it counts.
#[component]
fn Figure(
    tally: Tally,
    rows: Signal<u64>,
    word: &'static str,
    shape: Shape,
    tone: Tone,
    chosen: RwSignal<Tally>,
) -> impl IntoView {
    // A colour only where there is something to see.
    let class = move || {
        let tone = if rows.get() > 0 && tone != Tone::Neutral { tone.word() } else { "" };
        format!("tally__label {tone}")
    };
    view! {
        <button
            class="tally"
            type="button"
            aria-pressed=move || (chosen.get() == tally).to_string()
            data-test=format!("tally-{}", word.to_lowercase().replace(' ', "-"))
            on:click=move |_| chosen.set(tally)
        >
            <span class="tally__value">{move || grouped(rows.get())}</span>
            <span class=class><Icon shape small=true/>{word}</span>
        </button>
    }
}
