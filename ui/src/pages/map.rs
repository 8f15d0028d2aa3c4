//! The map of a sync: two columns of fields, links between them, and the same as grid and text.

mod carry;
mod check;
mod dialogs;
pub(crate) mod draft;
mod field_select;
pub(crate) mod found;
mod graph;
mod grid;
mod inspector;
mod layout;
pub(crate) mod legality;
mod marks;
mod offers;
mod order;
mod save;
mod settings;
mod stage;
pub(crate) mod state;
mod suggestions;
mod text;
mod toolbar;
pub(crate) mod words;

use isthmus_contract::command::SyncGet;
use isthmus_contract::console::Topic;
use isthmus_contract::problem::Problem;
use isthmus_contract::sync::SyncDetail;
use leptos::prelude::*;

use crate::components::badge::Badge;
use crate::components::button::{Button, Kind};
use crate::components::icon::Shape;
use crate::components::page::PageFrame;
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonRows;
use crate::format::counted;
use crate::pages::map::dialogs::{ChangedElsewhere, Leaving, NotSaved};
use crate::pages::map::graph::{Graph, keys};
use crate::pages::map::grid::Grid;
use crate::pages::map::inspector::Inspector;
use crate::pages::map::save::Saving;
use crate::pages::map::stage::Stage;
use crate::pages::map::state::{MapState, MapView};
use crate::pages::map::suggestions::Suggestions;
use crate::pages::map::text::{Text, Unapplied, Writing};
use crate::pages::map::toolbar::Toolbar;
use crate::pages::sync_tabs::SyncTabs;
use crate::route::{Route, SyncTab};
use crate::state::asked::Asked;

/// The tab.
#[component]
pub(crate) fn Map(
    /// The sync's name.
    sync: String,
) -> impl IntoView {
    let name = sync.clone();
    let stored = Asked::<SyncGet>::new(&[Topic::Syncs], move || Some(name.clone()));
    let shown = Memo::new(move |_| match &*stored.answer.read() {
        None => Shown::Loading,
        Some(Ok(_)) => Shown::Ready,
        Some(Err(problem)) => Shown::Failed(problem.clone()),
    });
    let trail = move || vec![("Syncs".to_owned(), Route::Syncs.href())];
    move || match shown.get() {
        Shown::Loading => view! {
            <PageFrame title=sync.clone() trail=trail() bar=tabs(&sync)>
                <SkeletonRows what="the mapping" rows=12/>
            </PageFrame>
        }
        .into_any(),
        Shown::Failed(problem) => view! {
            <PageFrame title=sync.clone() trail=trail() bar=tabs(&sync)>
                <div class="page__body"><ProblemView problem on_retry=move || stored.again()/></div>
            </PageFrame>
        }
        .into_any(),
        Shown::Ready => match stored.answer.get_untracked() {
            Some(Ok(detail)) => view! { <Editor sync=sync.clone() detail stored/> }.into_any(),
            _ => ().into_any(),
        },
    }
}

fn tabs(sync: &str) -> ViewFn {
    let sync = sync.to_owned();
    ViewFn::from(move || view! { <SyncTabs name=sync.clone() tab=SyncTab::Map/> })
}

/// What there is of the sync.
#[derive(Debug, Clone, PartialEq)]
enum Shown {
    Loading,
    Ready,
    Failed(Problem),
}

/// The mapping, with everything that edits it.
#[component]
fn Editor(sync: String, detail: SyncDetail, stored: Asked<SyncGet>) -> impl IntoView {
    let map = MapState::of(&detail);
    provide_context(map);
    let stage = Stage::of(map);
    provide_context(stage);
    provide_context(Writing::of(map));
    let saving = Saving::of(map, sync.clone());
    keys::listen(stage);
    Effect::new(move |_| {
        if let Some(Ok(detail)) = &*stored.answer.read() {
            saving.seen(detail);
        }
    });
    let name = sync.clone();
    let actions = move || view! { <Actions saving sync=name.clone()/> };
    let bar = tabs(&sync);
    let trail = vec![("Syncs".to_owned(), Route::Syncs.href())];
    view! {
        <PageFrame title=sync trail actions bar>
            <div class="map">
                <Toolbar/>
                <Unapplied/>
                {move || saving.problem.get().map(|problem| view! {
                    <div class="map__problem" data-test="not-saved"><NotSaved saving problem/></div>
                })}
                <div class="map__split">
                    <div class="map__work">
                        {move || match map.view.get() {
                            MapView::Graph => view! { <Graph/><Suggestions/> }.into_any(),
                            MapView::Grid => view! { <Grid/> }.into_any(),
                            MapView::Text => view! { <Text/> }.into_any(),
                        }}
                    </div>
                    <Inspector/>
                </div>
                <p class="sr-only" id="map-keys">
                    "Arrows move, Space picks a field up or drops it, Enter opens its link, Delete removes the link, brackets change the link."
                </p>
                <ChangedElsewhere saving/>
                <Leaving saving/>
            </div>
        </PageFrame>
    }
}

/// What is done with the draft as a whole.
#[component]
fn Actions(saving: Saving, sync: String) -> impl IntoView {
    let map = MapState::of_this_map();
    let changes = Memo::new(move |_| map.draft.read().changes());
    let words = move || format!("Draft, {}", counted(changes.get() as u64, "change", "changes"));
    let preview = Route::Sync(sync, SyncTab::Preview);
    let go = move || {
        if changes.get_untracked() > 0 {
            saving.save(Some(preview.clone()));
        } else {
            saving.leave(&preview);
        }
    };
    view! {
        {move || (changes.get() > 0).then(|| view! {
            <span data-test="draft-changes"><Badge icon=Shape::Edit text=Signal::derive(words)/></span>
            <span data-test="discard"><Button kind=Kind::Ghost on_press=move || saving.discard()>"Discard"</Button></span>
            <span data-test="save">
                <Button busy=saving.busy on_press=move || saving.save(None)>"Save"</Button>
            </span>
        })}
        <span data-test="preview">
            <Button kind=Kind::Primary icon=Shape::Eye busy=saving.busy on_press=go>
                {move || if changes.get() > 0 { "Save and preview" } else { "Preview" }}
            </Button>
        </span>
    }
}
