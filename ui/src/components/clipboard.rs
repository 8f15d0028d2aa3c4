//! Text into the clipboard.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, HtmlTextAreaElement};

/// Copies a text; whether it worked.
pub(crate) async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // Some webviews have no clipboard interface, and asking an absent one for its method would throw.
    let is_offered = js_sys::Reflect::get(&navigator, &"clipboard".into())
        .is_ok_and(|clipboard| !clipboard.is_undefined());
    if is_offered && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok() {
        return true;
    }
    copy_by_selection(text).unwrap_or(false)
}

/// The older way, which works where the newer is refused.
fn copy_by_selection(text: &str) -> Option<bool> {
    let page: HtmlDocument = document().dyn_into().ok()?;
    let area: HtmlTextAreaElement = page.create_element("textarea").ok()?.dyn_into().ok()?;
    area.set_value(text);
    area.set_class_name("sr-only");
    // Within a modal dialog only what the dialog holds can be selected.
    let dialog = page.query_selector("dialog[open]").ok().flatten();
    let parent = dialog.or_else(|| page.body().map(Into::into))?;
    let before = page.active_element();
    parent.append_child(&area).ok()?;
    area.select();
    let copied = page.exec_command("copy").unwrap_or(false);
    area.remove();
    if let Some(before) = before.and_then(|before| before.dyn_into::<web_sys::HtmlElement>().ok()) {
        drop(before.focus());
    }
    Some(copied)
}
