//! The rail: the pages, the syncs of the workspace, and the settings at its foot.

use isthmus_contract::command::SyncList;
use isthmus_contract::console::Topic;
use isthmus_contract::sync::SyncListing;
use isthmus_model::run::RunEnd;
use leptos::prelude::*;

use crate::app::places::{self, Place};
use crate::components::icon::{Icon, Shape};
use crate::components::mark::Mark;
use crate::format::clipped;
use crate::route::{Route, Router, SyncTab};
use crate::state::asked::Asked;
use crate::state::console::Console;

/// How many syncs the rail shows; the page of all syncs has the others.
const SYNCS: usize = 5;

/// The rail. Without an open workspace it has the name alone, since no page has anything to show.
#[component]
pub(crate) fn Rail() -> impl IntoView {
    let console = Console::of_this_app();
    let is_open = Memo::new(move |_| console.is_open());
    view! {
        <nav class="rail" aria-label="Pages">
            <div class="rail__brand">
                <Mark/>
                <span class="rail__label">"Isthmus"</span>
            </div>
            {move || is_open.get().then(|| view! { <Pages/> })}
        </nav>
    }
}

#[component]
fn Pages() -> impl IntoView {
    let [pages @ .., settings] = places::all();
    view! {
        <ul class="rail__list">{pages.map(|place| view! { <li><PlaceLink place/></li> }).into_iter().collect_view()}</ul>
        <Syncs/>
        <ul class="rail__list rail__foot"><li><PlaceLink place=settings/></li></ul>
    }
}

#[component]
fn PlaceLink(place: Place) -> impl IntoView {
    let router = Router::of_this_app();
    let Place { route, title, shape, letter } = place;
    let href = route.href();
    let current = move || current(&router.shown(), &route);
    view! {
        <a
            class="rail__item"
            href=href
            title=format!("{title} (G {letter})")
            aria-label=title
            aria-current=current
            data-test=format!("rail-{}", title.to_lowercase())
        >
            <Icon shape/>
            <span class="rail__label">{title}</span>
        </a>
    }
}

/// The page itself, or the part that the page lies in.
fn current(shown: &Route, place: &Route) -> Option<&'static str> {
    if shown == place { Some("page") } else { places::holds(place, shown).then_some("true") }
}

#[component]
fn Syncs() -> impl IntoView {
    let syncs = Asked::<SyncList>::new(&[Topic::Syncs, Topic::Runs], || Some(()));
    let shown = move || match syncs.answer.get() {
        // A refusal is told by the page; the rail shows what it knows.
        Some(Ok(listings)) => listings,
        _ => Vec::new(),
    };
    move || {
        let listings = shown();
        (!listings.is_empty()).then(|| view! {
            <p class="rail__head" id="rail-syncs">"Syncs"</p>
            <ul class="rail__list rail__pins" aria-labelledby="rail-syncs">
                {listings.into_iter().take(SYNCS).map(|listing| view! { <li><SyncLink listing/></li> }).collect_view()}
            </ul>
        })
    }
}

#[component]
fn SyncLink(listing: SyncListing) -> impl IntoView {
    let router = Router::of_this_app();
    let state = state(&listing);
    let name = listing.sync.name;
    let route = Route::Sync(name.clone(), SyncTab::Map);
    let href = route.href();
    let own = name.clone();
    let current = move || match router.shown() {
        Route::Sync(shown, tab) if shown == own => {
            Some(if tab == SyncTab::Map { "page" } else { "true" })
        }
        _ => None,
    };
    let heard = state.map_or_else(|| name.clone(), |(_, _, word)| format!("{name}: {word}"));
    view! {
        <a class="rail__item" href=href title=clipped(&heard, 300) aria-current=current>
            <Icon shape=Shape::ArrowRight/>
            <span class="rail__label truncate" dir="auto">{clipped(&name, 100)}</span>
            {state.map(|(class, shape, word)| view! {
                <span class=format!("push {class}")>
                    <Icon shape small=true/>
                    <span class="sr-only">{word}</span>
                </span>
            })}
        </a>
    }
}

/// What of a sync wants a look: its class, icon and word.
fn state(listing: &SyncListing) -> Option<(&'static str, Shape, &'static str)> {
    if listing.interrupted.is_some() {
        return Some(("warn", Shape::Warn, "interrupted"));
    }
    if !listing.sync.enabled {
        return Some(("subtle", Shape::Pause, "switched off"));
    }
    match listing.last_run.as_ref()?.end? {
        RunEnd::Failed => Some(("err", Shape::Fault, "failed")),
        RunEnd::Partial => Some(("warn", Shape::Warn, "partial")),
        RunEnd::Stopped => Some(("subtle", Shape::Pause, "stopped")),
        RunEnd::Succeeded | RunEnd::Unchanged => None,
    }
}
