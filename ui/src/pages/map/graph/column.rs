//! One column: its head, and those of its rows that are in view.

use std::sync::Arc;

use isthmus_model::ids::Side;
use leptos::ev::PointerEvent;
use leptos::prelude::*;

use crate::components::button::Size;
use crate::components::empty::Empty;
use crate::components::icon::Shape;
use crate::components::org_tile::OrgTile;
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonRows;
use crate::format::counted;
use crate::pages::map::carry::Hand;
use crate::pages::map::graph::keys;
use crate::pages::map::graph::pointer::Pointing;
use crate::pages::map::graph::row::FieldRow;
use crate::pages::map::layout::{Entry, Group, HEAD};
use crate::pages::map::stage::{Column, Stage};
use crate::pages::map::state::Described;
use crate::pages::map::words::title_text;

/// The column.
#[component]
pub(super) fn ColumnView(
    /// Which one.
    column: Column,
    /// What the pointer does.
    pointing: Pointing,
) -> impl IntoView {
    let stage = Stage::of_this_map();
    let side = column.side;
    let org = Memo::new(move |_| {
        let (left, right) = stage.map.orgs();
        if side == Side::Left { left } else { right }
    });
    let body = move || match stage.map.described(side) {
        Described::Loading => {
            view! { <div class="fields__body"><SkeletonRows what="fields" rows=10/></div> }
                .into_any()
        }
        Described::Failed(problem) => {
            let asked = if side == Side::Left { stage.map.left } else { stage.map.right };
            view! {
                <div class="fields__body scroll">
                    <ProblemView problem on_retry=move || asked.again()/>
                </div>
            }
            .into_any()
        }
        Described::Ready(_) => view! { <List column pointing/> }.into_any(),
    };
    view! {
        <section class=format!("fields fields--{}", column.word()) aria-label=move || format!("{} fields of {}", sided(side), org.get())>
            <Head column org/>
            {body}
        </section>
    }
}

/// Org, object and numbers.
#[component]
fn Head(column: Column, org: Memo<String>) -> impl IntoView {
    let stage = Stage::of_this_map();
    let side = column.side;
    let object = move || match stage.map.described(side) {
        Described::Ready(schema) => schema.label.clone(),
        _ => stage.map.mapping.get().map_or_else(String::new, |mapping| {
            if side == Side::Left { mapping.left.clone() } else { mapping.right.clone() }
        }),
    };
    let numbers = move || {
        let Described::Ready(schema) = stage.map.described(side) else { return String::new() };
        let marks = stage.marks.read();
        let mapped = (0..column.fields.read().list.len())
            .filter(|field| marks.links_at(side, *field).next().is_some())
            .count();
        format!("{}, {mapped} mapped", counted(schema.fields.len() as u64, "field", "fields"))
    };
    view! {
        <header class="fields__head">
            {move || view! { <OrgTile name=org.get() size=Size::Small/> }}
            <h2 class="truncate" dir="auto" title=move || title_text(&object())>{object}</h2>
            <span class="muted truncate">{numbers}</span>
        </header>
    }
}

/// The rows. Only those in view are in the document.
#[component]
fn List(column: Column, pointing: Pointing) -> impl IntoView {
    let stage = Stage::of_this_map();
    let side = column.side;
    let visible = Memo::new(move |_| visible(column));
    let height = move || column.layout.read().height();
    let active_row = move || {
        let field = column.active.get()?;
        column.layout.read().top(Entry::Field(field)).map(|_| column.row_id(field))
    };
    // A new order may leave less to scroll than was scrolled.
    Effect::new(move |_| {
        drop(column.layout.get());
        request_animation_frame(move || scrolled(column));
    });
    view! {
        <div class="fields__body">
            <Stuck column/>
            <ul
                class="fields__list"
                role="listbox"
                tabindex="0"
                id=format!("map-{}", column.word())
                data-test=format!("map-{}", column.word())
                aria-label=format!("{} fields", sided(side))
                aria-describedby="map-keys"
                aria-activedescendant=active_row
                node_ref=column.node
                on:scroll=move |_| scrolled(column)
                on:focus=move |_| enter(column)
                on:keydown=move |event| keys::in_column(stage, side, &event)
                on:pointerdown=move |event: PointerEvent| pointing.press(side, &event)
                on:pointermove=move |event: PointerEvent| pointing.moved(&event)
                on:pointerup=move |event: PointerEvent| pointing.released(&event)
                on:pointercancel=move |_| pointing.lost()
                on:lostpointercapture=move |_| pointing.lost()
                on:blur=move |_| left_alone(stage)
            >
                <li class="fields__space" role="presentation" style:height=move || format!("{}px", height())></li>
                <For
                    each=move || visible.get()
                    key=|shown| *shown
                    children=move |(_, entry)| match entry {
                        Entry::Head(group) => view! { <GroupHead column group/> }.into_any(),
                        Entry::Field(field) => view! { <FieldRow column field/> }.into_any(),
                    }
                />
            </ul>
            {move || (height() == 0.0).then(|| view! {
                <Empty icon=Shape::Search title="No field matches" text="Clear the search or the filter to see all fields"/>
            })}
        </div>
    }
}

/// The head of a group, in its place.
#[component]
fn GroupHead(column: Column, group: Group) -> impl IntoView {
    let top = move || column.layout.read().top(Entry::Head(group)).unwrap_or(0.0);
    view! {
        <li class="fields__group" role="presentation" style:top=move || format!("{}px", top())>
            {group.title()}" "<span class="count">{move || column.layout.read().count(group)}</span>
        </li>
    }
}

/// The head of the group whose rows are at the top edge; it stays there.
#[component]
fn Stuck(column: Column) -> impl IntoView {
    let group = Memo::new(move |_| {
        let scrolled = column.scrolled.get();
        column.layout.read().group_at(scrolled).filter(|_| scrolled > 0.0)
    });
    move || {
        group.get().map(|group| view! {
            <div class="fields__group fields__group--stuck" aria-hidden="true">
                {group.title()}" "<span class="count">{move || column.layout.read().count(group)}</span>
            </div>
        })
    }
}

/// The entries in view, and the row where the keyboard stands wherever it is: it must be there to be told. Beside each
/// the number of the list of fields that it is of, so that rows of another object are other rows.
fn visible(column: Column) -> Vec<(usize, Entry)> {
    let layout = column.layout.read();
    let list = Arc::as_ptr(&*column.fields.read()).addr();
    let mut entries =
        layout.slice(layout.drawn(column.scrolled.get(), column.shown.get())).to_vec();
    let active = column.active.get().map(Entry::Field);
    if let Some(active) =
        active.filter(|active| layout.top(*active).is_some() && !entries.contains(active))
    {
        entries.push(active);
    }
    entries.into_iter().map(|entry| (list, entry)).collect()
}

fn scrolled(column: Column) {
    if let Some(node) = column.node.try_get_untracked().flatten() {
        column.scrolled.set(f64::from(node.scroll_top()));
    }
}

/// The keyboard comes in at the first field that shows.
fn enter(column: Column) {
    let layout = column.layout.get_untracked();
    let stands = column.active.get_untracked().is_some_and(|field| layout.centre(field).is_some());
    if !stands {
        let top = column.scrolled.get_untracked() + HEAD;
        let first =
            layout.fields().find(|field| layout.centre(*field).is_some_and(|centre| centre > top));
        column.active.set(first.or_else(|| layout.fields().next()));
    }
}

/// A field that is carried by keyboard goes back when the keyboard leaves both columns.
fn left_alone(stage: Stage) {
    request_animation_frame(move || {
        let by_keys =
            stage.carry.try_get_untracked().flatten().is_some_and(|carry| carry.hand == Hand::Keys);
        let inside = document()
            .active_element()
            .is_some_and(|element| element.closest(".stage").ok().flatten().is_some());
        if by_keys && !inside {
            stage.carry.set(None);
        }
    });
}

fn sided(side: Side) -> &'static str {
    match side {
        Side::Left => "Left",
        Side::Right => "Right",
    }
}
