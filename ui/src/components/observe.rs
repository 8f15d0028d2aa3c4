//! Elements that say when their size changes.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};

/// Calls `on_change` whenever the element has another size, and once at the start, until the component is gone.
pub(crate) fn on_resize(element: &Element, on_change: impl Fn() + 'static) {
    let callback = Closure::<dyn Fn()>::new(on_change);
    let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) else { return };
    observer.observe(element);
    // The closure lives as long as the component; before it is dropped, nobody calls it any more.
    let callback = StoredValue::new_local(callback);
    on_cleanup(move || {
        observer.disconnect();
        callback.dispose();
    });
}
