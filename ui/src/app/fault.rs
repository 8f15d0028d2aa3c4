//! What a person sees when the console itself has a fault: a page that says so, instead of one that has frozen.
//!
//! Faults of the engine are answers and every page shows them where they happened, so leptos' `ErrorBoundary`, which
//! catches errors that a view returns, has nothing to catch here. What is left is a panic. It ends the console's own
//! code, therefore the page is made by plain calls of the document and needs nothing of leptos any more.

use std::panic::PanicHookInfo;

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement};

/// The id of the page.
const ID: &str = "fault";

/// Shows the page from now on when the console panics. The first fault stays: later ones follow from it.
pub(crate) fn watch() {
    std::panic::set_hook(Box::new(|panic| {
        let details = details(panic);
        if document().get_element_by_id(ID).is_none() {
            // Nothing is left to tell that this failed too; start.js keeps the fault for the report in any case.
            drop(show(&details));
        }
    }));
}

fn details(panic: &PanicHookInfo<'_>) -> String {
    let place = panic.location().map_or_else(String::new, |location| format!("\nat {location}"));
    let text = panic.payload_as_str().unwrap_or("no words");
    format!("internal: {text}{place}\nIsthmus {}", env!("CARGO_PKG_VERSION"))
}

fn show(details: &str) -> Result<(), JsValue> {
    if let Some(root) = document().document_element() {
        root.set_attribute("data-fault", details)?;
    }
    if let Some(app) = document().query_selector(".app")? {
        app.set_attribute("inert", "")?;
    }
    let page = element("div", "fault-page", "")?;
    page.set_attribute("id", ID)?;
    page.set_attribute("role", "alertdialog")?;
    page.set_attribute("aria-label", "The console has a fault")?;
    let state = element("div", "state state--err", "")?;
    state.append_child(&element("h2", "", "The console has a fault")?.into())?;
    let hint = "The engine is not affected: a run at work goes on. Reload the window; if it happens again, report it with these details.";
    state.append_child(&element("p", "state__text", hint)?.into())?;
    state.append_child(&element("pre", "fault-page__details", details)?.into())?;
    let actions = element("div", "state__actions", "")?;
    actions.append_child(&button("Reload", "btn btn--primary", reload)?.into())?;
    let copied = details.to_owned();
    actions.append_child(&button("Copy details", "btn", move || copy(&copied))?.into())?;
    state.append_child(&actions)?;
    page.append_child(&state)?;
    if let Some(body) = document().body() {
        body.append_child(&page)?;
    }
    if let Some(reload) = actions.first_element_child() {
        reload.unchecked_into::<HtmlElement>().focus()?;
    }
    Ok(())
}

fn element(name: &str, class: &str, text: &str) -> Result<Element, JsValue> {
    let element = document().create_element(name)?;
    element.set_attribute("class", class)?;
    element.set_text_content(Some(text));
    Ok(element)
}

fn button(words: &str, class: &str, press: impl FnMut() + 'static) -> Result<Element, JsValue> {
    let button = element("button", class, words)?;
    button.set_attribute("type", "button")?;
    let press = Closure::<dyn FnMut()>::new(press);
    button.add_event_listener_with_callback("click", press.as_ref().unchecked_ref())?;
    // The button stays as long as the page.
    press.forget();
    Ok(button)
}

fn reload() {
    drop(window().location().reload());
}

/// The details can be selected as well, where the clipboard is refused.
fn copy(details: &str) {
    let _answered_later = window().navigator().clipboard().write_text(details);
}
