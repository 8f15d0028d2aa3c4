//! One of a few choices that all show: cards with an explanation each, or one bar.

use leptos::prelude::*;

use crate::components::icon::{Icon, Shape};
use crate::components::ids::unique_id;

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    /// What the value becomes.
    pub(crate) value: String,
    /// The words.
    pub(crate) title: String,
    /// What it means, where the words do not say it all; empty for none.
    pub(crate) text: String,
    /// An icon before the words.
    pub(crate) icon: Option<Shape>,
    /// Whether it cannot be chosen; `text` says why.
    pub(crate) disabled: bool,
}

impl Choice {
    /// A choice by its value and words.
    pub(crate) fn new(value: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            title: title.into(),
            text: String::new(),
            icon: None,
            disabled: false,
        }
    }

    /// With what it means.
    #[must_use]
    pub(crate) fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// With an icon before the words.
    #[must_use]
    pub(crate) fn icon(mut self, icon: Shape) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Not to be chosen if `disabled`.
    #[must_use]
    pub(crate) fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = disabled;
        self
    }
}

/// Cards of which one is chosen, each with its explanation: for policies.
#[component]
pub(crate) fn RadioGroup(
    /// What is chosen.
    #[prop(into)]
    label: Signal<String>,
    /// The choices.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The value of the choice made.
    value: RwSignal<String>,
    /// What is wrong with the choice now.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The label is heard only.
    #[prop(optional)]
    hide_label: bool,
) -> impl IntoView {
    let name = unique_id("radio");
    let legend = if hide_label { "sr-only" } else { "field__label" };
    view! {
        <fieldset class="radios" aria-invalid=move || error.get().is_some().then_some("true")>
            <legend class=legend>{move || label.get()}</legend>
            {move || choices.get().into_iter().map(|choice| card(choice, &name, value)).collect_view()}
            {move || error.get().map(|text| view! {
                <p class="field__error" role="alert"><Icon shape=Shape::Fault small=true/>{text}</p>
            })}
        </fieldset>
    }
}

/// A radio group in one bar; arrow keys move the choice, as native radios do.
#[component]
pub(crate) fn Segmented(
    /// What is chosen; heard only.
    #[prop(into)]
    label: Signal<String>,
    /// The choices, in a word or two each.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The value of the choice made.
    value: RwSignal<String>,
    /// As wide as what is around it.
    #[prop(optional)]
    fill: bool,
) -> impl IntoView {
    let name = unique_id("segment");
    view! {
        <fieldset class="segmented" class:segmented--fill=fill>
            <legend class="sr-only">{move || label.get()}</legend>
            {move || choices.get().into_iter().map(|choice| segment(choice, &name, value)).collect_view()}
        </fieldset>
    }
}

fn card(choice: Choice, name: &str, value: RwSignal<String>) -> impl IntoView + use<> {
    let text_id = unique_id("choice");
    let described = (!choice.text.is_empty()).then(|| text_id.clone());
    let Choice { value: own, title, text, icon, disabled } = choice;
    let (compared, taken) = (own.clone(), own.clone());
    view! {
        <label class="radio-card">
            <input
                class="radio"
                type="radio"
                name=name.to_owned()
                value=own
                disabled=disabled
                aria-describedby=described
                prop:checked=move || value.read() == compared
                on:change=move |_| value.set(taken.clone())
            />
            <span class="radio-card__title">{icon.map(|shape| view! { <Icon shape/> })}{title}</span>
            {(!text.is_empty()).then(|| view! { <span class="radio-card__text" id=text_id>{text}</span> })}
        </label>
    }
}

fn segment(choice: Choice, name: &str, value: RwSignal<String>) -> impl IntoView + use<> {
    let Choice { value: own, title, text, icon, disabled } = choice;
    let (compared, taken) = (own.clone(), own.clone());
    view! {
        <label class="segmented__item" title=(!text.is_empty()).then_some(text)>
            <input
                class="sr-only"
                type="radio"
                name=name.to_owned()
                value=own
                disabled=disabled
                prop:checked=move || value.read() == compared
                on:change=move |_| value.set(taken.clone())
            />
            {icon.map(|shape| view! { <Icon shape/> })}
            {title}
        </label>
    }
}
