//! What stands where nothing is: why, and the next step.

use leptos::prelude::*;

use crate::components::icon::{Icon, Shape};

/// Nothing here yet, or nothing that matches.
#[component]
pub(crate) fn Empty(
    /// What would be here.
    #[prop(into)]
    icon: Shape,
    /// What is so.
    #[prop(into)]
    title: Signal<String>,
    /// Why, and what follows.
    #[prop(optional, into)]
    text: MaybeProp<String>,
    /// The next step, as buttons.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
    /// More between the text and the buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="state">
            <span class="state__icon"><Icon shape=icon/></span>
            <h3>{move || title.get()}</h3>
            {move || text.get().map(|text| view! { <p class="state__text">{text}</p> })}
            {children.map(|children| children())}
            {actions.map(|actions| view! { <div class="state__actions">{actions.run()}</div> })}
        </div>
    }
}
