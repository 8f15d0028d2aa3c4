//! The bar above the results: what is looked for, in which object of which org.

use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::components::button::Button;
use crate::components::field::{Choice, Segmented, SelectField, TextField, TextKind};
use crate::components::kbd::Kbd;
use crate::pages::orgs::words::capped;
use crate::pages::records::search::{BY_CONDITION, BY_NAME, Search};

/// Elements that take letters for themselves.
const TAKES_LETTERS: &str = "input, textarea, select, [contenteditable], dialog";

/// The bar.
#[component]
pub(super) fn Toolbar(
    /// The search.
    search: Search,
) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    focus_on_slash(field);
    let start = move || search.start();
    let is_condition = move || search.by.get() == BY_CONDITION;
    let label = move || if is_condition() { "SOQL condition" } else { "Name or id" }.to_owned();
    let placeholder = Signal::derive(move || {
        let text = if is_condition() {
            "Industry = 'Retail' ORDER BY Name"
        } else {
            "Name or id; empty for the newest"
        };
        Some(text.to_owned())
    });
    let orgs = move || {
        let name = |org: isthmus_contract::org::OrgView| (org.name.clone(), capped(&org.name));
        search.connected().into_iter().map(name).collect::<Vec<_>>()
    };
    // Without an org there is nothing to choose from; the page says so below.
    let nowhere = Signal::derive(move || search.connected().is_empty());
    view! {
        <form
            class="toolbar records__toolbar"
            role="search"
            aria-label="Records"
            on:submit=move |event| { event.prevent_default(); start(); }
        >
            <div class="records__search" data-test="records-text">
                <TextField
                    label=Signal::derive(label)
                    value=search.text
                    kind=TextKind::Search
                    hide_label=true
                    mono=true
                    placeholder
                    on_enter=start
                    node=field
                />
                <Kbd keys="/"/>
            </div>
            <Segmented
                label="Search by"
                choices=vec![Choice::new(BY_NAME, "Name or id"), Choice::new(BY_CONDITION, "SOQL")]
                value=search.by
                attr:data-test="records-by"
            />
            <div class="records__select" data-test="records-object">
                <SelectField
                    label="Object"
                    options=Signal::derive(move || objects(search))
                    value=search.object
                    disabled=nowhere
                    hide_label=true
                    on_change=start
                />
            </div>
            <div class="records__select" data-test="records-org">
                <SelectField
                    label="Org"
                    options=Signal::derive(orgs)
                    value=search.org
                    disabled=nowhere
                    hide_label=true
                    on_change=move || search.org_changed()
                />
            </div>
            <Button on_press=start disabled=nowhere attr:data-test="records-search">"Search"</Button>
        </form>
    }
}

fn objects(search: Search) -> Vec<(String, String)> {
    let objects = search.objects.answer.get().and_then(Result::ok).unwrap_or_default();
    let words = |label: &str, name: &str| {
        if label == name { label.to_owned() } else { format!("{} ({name})", capped(label)) }
    };
    let mut options: Vec<(String, String)> = objects
        .into_iter()
        .filter(|object| object.queryable)
        .map(|object| (object.name.clone(), words(&object.label, &object.name)))
        .collect();
    options.sort_by_key(|(_, words)| words.to_lowercase());
    options
}

/// The slash leads to the search field from anywhere on the page.
fn focus_on_slash(field: NodeRef<Input>) {
    let listener = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let is_taken =
            target.is_some_and(|target| target.closest(TAKES_LETTERS).ok().flatten().is_some());
        let is_slash = event.key() == "/" && !event.ctrl_key() && !event.meta_key();
        if let (true, false, Some(Some(field))) = (is_slash, is_taken, field.try_get_untracked()) {
            event.prevent_default();
            _ = field.focus();
        }
    });
    on_cleanup(move || listener.remove());
}
