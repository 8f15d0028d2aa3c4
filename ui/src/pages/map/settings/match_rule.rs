//! How a left and a right row are recognised as the same thing.

use isthmus_model::document::{FieldPairDocument, MatchDocument, ObjectDocument};
use isthmus_model::ids::Side;
use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::button::{Button, Kind, Size};
use crate::components::field::{Choice, Segmented};
use crate::components::icon::{Icon, Shape};
use crate::components::notice::Notice;
use crate::pages::map::draft::Edit;
use crate::pages::map::field_select::FieldSelect;
use crate::pages::map::offers::{Offer, match_fields};
use crate::pages::map::settings::bound::bound;
use crate::pages::map::stage::{Column, Stage};
use crate::pages::map::state::{Described, match_pairs};

const KEY: &str = "key";
const FIELDS: &str = "fields";

/// The rule.
#[component]
pub(super) fn MatchRule() -> impl IntoView {
    let stage = Stage::of_this_map();
    let mapping = stage.map.mapping;
    let kind =
        Memo::new(move |_| mapping.get().map_or(KEY, |mapping| kind_of(&mapping.match_rule)));
    let value = bound(
        move || kind.get().to_owned(),
        move |word| {
            if let Some(mapping) = mapping.get_untracked() {
                set(stage, of_kind(&mapping, word));
            }
        },
    );
    let choices = vec![Choice::new(KEY, "A unique key"), Choice::new(FIELDS, "Several fields")];
    let places = Memo::new(move |_| mapping.get().map_or(0, |mapping| match_pairs(&mapping).len()));
    view! {
        <section class="inspect__sec settings__sec" data-test="match-rule">
            <h3 class="inspect__title"><Icon shape=Shape::Key/>"Match rule"</h3>
            <p class="small muted">"A left and a right row are the same thing where these fields are equal."</p>
            <Segmented label="Match rule" choices value fill=true/>
            {move || (0..places.get()).map(|place| view! { <PairOf place/> }).collect_view()}
            {move || (kind.get() == FIELDS).then(|| view! { <AnotherPair/> })}
            {move || (kind.get() == KEY && lacks_key(stage)).then(|| view! {
                <Notice
                    tone=Tone::Warn
                    title="The right object has no unique external id"
                    text="Add a text field to it in Setup, marked External ID and Unique, or match by several fields."
                />
            })}
        </section>
    }
}

/// One pair of the rule.
#[component]
fn PairOf(place: usize) -> impl IntoView {
    let stage = Stage::of_this_map();
    let mapping = stage.map.mapping;
    let pair = Memo::new(move |_| {
        mapping.get().and_then(|mapping| match_pairs(&mapping).get(place).cloned())
    });
    let name = move |side: Side| {
        pair.get()
            .map(|pair| if side == Side::Left { pair.left } else { pair.right })
            .unwrap_or_default()
    };
    let write = move |side: Side, chosen: &str| {
        if let (Some(mapping), false) = (mapping.get_untracked(), chosen.is_empty()) {
            set(stage, with_field(&mapping.match_rule, place, side, chosen));
        }
    };
    let left = bound(move || name(Side::Left), move |chosen| write(Side::Left, chosen));
    let right = bound(move || name(Side::Right), move |chosen| write(Side::Right, chosen));
    let is_several = move || mapping.get().is_some_and(|mapping| match_pairs(&mapping).len() > 1);
    let remove = move || {
        if let Some(mapping) = mapping.get_untracked() {
            set(stage, without(&mapping.match_rule, place));
        }
    };
    view! {
        <div class="settings__pair">
            <FieldSelect
                label="Left field"
                column=stage.left
                value=left
                offers=move |()| offers(stage, Side::Left, &name(Side::Right), is_key(stage))
            />
            <FieldSelect
                label=move || if is_key(stage) { "Right unique external id" } else { "Right field" }
                column=stage.right
                value=right
                offers=move |()| offers(stage, Side::Right, &name(Side::Left), is_key(stage))
            />
            {move || is_several().then(|| view! {
                <Button kind=Kind::Ghost size=Size::Small icon=Shape::Trash label=format!("Remove pair {}", place + 1) on_press=remove/>
            })}
        </div>
    }
}

/// A pair that joins the rule once both of its fields are chosen.
#[component]
fn AnotherPair() -> impl IntoView {
    let stage = Stage::of_this_map();
    let (left, right) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let join = move || {
        let pair = FieldPairDocument { left: left.get_untracked(), right: right.get_untracked() };
        let mapping = stage.map.mapping.get_untracked();
        if let (Some(mapping), false, false) =
            (mapping, pair.left.is_empty(), pair.right.is_empty())
        {
            let mut pairs = match_pairs(&mapping).to_vec();
            pairs.push(pair);
            set(stage, MatchDocument::Fields(pairs));
            left.set(String::new());
            right.set(String::new());
        }
    };
    view! {
        <div class="settings__pair" role="group" aria-label="Another pair" data-test="match-add">
            <FieldSelect
                label="And left field"
                column=stage.left
                value=left
                offers=move |()| offers(stage, Side::Left, &right.read(), false)
                on_change=join
            />
            <FieldSelect
                label="And right field"
                column=stage.right
                value=right
                offers=move |()| offers(stage, Side::Right, &left.read(), false)
                on_change=join
            />
        </div>
    }
}

fn offers(stage: Stage, side: Side, other: &str, is_key: bool) -> Vec<Offer> {
    let Column { fields, .. } = stage.column(side);
    let others = stage.column(side.other()).fields.read();
    let other = others.place(other).and_then(|place| others.list.get(place));
    match_fields(&fields.read(), other, is_key && side == Side::Right)
}

fn is_key(stage: Stage) -> bool {
    stage.map.mapping.get().is_some_and(|mapping| kind_of(&mapping.match_rule) == KEY)
}

fn lacks_key(stage: Stage) -> bool {
    matches!(stage.map.described(Side::Right), Described::Ready(_))
        && match_fields(&stage.right.fields.read(), None, true).is_empty()
}

fn set(stage: Stage, rule: MatchDocument) {
    stage.map.edit(&Edit::SetMatch { object: stage.map.object.get_untracked(), rule });
    stage.map.keep_in_range();
}

fn kind_of(rule: &MatchDocument) -> &'static str {
    match rule {
        MatchDocument::Key(_) => KEY,
        MatchDocument::Fields(_) => FIELDS,
    }
}

/// The rule as another kind, with the pairs it has: a key has one.
fn of_kind(mapping: &ObjectDocument, word: &str) -> MatchDocument {
    let pairs = match_pairs(mapping).to_vec();
    match (word, pairs.first()) {
        (KEY, Some(first)) => MatchDocument::Key(first.clone()),
        _ => MatchDocument::Fields(pairs),
    }
}

fn with_field(rule: &MatchDocument, place: usize, side: Side, name: &str) -> MatchDocument {
    let mut rule = rule.clone();
    let pair = match &mut rule {
        MatchDocument::Key(pair) => Some(pair),
        MatchDocument::Fields(pairs) => pairs.get_mut(place),
    };
    if let Some(pair) = pair {
        let field = if side == Side::Left { &mut pair.left } else { &mut pair.right };
        name.clone_into(field);
    }
    rule
}

fn without(rule: &MatchDocument, place: usize) -> MatchDocument {
    match rule {
        MatchDocument::Fields(pairs) if pairs.len() > 1 => {
            let kept = pairs.iter().enumerate().filter(|(other, _)| *other != place);
            MatchDocument::Fields(kept.map(|(_, pair)| pair.clone()).collect())
        }
        _ => rule.clone(),
    }
}

#[cfg(test)]
mod tests {
    use isthmus_model::document::{FieldPairDocument, MatchDocument};
    use isthmus_model::ids::Side;

    use super::{FIELDS, KEY, kind_of, of_kind, with_field, without};
    use crate::pages::object_pair::tests::object;

    fn pair(name: &str) -> FieldPairDocument {
        FieldPairDocument { left: name.to_owned(), right: name.to_owned() }
    }

    #[test]
    fn a_key_becomes_the_first_of_several_fields_and_back() {
        let mut object = object("Account");
        let key = object.match_rule.clone();
        object.match_rule = of_kind(&object, FIELDS);
        assert_eq!(kind_of(&object.match_rule), FIELDS);
        assert_eq!(of_kind(&object, KEY), key);
    }

    #[test]
    fn the_last_pair_of_a_rule_stays() {
        let two = MatchDocument::Fields(vec![pair("A"), pair("B")]);
        let one = without(&two, 0);
        assert_eq!(one, MatchDocument::Fields(vec![pair("B")]));
        assert_eq!(without(&one, 0), one);
    }

    #[test]
    fn one_field_of_a_pair_is_replaced() {
        let rule =
            with_field(&MatchDocument::Fields(vec![pair("A"), pair("B")]), 1, Side::Right, "C");
        let MatchDocument::Fields(pairs) = rule else { panic!("another kind") };
        assert_eq!((pairs[1].left.as_str(), pairs[1].right.as_str()), ("B", "C"));
        let key = with_field(&MatchDocument::Key(pair("A")), 0, Side::Left, "C");
        assert!(matches!(key, MatchDocument::Key(pair) if pair.left == "C"));
    }
}
