//! Above the map: which object mapping, finding fields, what needs a person, undo and redo, and the three views.

use std::time::Duration;

use leptos::prelude::*;

use crate::components::badge::Chip;
use crate::components::button::{Button, Kind};
use crate::components::field::{Choice, Segmented, SelectField, TextField, TextKind};
use crate::components::icon::Shape;
use crate::components::kbd::Kbd;
use crate::format::counted;
use crate::pages::map::settings::SettingsButton;
use crate::pages::map::stage::Stage;
use crate::pages::map::state::{MapView, Only};

/// How long typing rests before the number of fields found is told.
const QUIET: Duration = Duration::from_millis(600);

/// The bar.
#[component]
pub(crate) fn Toolbar() -> impl IntoView {
    let stage = Stage::of_this_map();
    let map = stage.map;
    let is_graph = move || map.view.get() != MapView::Text;
    let undo = move || map.draft.read().undo_label().map(|label| format!("Undo {label}"));
    let redo = move || map.draft.read().redo_label().map(|label| format!("Redo {label}"));
    tell_counts(stage);
    view! {
        <div class="toolbar map__toolbar" data-test="map-toolbar">
            <ObjectChoice/>
            <SettingsButton/>
            {move || is_graph().then(|| view! {
                <div class="map__find" data-test="map-find">
                    <TextField
                        label="Find a field on either side"
                        placeholder="Find a field on either side"
                        value=map.search
                        kind=TextKind::Search
                        hide_label=true
                        node=stage.find
                    />
                    <span class="map__find-key wide-only" aria-hidden="true"><Kbd keys="/"/></span>
                </div>
                <Narrowing/>
            })}
            <div class="row row--tight push">
                <span data-test="undo">
                    <Button
                        kind=Kind::Ghost
                        icon=Shape::Undo
                        label="Undo"
                        title=Signal::derive(move || undo().or_else(|| Some("Nothing to undo".to_owned())))
                        disabled=Signal::derive(move || undo().is_none())
                        on_press=move || map.undo()
                    />
                </span>
                <span data-test="redo">
                    <Button
                        kind=Kind::Ghost
                        icon=Shape::Redo
                        label="Redo"
                        title=Signal::derive(move || redo().or_else(|| Some("Nothing to redo".to_owned())))
                        disabled=Signal::derive(move || redo().is_none())
                        on_press=move || map.redo()
                    />
                </span>
                <ViewChoice/>
            </div>
        </div>
    }
}

/// Which object mapping is looked at.
#[component]
fn ObjectChoice() -> impl IntoView {
    let stage = Stage::of_this_map();
    let map = stage.map;
    let value = RwSignal::new(String::new());
    Effect::new(move |_| value.set(map.object.get().to_string()));
    let options = Memo::new(move |_| {
        let document = map.document.read();
        let all = document.objects.len();
        let words = |(place, object): (usize, &isthmus_model::document::ObjectDocument)| {
            let pair = format!("{} → {}", object.left, object.right);
            let pair = match &object.name {
                Some(name) => format!("{name} ({pair})"),
                None => pair,
            };
            let problems = match stage.map.check.refusals(&object.left, &object.right) {
                0 => String::new(),
                count => format!(", {}", counted(count as u64, "problem", "problems")),
            };
            (place.to_string(), format!("{pair}, {} of {all}{problems}", place + 1))
        };
        document.objects.iter().enumerate().map(words).collect::<Vec<_>>()
    });
    let change = move || {
        if let Ok(object) = value.read_untracked().parse() {
            map.look_at(object);
            stage.left.scroll_to(0.0);
            stage.right.scroll_to(0.0);
            stage.left.active.set(None);
            stage.right.active.set(None);
        }
    };
    view! {
        <div class="map__objects" data-test="map-objects">
            <SelectField label="Object mapping" options value hide_label=true on_change=change/>
        </div>
    }
}

/// What the columns are narrowed to.
#[component]
fn Narrowing() -> impl IntoView {
    let stage = Stage::of_this_map();
    let only = stage.map.only;
    let required = Signal::derive(move || Some(stage.required.read().len() as u64));
    let problems = Signal::derive(move || {
        Some(stage.map.problems().iter().filter(|found| !found.is_required()).count() as u64)
    });
    let is = move |one: Only| Signal::derive(move || only.get() == Some(one));
    let set = move |one: Only| move |on: bool| only.set(on.then_some(one));
    view! {
        <span class="map__chips row" data-test="map-chips">
            <Chip text="Required, not mapped" count=required pressed=is(Only::Required) on_toggle=set(Only::Required)/>
            <Chip
                text="Problems"
                icon=Shape::Warn
                count=problems
                pressed=is(Only::Problems)
                on_toggle=set(Only::Problems)
            />
        </span>
    }
}

/// Graph, grid or text.
#[component]
fn ViewChoice() -> impl IntoView {
    let stage = Stage::of_this_map();
    let view = stage.map.view;
    let word = |view: MapView| match view {
        MapView::Graph => "graph",
        MapView::Grid => "grid",
        MapView::Text => "text",
    };
    let value = RwSignal::new(word(view.get_untracked()).to_owned());
    Effect::new(move |_| value.set(word(view.get()).to_owned()));
    Effect::new(move |_| {
        let chosen = match value.read().as_str() {
            "grid" => MapView::Grid,
            "text" => MapView::Text,
            _ => MapView::Graph,
        };
        if view.get_untracked() != chosen {
            view.set(chosen);
        }
    });
    let choices = vec![
        Choice::new("graph", "Graph").icon(Shape::Graph),
        Choice::new("grid", "Grid").icon(Shape::Grid),
        Choice::new("text", "Text").icon(Shape::Code),
    ];
    view! { <span data-test="map-view"><Segmented label="View" choices value/></span> }
}

/// After a search or a filter, how many fields are left.
fn tell_counts(stage: Stage) {
    let asked = Memo::new(move |_| (stage.map.search.get(), stage.map.only.get()));
    let newest = StoredValue::new(0_u32);
    Effect::new(move |first: Option<()>| {
        // A memo that nobody has read does not know yet what it depends on, so tracking alone is not enough.
        drop(asked.get());
        if first.is_none() {
            return;
        }
        newest.update_value(|number| *number += 1);
        let number = newest.get_value();
        let tell = move || {
            if newest.try_get_value() == Some(number) {
                let fields = |count: usize| counted(count as u64, "field", "fields");
                let left = stage.left.layout.get_untracked().fields().count();
                let right = stage.right.layout.get_untracked().fields().count();
                stage.announcer.say(format!(
                    "{} on the left, {} on the right",
                    fields(left),
                    fields(right)
                ));
            }
        };
        set_timeout(tell, QUIET);
    });
}
