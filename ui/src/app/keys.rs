//! Keys that work on every page: what was pressed, and what it asks for.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::app::places;
use crate::route::{Route, Router};
use crate::state::console::Console;
use crate::state::frame::Frame;

/// How long after `G` its second letter still counts, in milliseconds.
const CHORD: f64 = 1_500.0;

/// Where a letter is text, or means something else.
const TYPING: &str =
    "input, textarea, select, [contenteditable], [role=textbox], [role=menu], [role=listbox]";

/// What a key asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wish {
    /// The command palette.
    Palette,
    /// The list of keys.
    Keys,
    /// Another page.
    Go(Route),
}

/// A key as it was pressed.
#[derive(Debug, Clone, Copy)]
struct Press<'a> {
    /// Its name, as in `KeyboardEvent.key`.
    key: &'a str,
    /// Ctrl or Cmd is down.
    command: bool,
    /// A letter would be typed here, or a dialog is open.
    elsewhere: bool,
    /// When, in milliseconds of any clock.
    at: f64,
}

/// Keys that are pressed one after the other.
#[derive(Debug, Clone, Copy, Default)]
struct Chords {
    /// When `G` was pressed, while its second letter may still follow.
    began: Option<f64>,
}

impl Chords {
    fn take(&mut self, press: Press<'_>) -> Option<Wish> {
        let began = self.began.take().filter(|began| press.at - began <= CHORD);
        let letter = press.key.to_uppercase();
        if press.command {
            return (letter == "K").then_some(Wish::Palette);
        }
        if press.elsewhere {
            return None;
        }
        if began.is_some() {
            let place = places::all().into_iter().find(|place| place.letter == letter)?;
            return Some(Wish::Go(place.route));
        }
        match letter.as_str() {
            "G" => self.began = Some(press.at),
            "?" => return Some(Wish::Keys),
            _ => {}
        }
        None
    }
}

/// Listens for the keys as long as the page lives. Without an open workspace there is nowhere to go.
pub(crate) fn listen() {
    let (console, frame, router) =
        (Console::of_this_app(), Frame::of_this_app(), Router::of_this_app());
    let chords = StoredValue::new(Chords::default());
    let _listening_as_long_as_the_page_lives =
        window_event_listener(leptos::ev::keydown, move |event| {
            if event.default_prevented() || event.alt_key() || event.is_composing() {
                return;
            }
            let key = event.key();
            let press = Press {
                key: &key,
                command: event.ctrl_key() || event.meta_key(),
                elsewhere: is_elsewhere(&event),
                at: event.time_stamp(),
            };
            let wish = chords.try_update_value(|chords| chords.take(press)).flatten();
            if let Some(wish) = wish.filter(|wish| *wish == Wish::Keys || console.is_open()) {
                event.prevent_default();
                fulfil(&wish, frame, router);
            }
        });
}

fn fulfil(wish: &Wish, frame: Frame, router: Router) {
    match wish {
        Wish::Palette => frame.palette.update(|shown| *shown = !*shown && !is_covered()),
        Wish::Keys => frame.keys.set(true),
        Wish::Go(route) => router.go(route),
    }
}

fn is_elsewhere(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let typing = target.is_some_and(|target| target.closest(TYPING).ok().flatten().is_some());
    typing || is_covered()
}

/// A dialog lies over the page.
fn is_covered() -> bool {
    document().query_selector("dialog[open]").ok().flatten().is_some()
}

#[cfg(test)]
mod tests {
    use super::{CHORD, Chords, Press, Wish};
    use crate::route::Route;

    fn plain(key: &str, at: f64) -> Press<'_> {
        Press { key, command: false, elsewhere: false, at }
    }

    #[test]
    fn g_and_a_letter_go_to_a_page() {
        let mut chords = Chords::default();
        assert_eq!(chords.take(plain("g", 0.0)), None);
        assert_eq!(chords.take(plain("r", 100.0)), Some(Wish::Go(Route::Orgs)));
        assert_eq!(chords.take(plain("r", 200.0)), None);
    }

    #[test]
    fn a_letter_that_comes_late_or_leads_nowhere_does_nothing() {
        let mut chords = Chords::default();
        chords.take(plain("g", 0.0));
        assert_eq!(chords.take(plain("o", CHORD + 1.0)), None);
        chords.take(plain("g", 0.0));
        assert_eq!(chords.take(plain("z", 1.0)), None);
        assert_eq!(chords.take(plain("o", 2.0)), None);
    }

    #[test]
    fn keys_typed_into_a_field_are_text() {
        let mut chords = Chords::default();
        for key in ["g", "o", "?"] {
            let press = Press { elsewhere: true, ..plain(key, 0.0) };
            assert_eq!(chords.take(press), None);
        }
    }

    #[test]
    fn the_palette_opens_from_within_a_field_too() {
        let press = Press { command: true, elsewhere: true, ..plain("k", 0.0) };
        assert_eq!(Chords::default().take(press), Some(Wish::Palette));
        let other = Press { command: true, ..plain("g", 0.0) };
        assert_eq!(Chords::default().take(other), None);
    }

    #[test]
    fn the_question_mark_lists_the_keys() {
        assert_eq!(Chords::default().take(plain("?", 0.0)), Some(Wish::Keys));
    }
}
