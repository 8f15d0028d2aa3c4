//! The list of all keys, in a dialog.

use leptos::prelude::*;

use crate::app::places;
use crate::components::dialog::{Dialog, Width};
use crate::components::kbd::Kbd;
use crate::state::frame::Frame;

/// A group of keys: where they work, and what each does.
type Group = (&'static str, &'static [(&'static str, &'static str)]);

const EVERYWHERE: Group = (
    "On every page",
    &[("Ctrl K", "Search and commands"), ("?", "This list"), ("Esc", "Close what is on top")],
);

const ELSEWHERE: [Group; 4] = [
    (
        "In tables",
        &[
            ("↑ ↓", "Move from row to row"),
            ("PgUp PgDn", "Move by a screen"),
            ("Home End", "First or last row"),
            ("Enter", "Open the row"),
            ("Space", "Select the row"),
            ("Ctrl C", "Copy the row's cells"),
        ],
    ),
    (
        "On a map",
        &[
            ("↑ ↓", "Move in a column"),
            ("Tab", "Change the column"),
            ("Space", "Pick up or drop a field"),
            ("Shift ↓", "While a field is held, visit lossy targets too"),
            ("Enter", "Open the link"),
            ("Del", "Remove the link"),
            ("[ ]", "Link before, link after"),
            ("/", "Find a field"),
            ("Ctrl Z", "Undo"),
            ("Ctrl Shift Z", "Redo"),
        ],
    ),
    ("In menus", &[("↑ ↓", "Move"), ("A – Z", "Move to a word"), ("Enter", "Choose")]),
    ("In the chart of rows", &[("← →", "Read day by day"), ("Home End", "First or last day")]),
];

/// The dialog, mounted once in the frame.
#[component]
pub(crate) fn KeyMap() -> impl IntoView {
    let open = Frame::of_this_app().keys;
    view! {
        <Dialog open title="Keyboard" width=Width::Wide on_close=move || open.set(false)>
            <div class="keymap" data-test="key-map">
                {group_view(EVERYWHERE.0, rows(EVERYWHERE.1))}
                {group_view("Go to a page", go())}
                {ELSEWHERE.map(|(title, keys)| group_view(title, rows(keys))).collect_view()}
            </div>
        </Dialog>
    }
}

fn rows(keys: &'static [(&'static str, &'static str)]) -> Vec<(String, &'static str)> {
    keys.iter().map(|(keys, does)| ((*keys).to_owned(), *does)).collect()
}

fn go() -> Vec<(String, &'static str)> {
    let row = |place: places::Place| (format!("G {}", place.letter), place.title);
    places::all().into_iter().map(row).collect()
}

fn group_view(title: &'static str, rows: Vec<(String, &'static str)>) -> impl IntoView {
    view! {
        <section class="keymap__group">
            <h3>{title}</h3>
            <dl>
                {rows
                    .into_iter()
                    .map(|(keys, does)| view! {
                        <div>
                            <dt class="row row--tight"><Kbd keys/></dt>
                            <dd>{does}</dd>
                        </div>
                    })
                    .collect_view()}
            </dl>
        </section>
    }
}
