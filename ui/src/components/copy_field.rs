//! Values that a person takes elsewhere.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::announcer::Announcer;
use crate::components::button::{Button, Kind, Size};
use crate::components::clipboard::copy;
use crate::components::icon::Shape;

/// How long the button says that it copied, before it offers to copy again.
const COPIED: std::time::Duration = std::time::Duration::from_secs(2);

/// A value with a button that copies it.
#[component]
pub(crate) fn CopyField(
    /// What it is, as `Callback address`; heard, and part of the button's name.
    #[prop(into)]
    label: String,
    /// The value.
    #[prop(into)]
    value: Signal<String>,
) -> impl IntoView {
    let name = label.clone();
    view! {
        <div class="copy-field" role="group" aria-label=name>
            <code class="truncate">{move || value.get()}</code>
            <CopyButton what=label value icon_only=true/>
        </div>
    }
}

/// A button that copies a text and says that it did.
#[component]
pub(crate) fn CopyButton(
    /// What is copied, as `details`.
    #[prop(into)]
    what: String,
    /// The text.
    #[prop(into)]
    value: Signal<String>,
    /// Shows only the icon.
    #[prop(optional)]
    icon_only: bool,
    /// How much the button stands out; ghost with only an icon.
    #[prop(optional)]
    kind: Kind,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let announcer = Announcer::of_app();
    let name = format!("Copy {}", lowered(&what));
    let said = format!("Copied {}", lowered(&what));
    let press = move || {
        let said = said.clone();
        spawn_local(async move {
            let worked = copy(&value.get_untracked()).await;
            if worked {
                announcer.say(said);
                copied.try_set(true);
                let back = move || {
                    let _ = copied.try_set(false);
                };
                set_timeout(back, COPIED);
            } else {
                announcer
                    .warn("The clipboard is not available; select the text and copy it by hand");
            }
        });
    };
    if icon_only {
        view! {
            {move || {
                let icon = if copied.get() { Shape::Check } else { Shape::Copy };
                let label = if copied.get() { "Copied".to_owned() } else { name.clone() };
                view! { <Button kind=Kind::Ghost size=Size::Small icon label on_press=press.clone()/> }
            }}
        }
        .into_any()
    } else {
        view! {
            <Button kind icon=Shape::Copy on_press=press>
                {move || if copied.get() { "Copied".to_owned() } else { name.clone() }}
            </Button>
        }
        .into_any()
    }
}

/// The first letter small, as within a sentence; names that are all capitals stay.
fn lowered(words: &str) -> String {
    let mut letters = words.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => words.to_owned(),
    }
}
