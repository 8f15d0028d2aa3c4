//! What may be done with rows, and how differences are settled: what this build runs of it.

use isthmus_model::document::PoliciesDocument;
use leptos::prelude::*;

use crate::components::field::RadioGroup;
use crate::pages::map::draft::Edit;
use crate::pages::map::settings::bound::bound;
use crate::pages::map::state::MapState;
use crate::pages::policies::{CREATE, EDITED_TARGET, FIRST_CONTACT, choices, policy, word};

/// The policies of the object mapping that is looked at.
#[component]
pub(super) fn Policies() -> impl IntoView {
    let map = MapState::of_this_map();
    let first_contact = bound(
        move || word(&FIRST_CONTACT, &policies(map).first_contact).to_owned(),
        move |word| change(map, |policies| policies.first_contact = policy(&FIRST_CONTACT, word)),
    );
    let create = bound(
        move || word(&CREATE, &policies(map).create).to_owned(),
        move |word| change(map, |policies| policies.create = policy(&CREATE, word)),
    );
    let edited = bound(
        move || word(&EDITED_TARGET, &policies(map).edited_target).to_owned(),
        move |word| change(map, |policies| policies.edited_target = policy(&EDITED_TARGET, word)),
    );
    view! {
        <section class="inspect__sec settings__sec" data-test="first-contact">
            <h3 class="inspect__title">"When rows meet for the first time"</h3>
            <RadioGroup label="When rows meet for the first time" choices=choices(&FIRST_CONTACT) value=first_contact hide_label=true/>
        </section>
        <section class="inspect__sec settings__sec" data-test="create-policy">
            <h3 class="inspect__title">"Rows that only the left org has"</h3>
            <RadioGroup label="Rows that only the left org has" choices=choices(&CREATE) value=create hide_label=true/>
        </section>
        <section class="inspect__sec settings__sec" data-test="edited-target">
            <h3 class="inspect__title">"Rows that were edited on the right"</h3>
            <RadioGroup label="Rows that were edited on the right" choices=choices(&EDITED_TARGET) value=edited hide_label=true/>
        </section>
    }
}

fn policies(map: MapState) -> PoliciesDocument {
    map.mapping.get().map(|mapping| mapping.policies.clone()).unwrap_or_default()
}

fn change(map: MapState, how: impl Fn(&mut PoliciesDocument)) {
    let Some(mapping) = map.mapping.get_untracked() else { return };
    let mut policies = mapping.policies.clone();
    how(&mut policies);
    map.edit(&Edit::SetPolicies { object: map.object.get_untracked(), policies });
}
