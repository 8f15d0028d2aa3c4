//! Yes or no: a box to tick, and a switch that works at once.

use leptos::prelude::*;

use crate::components::ids::unique_id;

/// A box to tick, with its words beside it.
#[component]
pub(crate) fn Checkbox(
    /// What is ticked.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is ticked.
    value: RwSignal<bool>,
    /// More about it, below the words.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// The words are heard only.
    #[prop(optional)]
    hide_label: bool,
    /// Whether it cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let id = unique_id("check");
    let hint_id = format!("{id}-hint");
    let described = hint_id.clone();
    view! {
        <span class="toggle">
            <input
                class="check"
                type="checkbox"
                id=id.clone()
                prop:checked=move || value.get()
                disabled=move || disabled.get()
                aria-describedby=move || hint.get().map(|_| described.clone())
                on:change=move |event| value.set(event_target_checked(&event))
            />
            <span class="toggle__words" class:sr-only=hide_label>
                <label for=id>{move || label.get()}</label>
                {move || {
                    let id = hint_id.clone();
                    hint.get().map(|text| view! { <span class="field__hint" id=id>{text}</span> })
                }}
            </span>
        </span>
    }
}

/// A switch: what it says holds at once, without a button to save.
#[component]
pub(crate) fn Switch(
    /// What is switched.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is on. A person's change goes to `on_change` if given, else here.
    #[prop(into)]
    on: Signal<bool>,
    /// Takes the new position.
    #[prop(into)]
    on_change: Callback<bool>,
    /// More about it, below the words.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// The words are heard only.
    #[prop(optional)]
    hide_label: bool,
    /// Whether it cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let id = unique_id("switch");
    let label_id = id.clone();
    let press = move |_| {
        if !disabled.get_untracked() {
            on_change.run(!on.get_untracked());
        }
    };
    view! {
        <span class="toggle">
            <button
                class="switch"
                type="button"
                role="switch"
                aria-labelledby=id
                aria-checked=move || on.get().to_string()
                aria-disabled=move || disabled.get().then_some("true")
                on:click=press
            ></button>
            <span class="toggle__words" class:sr-only=hide_label>
                <span id=label_id on:click=press>{move || label.get()}</span>
                {move || hint.get().map(|text| view! { <span class="field__hint">{text}</span> })}
            </span>
        </span>
    }
}
