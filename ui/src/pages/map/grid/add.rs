//! A new link: two lists, of which the second has only what fits the first.

use leptos::prelude::*;

use crate::components::badge::{Badge, Tone};
use crate::components::button::{Button, Size};
use crate::components::icon::{Icon, Shape};
use crate::pages::map::draft::Edit;
use crate::pages::map::field_select::FieldSelect;
use crate::pages::map::legality::{Legality, legality_in};
use crate::pages::map::offers::{Fit, Offer, field_words, targets};
use crate::pages::map::stage::{Column, Stage};
use crate::pages::map::words::title_text;

/// The form.
#[component]
pub(super) fn AddLink() -> impl IntoView {
    let stage = Stage::of_this_map();
    let (left, right) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let tried = RwSignal::new(false);
    let what = Memo::new(move |_| legality_of(stage, &left.read(), &right.read()));
    let drop_unfit = move || {
        if what.get_untracked().is_some_and(|what| !what.is_allowed()) {
            right.set(String::new());
        }
    };
    let add = move || {
        tried.set(true);
        if !what.get_untracked().is_some_and(|what| what.is_allowed()) {
            stage.announcer.warn("Choose a left and a right field first");
            return;
        }
        tried.set(false);
        stage.map.edit(&Edit::AddField {
            object: stage.map.object.get_untracked(),
            left: left.get_untracked(),
            right: right.get_untracked(),
        });
        left.set(String::new());
        right.set(String::new());
    };
    view! {
        <div class="map-grid__add" role="group" aria-label="New link" data-test="grid-add">
            <FieldSelect
                label="Left field"
                column=stage.left
                value=left
                offers=move |()| lefts(stage)
                on_change=drop_unfit
                hide_label=true
                id="add-left"
            />
            <span class="subtle"><Icon shape=Shape::ArrowRight/></span>
            <FieldSelect
                label="Right field"
                column=stage.right
                value=right
                offers=move |()| rights(stage, &left.read())
                hide_label=true
                id="add-right"
            />
            <Button size=Size::Normal icon=Shape::Plus on_press=add>"Add link"</Button>
            <span class="map-grid__verdict" role="status">{move || verdict(what.get(), tried.get())}</span>
        </div>
    }
}

fn verdict(what: Option<Legality>, tried: bool) -> Option<AnyView> {
    match what {
        None => {
            tried.then(|| view! { <span class="small err">"Choose both fields"</span> }.into_any())
        }
        Some(Legality::Legal) => {
            Some(view! { <Badge tone=Tone::Ok text="every value arrives"/> }.into_any())
        }
        Some(Legality::Lossy(reason)) => Some(
            view! { <Badge tone=Tone::Warn text=reason.short title=title_text(&reason.full)/> }
                .into_any(),
        ),
        Some(Legality::Illegal(reason)) => Some(
            view! { <Badge tone=Tone::Err text=reason.short title=title_text(&reason.full)/> }
                .into_any(),
        ),
    }
}

fn legality_of(stage: Stage, left: &str, right: &str) -> Option<Legality> {
    let (lefts, rights) = (stage.left.fields.read(), stage.right.fields.read());
    let left = lefts.list.get(lefts.place(left)?)?;
    let right = rights.list.get(rights.place(right)?)?;
    Some(legality_in(&stage.map.document.read(), left, right))
}

/// All left fields; which right one takes them is the next choice.
fn lefts(stage: Stage) -> Vec<Offer> {
    let Column { fields, .. } = stage.left;
    let fields = fields.read();
    let mut offers: Vec<Offer> = fields
        .list
        .iter()
        .take(fields.known)
        .map(|field| Offer { name: field.name.clone(), words: field_words(field), fit: Fit::Whole })
        .collect();
    offers.sort_by_cached_key(|offer| offer.words.to_lowercase());
    offers
}

fn rights(stage: Stage, left: &str) -> Vec<Offer> {
    let lefts = stage.left.fields.read();
    let left = lefts.place(left).and_then(|place| lefts.list.get(place));
    match stage.map.mapping.get() {
        Some(mapping) => {
            targets(&stage.map.document.read(), &mapping, left, &stage.right.fields.read())
        }
        None => Vec::new(),
    }
}
