//! How wide the window is, for tables that leave columns out where there is no room.

use leptos::ev::resize;
use leptos::prelude::*;

/// Whether the window has at least this many pixels; follows the window as long as the page lives.
pub(crate) fn is_wider_than(pixels: f64) -> Signal<bool> {
    let is_wide = move || {
        window()
            .inner_width()
            .ok()
            .and_then(|width| width.as_f64())
            .is_none_or(|width| width >= pixels)
    };
    let wide = RwSignal::new(is_wide());
    let listener = window_event_listener(resize, move |_| {
        let now = is_wide();
        if wide.try_get_untracked().is_some_and(|before| before != now) {
            wide.set(now);
        }
    });
    on_cleanup(move || listener.remove());
    wide.into()
}
