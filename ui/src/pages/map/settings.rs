//! How an object mapping behaves, and what belongs to the sync as a whole.

mod bound;
mod lane;
mod match_rule;
mod objects;
mod policies;
mod values;

use leptos::prelude::*;

use crate::components::button::{Button, Kind};
use crate::components::field::{TextArea, TextField};
use crate::components::icon::Shape;
use crate::pages::map::draft::Edit;
use crate::pages::map::graph::keys::focus_by_id;
use crate::pages::map::settings::bound::bound;
use crate::pages::map::settings::match_rule::MatchRule;
use crate::pages::map::settings::objects::Objects;
use crate::pages::map::settings::policies::Policies;
use crate::pages::map::settings::values::Lane;
use crate::pages::map::state::MapState;

/// The settings of the object mapping that is looked at, and of its sync.
#[component]
pub(crate) fn ObjectSettings() -> impl IntoView {
    view! {
        <div data-test="object-settings">
            <MatchRule/>
            <Policies/>
            <Name/>
            <Lane/>
            <Description/>
            <Objects/>
        </div>
    }
}

/// Shows the settings in place of a link, and takes the keyboard there.
#[component]
pub(crate) fn SettingsButton() -> impl IntoView {
    let map = MapState::of_this_map();
    let press = move || {
        map.link.set(None);
        focus_by_id("map-inspector");
    };
    view! {
        <span data-test="object-settings-button">
            <Button kind=Kind::Ghost icon=Shape::Settings label="Object settings" on_press=press/>
        </span>
    }
}

/// What plans and reports call the object mapping.
#[component]
fn Name() -> impl IntoView {
    let map = MapState::of_this_map();
    let name = bound(
        move || map.mapping.get().and_then(|mapping| mapping.name.clone()).unwrap_or_default(),
        move |name| {
            let name = (!name.is_empty()).then(|| name.to_owned());
            map.apply(&Edit::RenameObject { object: map.object.get_untracked(), name });
        },
    );
    let left = move || map.mapping.get().map(|mapping| mapping.left.clone());
    view! {
        <section class="inspect__sec settings__sec" data-test="object-name">
            <h3 class="inspect__title">"Name"</h3>
            <TextField
                label="Name of this object mapping"
                value=name
                placeholder=Signal::derive(left)
                hint="Plans and reports call it so; the left object's name where it is empty."
            />
        </section>
    }
}

/// What the sync is for.
#[component]
fn Description() -> impl IntoView {
    let map = MapState::of_this_map();
    let text = bound(
        move || map.document.read().description.clone().unwrap_or_default(),
        move |text| {
            map.apply(&Edit::Describe((!text.is_empty()).then(|| text.to_owned())));
        },
    );
    view! {
        <section class="inspect__sec settings__sec" data-test="sync-description">
            <h3 class="inspect__title">"Sync"</h3>
            <TextArea label="What this sync is for" value=text lines=2/>
        </section>
    }
}
