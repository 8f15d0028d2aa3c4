//! Controls that show a part of the draft and change it.

use leptos::prelude::*;

/// A value for a control: it follows `now`, and what a person makes of it goes to `write`.
pub(super) fn bound(
    now: impl Fn() -> String + Send + Sync + 'static,
    write: impl Fn(&str) + 'static,
) -> RwSignal<String> {
    let shown = Memo::new(move |_| now());
    let value = RwSignal::new(shown.get_untracked());
    Effect::new(move |_| {
        let now = shown.get();
        if *value.read_untracked() != now {
            value.set(now);
        }
    });
    Effect::new(move |_| {
        let chosen = value.get();
        if chosen != *shown.read_untracked() {
            write(&chosen);
        }
    });
    value
}
