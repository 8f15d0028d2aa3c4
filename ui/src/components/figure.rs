//! A number with its word.

use leptos::prelude::*;

use crate::components::icon::{Icon, Shape};

/// A number with its word; a filter where it can be pressed.
#[component]
pub(crate) fn Figure(
    /// The number, as shown.
    #[prop(into)]
    value: Signal<String>,
    /// What is counted.
    #[prop(into)]
    label: Signal<String>,
    /// An icon before the word.
    #[prop(optional)]
    icon: Option<Shape>,
    /// Whether the filter is on; only with `on_press`.
    #[prop(optional, into)]
    pressed: Signal<bool>,
    /// Makes it a filter that can be pressed.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
) -> impl IntoView {
    let inner = view! {
        <span class="figure__value">{move || value.get()}</span>
        <span class="figure__label">{icon.map(|shape| view! { <Icon shape small=true/> })}{move || label.get()}</span>
    };
    match on_press {
        None => view! { <div class="figure">{inner}</div> }.into_any(),
        Some(on_press) => view! {
            <button
                class="figure figure--press"
                type="button"
                aria-pressed=move || pressed.get().to_string()
                on:click=move |_| on_press.run(())
            >
                {inner}
            </button>
        }
        .into_any(),
    }
}
