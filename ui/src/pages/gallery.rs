//! Every component in its variants and states, for those who work on them and for the tests; only the showcase leads here.

mod controls;
mod layers;
mod lists;
mod states;
mod words;

use leptos::prelude::*;

use crate::components::page::PageFrame;
use crate::pages::gallery::controls::{Buttons, Fields};
use crate::pages::gallery::layers::Layers;
use crate::pages::gallery::lists::{Lists, Tables};
use crate::pages::gallery::states::States;
use crate::pages::gallery::words::{Figures, Icons, Words};

/// The page.
#[component]
pub(crate) fn Gallery() -> impl IntoView {
    view! {
        <PageFrame title="Components">
            <div class="page__body gallery">
                <States/>
                <Buttons/>
                <Fields/>
                <Words/>
                <Figures/>
                <Layers/>
                <Tables/>
                <Lists/>
                <Icons/>
            </div>
        </PageFrame>
    }
}

/// One part of the gallery under its name.
#[component]
fn Part(
    /// What it shows; also the id, so that tests find it.
    name: &'static str,
    /// Over the whole width.
    #[prop(optional)]
    wide: bool,
    /// The components.
    children: Children,
) -> impl IntoView {
    let id = format!("gallery-{}", name.to_lowercase().replace(' ', "-"));
    let labelled_by = id.clone();
    view! {
        <section class="gallery__part" class:gallery__part--wide=wide aria-labelledby=labelled_by>
            <h2 class="gallery__name" id=id>{name}</h2>
            {children()}
        </section>
    }
}
