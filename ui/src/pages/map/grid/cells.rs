//! The cells of a row. Each follows the draft and the check on its own.

use isthmus_model::document::NullPolicy;
use isthmus_model::ids::Side;
use leptos::prelude::*;

use crate::components::badge::{Badge, Tag, Tone};
use crate::components::button::{Button, Kind, Size};
use crate::components::icon::{Icon, Shape};
use crate::pages::map::draft::Edit;
use crate::pages::map::field_select::FieldSelect;
use crate::pages::map::found::{Found, Spot};
use crate::pages::map::grid::fill_id;
use crate::pages::map::grid::rows::Row;
use crate::pages::map::legality::legality_in;
use crate::pages::map::marks::Look;
use crate::pages::map::offers::{Offer, sources};
use crate::pages::map::stage::{Column, Stage};
use crate::pages::map::state::{Link, is_match};
use crate::pages::map::words::{Trait, title_text, type_shape, type_text};

const CLEAR: &str = "clear";
const KEEP: &str = "keep";

/// What stands under a column.
pub(super) fn cell(stage: Stage, row: &Row, column: &str, keep_focus: Callback<()>) -> AnyView {
    match (column, row) {
        ("left", Row::Required(right)) => {
            view! { <Fill right=right.clone() keep_focus/> }.into_any()
        }
        ("left", Row::Linked(link, left, _)) => name(stage, stage.left, left, Some(*link)),
        ("right", row) => name(stage, stage.right, row.right(), None),
        ("blanks", Row::Linked(Link::Field(place), ..)) => {
            view! { <Blanks place=*place/> }.into_any()
        }
        ("fit", Row::Required(_)) => {
            view! { <Badge tone=Tone::Warn text="not filled" title="A new row needs a value here"/> }.into_any()
        }
        ("fit", Row::Linked(link, left, right)) => {
            let (badge, problem) = (fit(stage, *link, left, right), problem(stage, *link, left, right));
            view! { <span class="map-grid__fit">{badge}{problem}</span> }.into_any()
        }
        ("remove", Row::Linked(link @ Link::Field(_), left, right)) => {
            remove(stage, *link, left, right, keep_focus)
        }
        _ => ().into_any(),
    }
}

/// A field: label, API name, type.
fn name(stage: Stage, column: Column, api_name: &str, link: Option<Link>) -> AnyView {
    let fields = column.fields.get_untracked();
    let field = fields.place(api_name).and_then(|place| fields.list.get(place));
    let label = field.map_or_else(|| api_name.to_owned(), |field| field.label.clone());
    let kind = field.map(type_text).unwrap_or_default();
    let traits =
        field.map(|field| Trait::of(field, column.side == Side::Right)).unwrap_or_default();
    let traits: String = traits.into_iter().map(|one| format!(", {}", one.word())).collect();
    let title = title_text(&format!("{label} ({api_name}): {kind}{traits}"));
    // A press and Enter look at the link; it is marked as long as that lasts.
    let is_current = move || {
        let looked_at = stage.map.link.get();
        (looked_at.is_some() && looked_at == link).then_some("true")
    };
    view! {
        <span class="map-grid__field" data-test=link.map(|_| "grid-row") aria-current=is_current title=title>
            {(column.side == Side::Right).then(|| view! { <span class="subtle"><Icon shape=Shape::ArrowRight/></span> })}
            {field.map(|field| view! { <span class="subtle"><Icon shape=type_shape(field) small=true/></span> })}
            <span class="map-grid__label truncate" dir="auto">{label}</span>
            <code class="map-grid__api truncate">{api_name.to_owned()}</code>
        </span>
    }
    .into_any()
}

/// A list of left fields that may fill a required right one.
#[component]
fn Fill(right: String, keep_focus: Callback<()>) -> impl IntoView {
    let stage = Stage::of_this_map();
    let value = RwSignal::new(String::new());
    let target = StoredValue::new(right.clone());
    let offers = move |()| offers(stage, &target.get_value());
    let change = move || {
        let (object, left) = (stage.map.object.get_untracked(), value.get_untracked());
        if !left.is_empty() {
            stage.map.edit(&Edit::AddField { object, left, right: target.get_value() });
            keep_focus.run(());
        }
    };
    view! {
        <span class="map-grid__control" data-test="fill-required">
            <FieldSelect
                label=format!("Left field for {right}")
                column=stage.left
                value
                offers
                on_change=change
                hide_label=true
                size=Size::Small
                id=fill_id(&right)
            />
        </span>
    }
}

fn offers(stage: Stage, right: &str) -> Vec<Offer> {
    let fields = stage.right.fields.read();
    let Some(field) = fields.place(right).and_then(|place| fields.list.get(place)) else {
        return Vec::new();
    };
    let suggestions = stage.suggestions.read();
    let alike: Vec<String> =
        suggestions.iter().filter(|one| one.right == right).map(|one| one.left.clone()).collect();
    sources(&stage.map.document.read(), &stage.left.fields.read(), field, &alike)
}

/// What an empty source value does.
#[component]
fn Blanks(place: usize) -> impl IntoView {
    let map = Stage::of_this_map().map;
    let chosen = Memo::new(move |_| {
        let nulls = map.mapping.get().and_then(|mapping| Some(mapping.fields.get(place)?.nulls));
        if nulls == Some(NullPolicy::Keep) { KEEP } else { CLEAR }
    });
    let change = move |event| {
        let keeps = event_target_value(&event) == KEEP;
        let nulls = if keeps { NullPolicy::Keep } else { NullPolicy::Clear };
        map.edit(&Edit::SetNulls { object: map.object.get_untracked(), field: place, nulls });
    };
    let option = move |word: &'static str, text: &'static str| {
        view! { <option value=word prop:selected=move || chosen.get() == word>{text}</option> }
    };
    // Bare, without a frame for hints and errors: a quick scroll draws many of these.
    view! {
        <span class="map-grid__control select select--sm">
            <select aria-label="Blank on the left" on:change=change>
                {option(CLEAR, "Clears right")}
                {option(KEEP, "Keeps right")}
            </select>
            <Icon shape=Shape::ChevronDown small=true/>
        </span>
    }
}

/// Whether every value arrives, and what does not.
fn fit(stage: Stage, link: Link, left: &str, right: &str) -> AnyView {
    let (left, right) = (left.to_owned(), right.to_owned());
    let look = Memo::new(move |_| {
        stage.marks.read().link(link).map(|mark| (mark.look, mark.chip.clone(), mark.is_key))
    });
    let badge = move || {
        let (look, chip, is_key) = look.get()?;
        let words = chip.unwrap_or_default();
        let title = reason(stage, &left, &right).unwrap_or_default();
        let view = match look {
            Look::Broken => view! { <Badge tone=Tone::Err text=words title/> }.into_any(),
            Look::Lossy => view! { <Badge tone=Tone::Warn text=words title/> }.into_any(),
            Look::Plain | Look::Suggested if is_key => {
                view! { <Tag icon=Shape::Key text="match key"/> }.into_any()
            }
            Look::Plain | Look::Suggested => {
                view! { <span class="subtle row row--tight"><Icon shape=Shape::Check small=true/>"fits"</span> }.into_any()
            }
        };
        Some(view)
    };
    badge.into_any()
}

fn reason(stage: Stage, left: &str, right: &str) -> Option<String> {
    let (lefts, rights) = (stage.left.fields.read(), stage.right.fields.read());
    let left = lefts.list.get(lefts.place(left)?)?;
    let right = rights.list.get(rights.place(right)?)?;
    let legality = legality_in(&stage.map.document.read(), left, right);
    legality.reason().map(|reason| title_text(&reason.full))
}

/// What the check says of it; the first of several, the rest on hover.
fn problem(stage: Stage, link: Link, left: &str, right: &str) -> AnyView {
    let (left, right) = (left.to_owned(), right.to_owned());
    let found = Memo::new(move |_| {
        let Some(mapping) = stage.map.mapping.get() else { return Vec::new() };
        let is_key = matches!(link, Link::Match(_)) || is_match(&mapping, &left, &right);
        let about = |found: &&Found| {
            let is_here = found.is_about(&left, &right) || (is_key && found.spot == Spot::Match);
            is_here && found.is_of(&mapping.left, &mapping.right)
        };
        // By reference: an object of 800 fields may have as many problems, and each row in view asks.
        let mut all: Vec<Found> =
            stage.map.check.found.read().iter().filter(about).cloned().collect();
        all.sort_by_key(|found| found.problem.severity);
        all
    });
    let words = move || {
        let all = found.get();
        let first = &all.first()?.problem;
        let told = |found: &Found| format!("{}. {}.", found.problem.text, found.problem.remedy);
        let title = title_text(&all.iter().map(told).collect::<Vec<_>>().join(" "));
        let text = first.text.clone();
        let more = all.len() - 1;
        Some(view! {
            <span class="map-grid__problem small subtle" title=title>
                <span class="truncate">{text}</span>
                {(more > 0).then(|| view! { <span class="nowrap">{format!("and {more} more")}</span> })}
            </span>
        })
    };
    words.into_any()
}

fn remove(stage: Stage, link: Link, left: &str, right: &str, keep_focus: Callback<()>) -> AnyView {
    let label = format!("Remove link {left} to {right}");
    let press = move || {
        stage.remove(link);
        keep_focus.run(());
    };
    view! {
        <span class="map-grid__control" data-test="grid-remove">
            <Button kind=Kind::Ghost size=Size::Small icon=Shape::Trash label=label on_press=press/>
        </span>
    }
    .into_any()
}
