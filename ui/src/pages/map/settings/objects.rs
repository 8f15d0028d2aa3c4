//! Which object mappings the sync has: one more, or one less.

use isthmus_model::document::{ObjectDocument, SyncDocument};
use leptos::prelude::*;

use crate::components::button::{Button, Kind, Size};
use crate::components::confirm::Confirm;
use crate::components::dialog::{Dialog, Width};
use crate::components::icon::Shape;
use crate::format::counted;
use crate::pages::map::draft::Edit;
use crate::pages::map::state::MapState;
use crate::pages::object_pair::{PairChoice, PairForm, object_of};

/// The buttons, and what they ask.
#[component]
pub(super) fn Objects() -> impl IntoView {
    let map = MapState::of_this_map();
    let (adding, removing) = (RwSignal::new(false), RwSignal::new(false));
    let count = Memo::new(move |_| map.document.read().objects.len());
    let title = move || {
        let mapping = map.mapping.get();
        let pair = mapping.map(|mapping| format!("{} to {}", mapping.left, mapping.right));
        format!("Remove the mapping {}?", pair.unwrap_or_default())
    };
    let text = move || {
        let links = map.mapping.get().map_or(0, |mapping| mapping.fields.len());
        let links = counted(links as u64, "link", "links");
        format!(
            "Its {links} go with it. No record of either org is touched, and Undo brings it back."
        )
    };
    let remove = move || {
        map.edit(&Edit::RemoveObject(map.object.get_untracked()));
        map.look_at(0);
    };
    view! {
        <section class="inspect__sec settings__sec">
            <h3 class="inspect__title">"Object mappings "<span class="count">{count}</span></h3>
            <div class="row row--wrap">
                <span data-test="add-object">
                    <Button size=Size::Small icon=Shape::Plus on_press=move || adding.set(true)>"Add object mapping"</Button>
                </span>
                {move || (count.get() > 1).then(|| view! {
                    <span data-test="remove-object">
                        <Button kind=Kind::Danger size=Size::Small icon=Shape::Trash on_press=move || removing.set(true)>
                            "Remove this one"
                        </Button>
                    </span>
                })}
            </div>
            <AddObject open=adding/>
            <Confirm
                open=removing
                title=Signal::derive(title)
                text=Signal::derive(text)
                yes="Remove"
                danger=true
                on_yes=remove
            />
        </section>
    }
}

/// Two objects and their key.
#[component]
fn AddObject(open: RwSignal<bool>) -> impl IntoView {
    let map = MapState::of_this_map();
    let orgs = map.orgs();
    let (left_org, right_org) = (RwSignal::new(orgs.0), RwSignal::new(orgs.1));
    let choice = PairChoice::new(left_org, right_org);
    let tried = RwSignal::new(false);
    Effect::new(move |_| {
        let is_open = open.get();
        if is_open {
            let (left, right) = untrack(|| map.orgs());
            left_org.set(left);
            right_org.set(right);
            choice.clear();
            tried.set(false);
        }
        choice.on.set(is_open);
    });
    let add = move || {
        tried.set(true);
        if untrack(|| choice.error()).is_some() {
            return;
        }
        let policies = map.mapping.get_untracked().map(|mapping| mapping.policies.clone());
        let first_contact = policies.map(|policies| policies.first_contact).unwrap_or_default();
        let object = object_of(&choice.pair(), &choice.alike(), first_contact);
        let object = named(&map.document.read_untracked(), object);
        map.edit(&Edit::AddObject(object));
        open.set(false);
        map.look_at(map.document.read_untracked().objects.len().saturating_sub(1));
    };
    let footer = move || {
        view! {
            <span class="push"></span>
            <Button on_press=move || open.set(false)>"Cancel"</Button>
            <span data-test="add-object-confirm">
                <Button kind=Kind::Primary on_press=add>"Add object mapping"</Button>
            </span>
        }
    };
    view! {
        <Dialog open title="Add an object mapping" on_close=move || open.set(false) width=Width::Wide footer>
            <div class="col settings__dialog">
                <PairForm choice tried/>
            </div>
        </Dialog>
    }
}

/// Names tell object mappings apart; the left object's is enough until another has it.
fn named(document: &SyncDocument, object: ObjectDocument) -> ObjectDocument {
    let is_taken = |name: &str| {
        let of = |one: &ObjectDocument| one.name.clone().unwrap_or_else(|| one.left.clone());
        document.objects.iter().any(|one| of(one).eq_ignore_ascii_case(name))
    };
    if !is_taken(&object.left) {
        return object;
    }
    let wanted = format!("{} to {}", object.left, object.right);
    let others = (2..).map(|number| format!("{wanted} {number}"));
    let name = std::iter::once(wanted.clone()).chain(others).find(|name| !is_taken(name));
    ObjectDocument { name, ..object }
}

#[cfg(test)]
mod tests {
    use isthmus_model::document::SyncDocument;

    use super::named;
    use crate::pages::object_pair::tests::object;

    fn document(names: &[&str]) -> SyncDocument {
        let mut document: SyncDocument = serde_json::from_value(serde_json::json!({
            "isthmus": 1, "sync": "s", "lanes": [], "objects": [],
        }))
        .unwrap();
        document.objects = names.iter().map(|name| object(name)).collect();
        document
    }

    #[test]
    fn a_second_mapping_of_an_object_gets_a_name_of_its_own() {
        assert_eq!(named(&document(&["Contact"]), object("Account")).name, None);
        let mut document = document(&["account"]);
        let second = named(&document, object("Account"));
        assert_eq!(second.name.as_deref(), Some("Account to Customer__c"));
        document.objects.push(second);
        let third = named(&document, object("Account"));
        assert_eq!(third.name.as_deref(), Some("Account to Customer__c 2"));
    }
}
