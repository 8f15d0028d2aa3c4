//! Rows written and failed, day by day: bars, and the same figures as a table.
//!
//! The bars are drawn here rather than by a chart library: they need two scales over one axis, the content security
//! policy refuses the inline styles that such libraries set, and sixty rectangles need no code that all pages would load.

mod plot;

use isthmus_contract::overview::DayRows;
use jiff::civil::Date;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::components::button::{Button, Kind, Size};
use crate::format::{counted, grouped};
use crate::pages::overview::chart::plot::{HEIGHT, LEFT, Plot, WIDTH, px};

/// The panel.
#[component]
pub(super) fn RowsChart(days: Memo<Vec<DayRows>>) -> impl IntoView {
    let as_table = RwSignal::new(false);
    let written = move || grouped(days.read().iter().map(|day| day.written).sum());
    let failed = move || grouped(days.read().iter().map(|day| day.failed).sum());
    view! {
        <section class="panel overview__chart" aria-labelledby="rows" data-test="rows-chart">
            <header class="panel__head">
                <h2 id="rows" class="truncate">"Rows, last 30 days"</h2>
                <div class="legend push">
                    <span><i class="legend__written"></i>"Written " {written}</span>
                    <span><i class="legend__failed"></i>"Failed " {failed}</span>
                </div>
                <Button
                    kind=Kind::Ghost
                    size=Size::Small
                    pressed=as_table
                    on_press=move || as_table.update(|table| *table = !*table)
                    attr:data-test="rows-as-table"
                >
                    "Table"
                </Button>
            </header>
            {move || match as_table.get() {
                true => view! { <AsTable days/> }.into_any(),
                false => view! { <Bars days/> }.into_any(),
            }}
        </section>
    }
}

/// The bars; pointing at a day or moving to it by arrows reads its figures.
#[component]
fn Bars(days: Memo<Vec<DayRows>>) -> impl IntoView {
    let at = RwSignal::new(None::<usize>);
    let readout = move || {
        let days = days.read();
        at.get().and_then(|at| days.get(at).map(words)).unwrap_or_else(|| overall(&days))
    };
    view! {
        <div
            class="overview__plot"
            role="group"
            tabindex="0"
            aria-label="Rows written and failed per day; arrow keys read day by day"
            on:keydown=move |event| on_key(&event, days.read_untracked().len(), at)
            on:mouseleave=move |_| at.set(None)
            on:blur=move |_| at.set(None)
        >
            {move || view! { <Drawing plot=Plot::of(&days.read()) at/> }}
            <p class="overview__readout small muted" role="status">{readout}</p>
        </div>
    }
}

#[component]
fn Drawing(plot: Plot, at: RwSignal<Option<usize>>) -> impl IntoView {
    let right = WIDTH.to_string();
    let grid = plot.lines.iter().map(|line| {
        let y = px(line.y);
        let class = if line.value == 0 { "axis" } else { "grid" };
        view! {
            <line class=class x1=LEFT.to_string() x2=right.clone() y1=y.clone() y2=y></line>
            <text x=(LEFT - 6).to_string() y=px(line.y + 40) text-anchor="end">{line.label.clone()}</text>
        }
    });
    let grid = grid.collect_view();
    let labels = plot.labels.iter().map(|label| {
        view! { <text x=px(label.x) y=(HEIGHT - 4).to_string() text-anchor=label.anchor>{label.text.clone()}</text> }
    });
    let labels = labels.collect_view();
    let failed_label = px(plot.failed_top + 90);
    let bars = plot.bars.into_iter().enumerate().map(|(place, bar)| {
        let is_read = move || at.get() == Some(place);
        let (x, width, slot) = (px(bar.x), px(bar.width), px(bar.slot));
        view! {
            <g class="day" class:day--read=is_read on:mouseenter=move |_| at.set(Some(place))>
                <rect class="day__slot" x=px(bar.x - (bar.slot - bar.width) / 2) y="0" width=slot height=(HEIGHT - 16).to_string()></rect>
                <rect class="bar" x=x.clone() y=px(bar.written_y) width=width.clone() height=px(bar.written) rx="1.5"></rect>
                <rect class="bar bar--err" x=x y=px(plot.failed_top) width=width height=px(bar.failed) rx="1"></rect>
            </g>
        }
    });
    let bars = bars.collect_view();
    view! {
        <svg class="chart" viewBox=format!("0 0 {WIDTH} {HEIGHT}") aria-hidden="true">
            {grid}
            <text x=(LEFT - 6).to_string() y=failed_label text-anchor="end">"failed"</text>
            {bars}
            {labels}
        </svg>
    }
}

/// The same figures, newest first.
#[component]
fn AsTable(days: Memo<Vec<DayRows>>) -> impl IntoView {
    let row = |day: &DayRows| {
        view! {
            <tr>
                <td>{day_words(day.day)}</td>
                <td class="num">{grouped(day.written)}</td>
                <td class="num">{grouped(day.failed)}</td>
            </tr>
        }
    };
    view! {
        <div class="overview__days scroll" tabindex="0" role="region" aria-label="Table of rows by day">
            <table class="table table--flush">
                <thead><tr><th scope="col">"Day"</th><th scope="col" class="num">"Written"</th><th scope="col" class="num">"Failed"</th></tr></thead>
                <tbody>{move || days.read().iter().rev().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn on_key(event: &KeyboardEvent, count: usize, at: RwSignal<Option<usize>>) {
    let last = count.saturating_sub(1);
    let next = match (event.key().as_str(), at.get_untracked()) {
        ("ArrowLeft", Some(place)) => place.saturating_sub(1),
        ("ArrowRight", Some(place)) => (place + 1).min(last),
        ("ArrowLeft" | "End", _) => last,
        ("ArrowRight" | "Home", _) => 0,
        _ => return,
    };
    event.prevent_default();
    at.set(Some(next).filter(|_| count > 0));
}

fn words(day: &DayRows) -> String {
    let written = counted(day.written, "row", "rows");
    format!("{}: {written} written, {} failed", day_words(day.day), grouped(day.failed))
}

/// What stands there while no day is read: the one that failed most, which is what the eye looks for.
fn overall(days: &[DayRows]) -> String {
    match days.iter().max_by_key(|day| day.failed).filter(|day| day.failed > 0) {
        Some(worst) => {
            format!("Most failures: {} on {}", grouped(worst.failed), day_words(worst.day))
        }
        None => "No row failed".to_owned(),
    }
}

fn day_words(day: Date) -> String {
    day.strftime("%-d %b").to_string()
}
