//! The map by keyboard: in a column, while carrying, and anywhere on the page.

use isthmus_model::ids::Side;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, HtmlTextAreaElement};

use crate::pages::map::carry::{Hand, Step, Visit};
use crate::pages::map::stage::Stage;

/// How many rows Page Up and Page Down go.
const PAGE: usize = 10;

/// A key in a column. Escape while carrying is handled for the whole page.
pub(crate) fn in_column(stage: Stage, side: Side, event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let carrying = stage.carry.get_untracked();
    if event.key() == "Tab" && carrying.is_some_and(|carry| carry.hand == Hand::Keys) {
        // The focus goes on from where the field came from.
        stage.put_back();
        return;
    }
    let done =
        if carrying.is_some() { carry_key(stage, event) } else { column_key(stage, side, event) };
    if done {
        event.prevent_default();
        event.stop_propagation();
    }
}

fn carry_key(stage: Stage, event: &KeyboardEvent) -> bool {
    let visit = if event.shift_key() { Visit::Allowed } else { Visit::Legal };
    match event.key().as_str() {
        "ArrowDown" => stage.visit(Step::On, visit),
        "ArrowUp" => stage.visit(Step::Back, visit),
        "Home" => stage.visit(Step::First, visit),
        "End" => stage.visit(Step::Last, visit),
        " " | "Enter" => stage.drop_here(),
        "Escape" => stage.put_back(),
        _ => return false,
    }
    true
}

fn column_key(stage: Stage, side: Side, event: &KeyboardEvent) -> bool {
    let active = stage.column(side).active.get_untracked();
    match (event.key().as_str(), active) {
        ("ArrowDown", _) => walk(stage, side, 1),
        ("ArrowUp", _) => walk(stage, side, -1),
        ("PageDown", _) => walk(stage, side, PAGE.cast_signed()),
        ("PageUp", _) => walk(stage, side, -PAGE.cast_signed()),
        ("Home", _) => walk(stage, side, isize::MIN),
        ("End", _) => walk(stage, side, isize::MAX),
        (" ", Some(field)) => stage.pick_up(side, field, Hand::Keys),
        ("Enter", Some(field)) => open(stage, side, field),
        ("Delete" | "Backspace", Some(field)) => remove(stage, side, field),
        ("Escape", _) => stage.map.link.set(None),
        ("[", _) => stage.step(false),
        ("]", _) => stage.step(true),
        _ => return false,
    }
    true
}

/// Stands at another field of the column; the link looked at follows.
fn walk(stage: Stage, side: Side, by: isize) {
    let column = stage.column(side);
    let order: Vec<usize> = column.layout.get_untracked().fields().collect();
    let Some(last) = order.len().checked_sub(1) else { return };
    let here =
        column.active.get_untracked().and_then(|field| order.iter().position(|one| *one == field));
    let next = match here {
        Some(here) => here.saturating_add_signed(by).min(last),
        None if by == isize::MAX => last,
        None => 0,
    };
    stage.select(side, order[next]);
}

/// Opens the inspector on the field's link.
fn open(stage: Stage, side: Side, field: usize) {
    stage.select(side, field);
    if stage.map.link.get_untracked().is_none() {
        let name = stage.column(side).label(field);
        stage.announcer.say(format!("{name} has no link. Space picks it up."));
        return;
    }
    focus_by_id("map-inspector");
}

/// Takes the field's link away: the one looked at, where there are several.
fn remove(stage: Stage, side: Side, field: usize) {
    stage.select(side, field);
    match stage.map.link.get_untracked() {
        Some(link) => stage.remove(link),
        None => stage.announcer.say(format!("{} has no link", stage.column(side).label(field))),
    }
}

/// Keys that work anywhere on the map, as long as it is shown.
pub(crate) fn listen(stage: Stage) {
    let listening = window_event_listener(leptos::ev::keydown, move |event| {
        if event.default_prevented() {
            return;
        }
        let typing = is_typing(&event);
        let control = event.ctrl_key() || event.meta_key();
        let done = match event.key().as_str() {
            "Escape" if stage.carry.get_untracked().is_some() => {
                stage.put_back();
                true
            }
            "z" | "Z" if control && !typing => {
                if event.shift_key() {
                    stage.map.redo()
                } else {
                    stage.map.undo()
                }
                true
            }
            "y" if control && !typing => {
                stage.map.redo();
                true
            }
            "/" if !control && !typing => {
                if let Some(find) = stage.find.get_untracked() {
                    _ = find.focus();
                }
                true
            }
            _ => false,
        };
        if done {
            event.prevent_default();
        }
    });
    on_cleanup(move || listening.remove());
}

/// The focus goes to an element by its id.
pub(crate) fn focus_by_id(id: &'static str) {
    // A frame later: what is to be focused may only just be drawn.
    request_animation_frame(move || {
        let element =
            document().get_element_by_id(id).and_then(|one| one.dyn_into::<HtmlElement>().ok());
        if let Some(element) = element {
            _ = element.focus();
        }
    });
}

fn is_typing(event: &KeyboardEvent) -> bool {
    event.target().is_some_and(|target| {
        let text =
            |input: &HtmlInputElement| !matches!(input.type_().as_str(), "checkbox" | "radio");
        target.dyn_ref::<HtmlInputElement>().is_some_and(text)
            || target.is_instance_of::<HtmlTextAreaElement>()
    })
}
