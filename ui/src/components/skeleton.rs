//! The place of something that is on its way, in the rhythm of what will replace it.

use leptos::prelude::*;

/// Widths in percent that differ from line to line, so that it looks like text.
const WIDTHS: [u32; 6] = [72, 48, 64, 80, 56, 36];

/// Lines of text.
#[component]
pub(crate) fn SkeletonLines(
    /// What is on its way, as `runs`: heard as `Loading runs`.
    #[prop(into)]
    what: String,
    /// How many lines.
    #[prop(default = 3)]
    lines: usize,
) -> impl IntoView {
    view! {
        <div class="skeleton-lines" aria-busy="true">
            <span class="sr-only" role="status">{format!("Loading {what}")}</span>
            {(0..lines).map(bar).collect_view()}
        </div>
    }
}

/// Rows of a table.
#[component]
pub(crate) fn SkeletonRows(
    /// What is on its way, as `runs`: heard as `Loading runs`.
    #[prop(into)]
    what: String,
    /// How many rows.
    #[prop(default = 6)]
    rows: usize,
) -> impl IntoView {
    let row = |row: usize| {
        view! {
            <div class="skeleton-row" aria-hidden="true">
                <span class="skeleton"></span>
                {(0..3).map(|column| bar(row + 2 * column)).collect_view()}
            </div>
        }
    };
    view! {
        <div aria-busy="true">
            <span class="sr-only" role="status">{format!("Loading {what}")}</span>
            {(0..rows).map(row).collect_view()}
        </div>
    }
}

/// A single bar within other content, as a number that is on its way.
#[component]
pub(crate) fn Skeleton() -> impl IntoView {
    view! { <span class="skeleton skeleton--word" aria-hidden="true"></span> }
}

fn bar(place: usize) -> impl IntoView {
    let width = WIDTHS[place % WIDTHS.len()];
    view! { <span class="skeleton" aria-hidden="true" style:width=format!("{width}%")></span> }
}
