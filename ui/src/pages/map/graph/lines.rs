//! The lines between the columns, the words on them, and how many end out of view.

use isthmus_model::ids::Side;
use leptos::prelude::*;

use crate::components::icon::{Icon, Shape};
use crate::components::observe::on_resize;
use crate::pages::map::carry::{Carry, Hand};
use crate::pages::map::graph::curve::{Beyond, Drawn, Scene, Sight, path};
use crate::pages::map::marks::{Line, Look};
use crate::pages::map::stage::{Column, Stage};
use crate::pages::map::suggestions::row_id;

/// The space between the columns. It says nothing that the rows do not say, so readers pass it by.
#[component]
pub(super) fn Lines() -> impl IntoView {
    let stage = Stage::of_this_map();
    let scene = Memo::new(move |_| scene(stage));
    measure(stage);
    let height = move || stage.left.shown.get().max(1.0);
    let drawn = move || scene.read().drawn.keys().copied().collect::<Vec<_>>();
    let labelled = move || {
        let with_words = |(line, drawn): (&Line, &Drawn)| drawn.chip.is_some().then_some(*line);
        scene.read().drawn.iter().filter_map(with_words).collect::<Vec<_>>()
    };
    view! {
        <div class="stage__middle" aria-hidden="true"></div>
        <div class="links" aria-hidden="true" node_ref=stage.between data-test="map-links">
            <svg
                class="links__svg"
                preserveAspectRatio="none"
                viewBox=move || format!("0 0 100 {}", height())
                height=height
            >
                <For each=drawn key=|line| *line children=move |line| view! { <Curve line scene/> }/>
                {move || carried_path(stage).map(|path| view! { <path class="map-link map-link--drag" d=path></path> })}
            </svg>
            <For each=labelled key=|line| *line children=move |line| view! { <Words line scene/> }/>
            <Outside scene/>
            <CarriedName/>
        </div>
    }
}

/// One line.
#[component]
fn Curve(line: Line, scene: Memo<Scene>) -> impl IntoView {
    let stage = Stage::of_this_map();
    let of = move |read: fn(&Drawn) -> String| {
        scene.read().drawn.get(&line).map(read).unwrap_or_default()
    };
    let path = move || of(|drawn| drawn.path.clone());
    let selected = move || scene.read().drawn.get(&line).is_some_and(|drawn| drawn.selected);
    view! {
        <g>
            {move || selected().then(|| view! { <path class="map-halo" d=path></path> })}
            <path class=move || format!("map-link {}", of(|drawn| curve_class(drawn).to_owned())) d=path></path>
            <path class="map-reach" d=path on:click=move |_| look_at(stage, line)></path>
        </g>
    }
}

/// The words on a line.
#[component]
fn Words(line: Line, scene: Memo<Scene>) -> impl IntoView {
    let stage = Stage::of_this_map();
    let drawn = move || scene.read().drawn.get(&line).cloned();
    let chip = move || drawn().and_then(|drawn| drawn.chip).unwrap_or_default();
    let class =
        move || format!("link-chip {}", drawn().as_ref().map(chip_class).unwrap_or_default());
    let icon = move || {
        drawn().as_ref().and_then(chip_shape).map(|shape| view! { <Icon shape small=true/> })
    };
    view! {
        <span
            class=class
            style:left=move || format!("{:.1}%", chip().1)
            style:top=move || format!("{:.1}px", chip().2)
            title=move || chip().0
            on:click=move |_| look_at(stage, line)
        >
            {icon}
            <span>{move || chip().0}</span>
        </span>
    }
}

/// How many lines end above and below what shows, on either side; a press leads to the nearest of them.
#[component]
fn Outside(scene: Memo<Scene>) -> impl IntoView {
    let stage = Stage::of_this_map();
    let places = [
        ("left-above", stage.left, Shape::ChevronUp),
        ("left-below", stage.left, Shape::ChevronDown),
        ("right-above", stage.right, Shape::ChevronUp),
        ("right-below", stage.right, Shape::ChevronDown),
    ];
    let chip = move |place: usize, (word, column, shape): (&'static str, Column, Shape)| {
        let beyond = Memo::new(move |_| scene.read().beyond[place]);
        move || {
            let Beyond { count, nearest } = beyond.get();
            (count > 0).then(|| {
                view! {
                    <button
                        class=format!("beyond beyond--{word}")
                        type="button"
                        tabindex="-1"
                        title=format!("{count} more out of view")
                        on:click=move |_| column.reveal(nearest)
                    >
                        <Icon shape small=true/>{count}
                    </button>
                }
            })
        }
    };
    places.into_iter().enumerate().map(|(place, of)| chip(place, of)).collect_view()
}

/// The name of what is carried, half way.
#[component]
fn CarriedName() -> impl IntoView {
    let stage = Stage::of_this_map();
    move || {
        let carry = stage.carry.get()?;
        let ((from_x, from_y), (to_x, to_y)) = carried_ends(stage, carry)?;
        let name = stage.column(carry.from).name(carry.field);
        Some(view! {
            <span
                class="link-chip link-chip--drag"
                style:left=format!("{:.1}%", f64::midpoint(from_x, to_x))
                style:top=format!("{:.1}px", f64::midpoint(from_y, to_y))
            >
                <code class="truncate">{name}</code>
            </span>
        })
    }
}

fn scene(stage: Stage) -> Scene {
    let (left, right) = (stage.left.layout.read(), stage.right.layout.read());
    let sight = |column: Column| (column.scrolled.get(), column.shown.get());
    let ((left_scrolled, left_shown), (right_scrolled, right_shown)) =
        (sight(stage.left), sight(stage.right));
    Scene::of(
        &stage.marks.read(),
        Sight { layout: &left, scrolled: left_scrolled, shown: left_shown },
        Sight { layout: &right, scrolled: right_scrolled, shown: right_shown },
        stage.map.link.get(),
        stage.width.get(),
    )
}

/// The columns are as high as the space between them.
fn measure(stage: Stage) {
    Effect::new(move |_| {
        let Some(between) = stage.between.get() else { return };
        let measured = between.clone();
        on_resize(&between, move || {
            let height = f64::from(measured.client_height());
            _ = stage.width.try_set(f64::from(measured.client_width()));
            _ = stage.left.shown.try_set(height);
            _ = stage.right.shown.try_set(height);
        });
    });
}

/// From where to where the carried line goes: per cent of the width, pixels of the height.
fn carried_ends(stage: Stage, carry: Carry) -> Option<((f64, f64), (f64, f64))> {
    let y = |column: Column, field: usize| {
        let centre = column.layout.read().centre(field)? - column.scrolled.get();
        Some(centre.clamp(0.0, column.shown.get()))
    };
    let (from_x, to_x) = if carry.from == Side::Left { (0.0, 100.0) } else { (100.0, 0.0) };
    let from = (from_x, y(stage.column(carry.from), carry.field)?);
    let fits = |field: &usize| {
        stage
            .targets
            .read()
            .as_ref()
            .and_then(|all| all.get(*field))
            .is_some_and(|one| one.legality.is_allowed())
    };
    if let Some(over) = carry.over.filter(fits) {
        return Some((from, (to_x, y(stage.column(carry.from.other()), over)?)));
    }
    if carry.hand == Hand::Keys {
        return None;
    }
    let (x, y) = stage.pointer.get();
    let width = stage.width.get().max(1.0);
    Some((from, ((x / width * 100.0).clamp(0.0, 100.0), y)))
}

fn carried_path(stage: Stage) -> Option<String> {
    let ((from_x, from_y), (to_x, to_y)) = carried_ends(stage, stage.carry.get()?)?;
    if (from_x - to_x).abs() >= 100.0 {
        let (left, right) = if from_x < to_x { (from_y, to_y) } else { (to_y, from_y) };
        return Some(path(left, right));
    }
    let middle = f64::midpoint(from_x, to_x);
    Some(format!(
        "M{from_x:.1} {from_y:.1}C{middle:.1} {from_y:.1} {middle:.1} {to_y:.1} {to_x:.1} {to_y:.1}"
    ))
}

/// A press on a suggestion leads to its row in the list below; on a link, to the link.
fn look_at(stage: Stage, line: Line) {
    match line {
        Line::Link(link) => stage.look_at(link),
        Line::Suggestion(place) => {
            let suggestions = stage.suggestions.get_untracked();
            let id = suggestions.get(place).map(|one| row_id(&one.left, &one.right));
            if let Some(row) = id.and_then(|id| document().get_element_by_id(&id)) {
                row.scroll_into_view();
            }
        }
    }
}

fn curve_class(drawn: &Drawn) -> &'static str {
    match (drawn.look, drawn.selected) {
        (Look::Plain, true) => "map-link--on",
        (Look::Plain, false) => "",
        (Look::Lossy, true) => "map-link--warn map-link--strong",
        (Look::Lossy, false) => "map-link--warn",
        (Look::Broken, true) => "map-link--err map-link--strong",
        (Look::Broken, false) => "map-link--err",
        (Look::Suggested, _) => "map-link--hint",
    }
}

fn chip_class(drawn: &Drawn) -> &'static str {
    match (drawn.look, drawn.selected) {
        (Look::Plain, true) => "link-chip--on",
        (Look::Plain, false) => "",
        (Look::Lossy, _) => "link-chip--warn",
        (Look::Broken, _) => "link-chip--err",
        (Look::Suggested, _) => "link-chip--hint",
    }
}

fn chip_shape(drawn: &Drawn) -> Option<Shape> {
    match drawn.look {
        Look::Lossy => Some(Shape::Warn),
        Look::Broken => Some(Shape::Fault),
        Look::Plain => drawn.is_key.then_some(Shape::Key),
        Look::Suggested => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Drawn, Look, chip_shape, curve_class};
    use crate::components::icon::Shape;

    #[test]
    fn a_colour_never_stands_without_an_icon() {
        for (look, shape) in [(Look::Lossy, Shape::Warn), (Look::Broken, Shape::Fault)] {
            let drawn =
                Drawn { path: String::new(), look, selected: false, is_key: false, chip: None };
            assert_eq!(chip_shape(&drawn), Some(shape));
            assert_ne!(curve_class(&drawn), "");
        }
    }
}
