//! One field of a column.

use isthmus_model::ids::Side;
use isthmus_model::schema::FieldSchema;
use leptos::prelude::*;

use crate::components::badge::{Badge, Tag, Tone};
use crate::components::icon::{Icon, Shape};
use crate::pages::map::carry::Target;
use crate::pages::map::graph::face::{Face, spoken, target_word};
use crate::pages::map::layout::Entry;
use crate::pages::map::legality::Legality;
use crate::pages::map::stage::{Column, Stage};
use crate::pages::map::words::{Trait, title_text, type_shape, type_text};

/// The row. What the describe says of the field stands still; links and what is carried change.
#[component]
pub(super) fn FieldRow(
    /// Its column.
    column: Column,
    /// Its place among the column's fields.
    field: usize,
) -> impl IntoView {
    let stage = Stage::of_this_map();
    let Some(schema) = column.fields.get_untracked().list.get(field).cloned() else {
        return ().into_any();
    };
    let side = column.side;
    let others = stage.column(side.other()).fields;
    let face = Memo::new(move |_| Face::of(&stage.marks.read(), side, field, stage.map.link.get()));
    let target = Memo::new(move |_| {
        let _carried_from_there = stage.carry.get().filter(|carry| carry.from != side)?;
        stage.targets.read().as_ref()?.get(field).cloned()
    });
    let drag = move || {
        let source =
            stage.carry.get().is_some_and(|carry| carry.from == side && carry.field == field);
        if source { Some("source") } else { target.read().as_ref().map(target_word) }
    };
    let is_over = move || {
        stage.carry.get().is_some_and(|carry| carry.from != side && carry.over == Some(field))
    };
    let top = move || column.layout.read().top(Entry::Field(field)).unwrap_or(0.0);
    let links = move || spoken(side, field, &stage.marks.read(), &others.read());
    view! {
        <li
            class="map-field"
            role="option"
            id=column.row_id(field)
            data-test="field-row"
            data-side=column.word()
            data-field=schema.name
            aria-selected=move || face.read().selected.to_string()
            data-active=move || (column.active.get() == Some(field)).then_some("")
            data-drag=drag
            data-over=move || is_over().then_some("")
            style:top=move || format!("{}px", top())
            on:click=move |_| stage.select(side, field)
        >
            {words(&schema, side, target)}
            <span class="sr-only">{links}</span>
            {move || target.get().map(|target| reason(&target))}
            <span
                class="port"
                data-flow=move || face.read().flow
                data-state=move || face.read().state
            ></span>
        </li>
    }
    .into_any()
}

/// Icon, label, tags, API name and type.
fn words(schema: &FieldSchema, side: Side, target: Memo<Option<Target>>) -> impl IntoView + use<> {
    let kind = type_text(schema);
    let traits = Trait::of(schema, side == Side::Right);
    let label = schema.label.clone();
    let title = title_text(&format!("{label} ({})", schema.name));
    let tags = move || {
        // While a link is drawn, the reasons need the room.
        let shown = if target.read().is_some() { &[][..] } else { &traits[..] };
        shown.iter().map(|one| tag(*one)).collect_view()
    };
    view! {
        <span class="map-field__type" title=title_text(&kind)><Icon shape=type_shape(schema)/></span>
        <span class="map-field__text" title=title>
            <span class="map-field__label">
                <span class="truncate" dir="auto">{label}</span>
                {tags}
            </span>
            <span class="map-field__api truncate"><code>{schema.name.clone()}</code>" "{kind}</span>
        </span>
    }
}

fn tag(one: Trait) -> impl IntoView {
    match one {
        Trait::ReadOnly => view! { <Tag icon=Shape::Lock text=one.word()/> }.into_any(),
        _ => view! { <Tag text=one.word()/> }.into_any(),
    }
}

/// Why a target is one, or is none.
fn reason(target: &Target) -> impl IntoView + use<> {
    let words = target.words();
    let full = target.legality.reason().map(|reason| title_text(&reason.full));
    match &target.legality {
        Legality::Legal => view! { <Badge tone=Tone::Ok icon=Shape::Check text=words/> }.into_any(),
        Legality::Lossy(_) => {
            view! { <Badge tone=Tone::Warn text=words title=full.unwrap_or_default()/> }.into_any()
        }
        Legality::Illegal(_) => {
            view! { <span class="map-field__why truncate" title=full>{words}</span> }.into_any()
        }
    }
}
