//! What every labelled control shares: label above, hint and error below, tied by ids.

use leptos::prelude::*;

use crate::components::icon::{Icon, Shape};
use crate::components::ids::unique_id;

/// Whether the label shows, or is only heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// Above the control.
    Shown,
    /// Heard only: in toolbars, where an icon or the placeholder says it.
    Hidden,
}

/// The ids of one control and its texts.
#[derive(Debug, Clone)]
pub(super) struct Ids {
    /// The control.
    pub(super) control: String,
    hint: String,
    error: String,
}

impl Ids {
    pub(super) fn new() -> Self {
        let control = unique_id("field");
        Self { hint: format!("{control}-hint"), error: format!("{control}-error"), control }
    }

    /// The texts that describe the control now, for `aria-describedby`.
    pub(super) fn described_by(&self, has_hint: bool, has_error: bool) -> Option<String> {
        let ids: Vec<&str> = [(has_error, &self.error), (has_hint, &self.hint)]
            .into_iter()
            .filter_map(|(present, id)| present.then_some(id.as_str()))
            .collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// Label, control, hint and error.
#[component]
pub(super) fn Frame(
    /// Ids that the control carries too.
    ids: Ids,
    /// What the control is for.
    label: Signal<String>,
    /// Whether the label shows.
    shown: Label,
    /// How to fill it in.
    hint: MaybeProp<String>,
    /// What is wrong with the value now.
    error: Signal<Option<String>>,
    /// The control.
    children: Children,
) -> impl IntoView {
    let label_class = if shown == Label::Hidden { "sr-only" } else { "field__label" };
    let Ids { control, hint: hint_id, error: error_id } = ids;
    view! {
        <div class="field">
            <label class=label_class for=control>{move || label.get()}</label>
            {children()}
            {move || {
                let id = error_id.clone();
                error.get().map(|text| view! {
                    <p class="field__error" id=id role="alert"><Icon shape=Shape::Fault small=true/>{text}</p>
                })
            }}
            {move || {
                let id = hint_id.clone();
                hint.get().map(|text| view! { <p class="field__hint" id=id>{text}</p> })
            }}
        </div>
    }
}
