//! The object mapping as a whole: what is still missing, what is wrong, and how it behaves.

use isthmus_contract::file::Severity;
use isthmus_model::ids::Side;
use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::icon::{Icon, Shape};
use crate::components::problem::ProblemView;
use crate::pages::map::carry::focus;
use crate::pages::map::found::{Found, Spot};
use crate::pages::map::settings::ObjectSettings;
use crate::pages::map::stage::Stage;
use crate::pages::map::state::{Link, field_of};
use crate::pages::map::words::{capital, title_text};

/// The panel.
#[component]
pub(super) fn ObjectPanel() -> impl IntoView {
    let stage = Stage::of_this_map();
    let mapping = stage.map.mapping;
    let pair = move || {
        mapping
            .get()
            .map(|mapping| (mapping.left.clone(), mapping.right.clone()))
            .unwrap_or_default()
    };
    let numbers = move || {
        let fields = mapping.get().map_or(0, |mapping| mapping.fields.len());
        crate::format::counted(fields as u64, "link", "links")
    };
    view! {
        <header class="inspect__head">
            <div class="grow">
                <h2 class="row">
                    <code class="truncate">{move || pair().0}</code>
                    <Icon shape=Shape::ArrowRight/>
                    <code class="truncate">{move || pair().1}</code>
                </h2>
                <p class="small muted">{numbers}</p>
            </div>
        </header>
        <div class="inspect__body scroll" tabindex="0" role="region" aria-label="About this object mapping">
            <Missing/>
            <Problems/>
            {move || stage.map.check.refused.get().map(|problem| view! {
                <section class="inspect__sec"><ProblemView problem on_retry=move || stage.map.check.again()/></section>
            })}
            <ObjectSettings/>
        </div>
    }
}

/// Required fields that nothing fills; each leads to its row.
#[component]
fn Missing() -> impl IntoView {
    let stage = Stage::of_this_map();
    let entry = move |place: usize| {
        let label = stage.right.label(place);
        view! {
            <li>
                <button class="inspect__entry" type="button" on:click=move |_| stand_at(stage, Side::Right, place)>
                    <Icon shape=Shape::Warn small=true/>
                    <span class="truncate" dir="auto" title=title_text(&label)>{label.clone()}</span>
                    <code class="subtle truncate push">{stage.right.name(place)}</code>
                </button>
            </li>
        }
    };
    move || {
        let missing = stage.required.get();
        (!missing.is_empty()).then(|| view! {
            <section class="inspect__sec" data-test="required-list">
                <h3 class="inspect__title">"Required, not mapped "<span class="count">{missing.len()}</span></h3>
                <ul>{missing.iter().copied().take(MOST_LISTED).map(entry).collect_view()}</ul>
            </section>
        })
    }
}

/// Most entries of one list here; the columns have them all.
const MOST_LISTED: usize = 30;

/// What is wrong; each leads to its link.
#[component]
fn Problems() -> impl IntoView {
    let stage = Stage::of_this_map();
    move || {
        let mut found: Vec<Found> =
            stage.map.problems().into_iter().filter(|found| !found.is_required()).collect();
        found.extend(
            stage.map.check.found.read().iter().filter(|found| found.object.is_none()).cloned(),
        );
        found.sort_by_key(|found| found.problem.severity);
        (!found.is_empty()).then(|| view! {
            <section class="inspect__sec" data-test="problem-list">
                <h3 class="inspect__title">"Problems "<span class="count">{found.len()}</span></h3>
                <ul>{found.into_iter().take(MOST_LISTED).map(|found| problem(stage, found)).collect_view()}</ul>
            </section>
        })
    }
}

fn problem(stage: Stage, found: Found) -> impl IntoView {
    let tone = if found.problem.severity == Severity::Refused { Tone::Err } else { Tone::Warn };
    let words = view! {
        <span class=tone.word()><Icon shape=tone.shape() small=true/></span>
        <span class="grow">
            <span class="inspect__line">{capital(&found.problem.text)}</span>
            <span class="inspect__line small muted">{capital(&found.problem.remedy)}</span>
        </span>
    };
    match found.spot {
        Spot::Field(left, right) => view! {
            <li>
                <button class="inspect__entry inspect__entry--tall" type="button" on:click=move |_| open(stage, &left, &right)>
                    {words}
                </button>
            </li>
        }
        .into_any(),
        _ => view! { <li class="inspect__entry inspect__entry--tall">{words}</li> }.into_any(),
    }
}

fn open(stage: Stage, left: &str, right: &str) {
    let field =
        stage.map.mapping.get_untracked().and_then(|mapping| field_of(&mapping, left, right));
    if let Some(field) = field {
        stage.look_at(Link::Field(field));
    }
}

fn stand_at(stage: Stage, side: Side, place: usize) {
    let column = stage.column(side);
    column.stand_at(place);
    focus(column.node);
}
