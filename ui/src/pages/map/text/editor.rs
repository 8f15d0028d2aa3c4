//! The control for the text, with the numbers of its lines beside it.

use std::ops::Range;

use isthmus_contract::file::Place;
use leptos::ev::KeyboardEvent;
use leptos::html::Textarea;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlTextAreaElement};

use crate::components::announcer::Announcer;
use crate::pages::map::text::place::{
    Replacement, indented, line_count, new_line, offset_of, outdented,
};
use crate::pages::map::text::writing::Writing;

/// The height of a line in pixels; `--line-of-text` in `text.css` is the same.
const LINE: i32 = 18;

/// Lines shown above one that is gone to.
const LINES_ABOVE: i32 = 4;

/// The control.
#[component]
pub(super) fn Editor(
    /// The text.
    writing: Writing,
    /// The control itself.
    node: NodeRef<Textarea>,
) -> impl IntoView {
    let announcer = Announcer::of_app();
    let scrolled = RwSignal::new(0);
    let released = StoredValue::new(false);
    let lines = Memo::new(move |_| line_count(&writing.text.read()));
    let numbers =
        move || (1..=lines.get()).map(|line| line.to_string()).collect::<Vec<_>>().join("\n");
    let scroll = move |_| {
        if let Some(area) = node.get_untracked() {
            scrolled.set(area.scroll_top());
        }
    };
    view! {
        <div class="map-text__edit">
            <div class="map-text__gutter" aria-hidden="true">
                <pre style:transform=move || format!("translateY({}px)", -scrolled.get())>{numbers}</pre>
            </div>
            <textarea
                node_ref=node
                id="yaml"
                data-test="yaml"
                class="mono"
                wrap="off"
                dir="ltr"
                spellcheck="false"
                autocapitalize="off"
                autocomplete="off"
                aria-label="Mapping as YAML"
                aria-describedby="yaml-help"
                prop:value=move || writing.text.get()
                on:input=move |event| writing.typed(event_target_value(&event))
                on:scroll=scroll
                on:focus=move |_| released.set_value(false)
                on:keydown=move |event| on_key(&event, node, released, announcer)
            ></textarea>
            <p class="sr-only" id="yaml-help">"Tab indents. Escape, then Tab leaves the text."</p>
        </div>
    }
}

/// Moves the cursor to a place and shows it.
pub(super) fn go_to(node: NodeRef<Textarea>, text: &str, place: Place) {
    let Some(area) = node.get_untracked() else { return };
    let offset = offset_of(text, place);
    drop(area.focus());
    drop(area.set_selection_range(offset, offset));
    let line = i32::try_from(place.line).unwrap_or(i32::MAX).max(1) - 1;
    area.set_scroll_top((line - LINES_ABOVE).max(0).saturating_mul(LINE));
}

/// Tab moves lines, until Escape gives it back to the page.
fn on_key(
    event: &KeyboardEvent,
    node: NodeRef<Textarea>,
    released: StoredValue<bool>,
    announcer: Announcer,
) {
    if event.is_composing() || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let Some(area) = node.get_untracked() else { return };
    let (text, selected) = (area.value(), selection(&area));
    let replacement = match event.key().as_str() {
        "Escape" => {
            released.set_value(true);
            announcer.say("Tab leaves the text now");
            return;
        }
        "Tab" if released.get_value() => return,
        "Tab" if event.shift_key() => outdented(&text, selected),
        "Tab" => indented(&text, selected),
        "Enter" if !event.shift_key() => new_line(&text, selected),
        "Shift" => return,
        _ => {
            released.set_value(false);
            return;
        }
    };
    released.set_value(false);
    event.prevent_default();
    replace(&area, &replacement);
}

fn selection(area: &HtmlTextAreaElement) -> Range<u32> {
    let offset = |offset: Result<Option<u32>, _>| offset.ok().flatten().unwrap_or_default();
    offset(area.selection_start())..offset(area.selection_end())
}

/// Writes as typing would: the control's own undo keeps working, and its `input` event tells the page.
fn replace(area: &HtmlTextAreaElement, replacement: &Replacement) {
    let Replacement { range, with } = replacement;
    drop(area.set_selection_range(range.start, range.end));
    if let Some(document) = document().dyn_ref::<HtmlDocument>() {
        let command = if with.is_empty() { "delete" } else { "insertText" };
        drop(document.exec_command_with_show_ui_and_value(command, false, with));
    }
    // Lines that moved stay selected, so that they can move on.
    if with.contains('\n') && !with.starts_with('\n') {
        let length = u32::try_from(with.encode_utf16().count()).unwrap_or_default();
        drop(area.set_selection_range(range.start, range.start + length));
    }
}
