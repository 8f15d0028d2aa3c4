//! What happened, in order, and the steps of a way.

use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::icon::{Icon, Shape};

/// The list around [`TimelineItem`]s.
#[component]
pub(crate) fn Timeline(
    /// What it tells; heard only.
    #[prop(into)]
    label: String,
    /// The items.
    children: Children,
) -> impl IntoView {
    view! { <ol class="timeline" aria-label=label>{children()}</ol> }
}

/// One thing that happened.
#[component]
pub(crate) fn TimelineItem(
    /// What its colour and icon mean.
    #[prop(optional)]
    tone: Tone,
    /// Another icon than the tone's own.
    #[prop(optional)]
    icon: Option<Shape>,
    /// When, in short; usually a [`crate::components::time::Time`].
    #[prop(optional, into)]
    time: ViewFn,
    /// What happened.
    children: Children,
) -> impl IntoView {
    let shape = icon.unwrap_or_else(|| tone.shape());
    view! {
        <li class="timeline__item">
            <span class="timeline__time">{time.run()}</span>
            <span class=format!("timeline__mark timeline__mark--{}", tone.word())><Icon shape small=true/></span>
            <div>{children()}</div>
        </li>
    }
}
