//! How far something is, and how much of something is used.

use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::button::Size;
use crate::format::{grouped, percent};

/// How far something is; without a known end it only shows that it goes on.
#[component]
pub(crate) fn Progress(
    /// What goes on; heard only.
    #[prop(into)]
    label: Signal<String>,
    /// How much is done.
    #[prop(optional, into)]
    done: Signal<u64>,
    /// How much there is; `None` while nobody knows.
    #[prop(optional, into)]
    all: Signal<Option<u64>>,
    /// 4 pixels high where small, else 8.
    #[prop(optional)]
    size: Size,
) -> impl IntoView {
    let share = move || all.get().map(|all| percent(done.get(), all));
    view! {
        <div
            class="progress"
            class:progress--lg=size == Size::Normal
            class:progress--unknown=move || all.get().is_none()
            role="progressbar"
            aria-label=move || label.get()
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || share().map(|share| share.to_string())
            aria-valuetext=move || all.get().map(|all| format!("{} of {}", grouped(done.get()), grouped(all)))
        >
            <i style:width=move || share().map_or_else(String::new, |share| format!("{share}%"))></i>
        </div>
    }
}

/// How much of an allowance is used, with a mark where a person set a budget.
#[component]
pub(crate) fn Meter(
    /// What is used; heard only.
    #[prop(into)]
    label: Signal<String>,
    /// How much is used.
    #[prop(into)]
    used: Signal<u64>,
    /// How much is allowed.
    #[prop(into)]
    allowed: Signal<u64>,
    /// How much of it Isthmus may use.
    #[prop(optional, into)]
    budget: MaybeProp<u64>,
    /// What its colour means; the number beside it says the same.
    #[prop(optional, into)]
    tone: Signal<Tone>,
) -> impl IntoView {
    let share = move |part: u64| format!("{}%", percent(part.min(allowed.get()), allowed.get()));
    view! {
        <div
            class="meter"
            class:meter--warn=move || tone.get() == Tone::Warn
            class:meter--err=move || tone.get() == Tone::Err
            class:meter--accent=move || tone.get() == Tone::Accent
            role="meter"
            aria-label=move || label.get()
            aria-valuemin="0"
            aria-valuemax=move || allowed.get().to_string()
            aria-valuenow=move || used.get().min(allowed.get()).to_string()
            aria-valuetext=move || format!("{} of {}", grouped(used.get()), grouped(allowed.get()))
        >
            <i style:width=move || if used.get() == 0 { "0".to_owned() } else { share(used.get()) }></i>
            {move || budget.get().map(|budget| {
                let title = format!("Budget: {}", grouped(budget));
                view! { <b title=title style:inset-inline-start=move || share(budget)></b> }
            })}
        </div>
    }
}
