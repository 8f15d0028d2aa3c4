//! The first step: a name, and the two orgs.

use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::button::ButtonLink;
use crate::components::field::SelectField;
use crate::components::field::TextField;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::Notice;
use crate::pages::new_sync::NewSync;
use crate::route::Route;

/// The step.
#[component]
pub(super) fn Orgs(
    /// The wizard.
    wizard: NewSync,
) -> impl IntoView {
    let options = Signal::derive(move || {
        wizard.orgs.get().into_iter().map(|name| (name.clone(), name)).collect::<Vec<_>>()
    });
    let name_error =
        Signal::derive(move || wizard.tried.get().then(|| wizard.name_error()).flatten());
    let orgs_error =
        Signal::derive(move || wizard.tried.get().then(|| wizard.orgs_error()).flatten());
    view! {
        <h2 class="section-title">"Which orgs?"</h2>
        {move || (wizard.orgs.read().len() < 2).then(|| view! { <TooFew/> })}
        <TextField
            label="Name of the sync"
            value=wizard.name
            error=name_error
            placeholder="customers"
            hint="As you and your reports will call it."
            attr:data-test="sync-name"
        />
        <div class="new-sync__orgs">
            <SelectField
                label="Left: values come from"
                options
                value=wizard.left
                error=orgs_error
                placeholder="Choose an org"
            />
            <Icon shape=Shape::ArrowRight/>
            <SelectField label="Right: values go to" options value=wizard.right placeholder="Choose an org"/>
        </div>
        <p class="small muted">
            "Values flow from left to right. Nothing is written before you have seen a plan and pressed Run."
        </p>
    }
}

/// A sync needs two orgs.
#[component]
fn TooFew() -> impl IntoView {
    let actions = || {
        view! { <ButtonLink href=Route::Connect(None).href() icon=Shape::Plus>"Connect org"</ButtonLink> }
    };
    view! {
        <Notice
            tone=Tone::Warn
            title="A sync needs two connected orgs"
            text="Connect the missing one first; what you typed here is quickly typed again."
            actions
        />
    }
}
