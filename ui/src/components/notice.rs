//! What happened and what to do, in the page beside what it is about.

use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::icon::{Icon, Shape};

/// A notice. Errors are announced at once, all others when the reader has time.
#[component]
pub(crate) fn Notice(
    /// What its colour and icon mean.
    #[prop(optional)]
    tone: Tone,
    /// Another icon than the tone's own.
    #[prop(optional)]
    icon: Option<Shape>,
    /// What happened.
    #[prop(into)]
    title: Signal<String>,
    /// What to do, or what follows.
    #[prop(optional, into)]
    text: MaybeProp<String>,
    /// Buttons at the right.
    #[prop(optional, into)]
    actions: ViewFn,
    /// More below the text.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let shape = icon.unwrap_or_else(|| tone.shape());
    let role = if tone == Tone::Err { "alert" } else { "status" };
    view! {
        <div class=format!("notice notice--{}", tone.word()) role=role>
            <Icon shape/>
            <div class="grow">
                <p class="medium">{move || title.get()}</p>
                {move || text.get().map(|text| view! { <p class="small muted">{text}</p> })}
                {children.map(|children| children())}
            </div>
            {actions.run()}
        </div>
    }
}
