//! The syncs with their last run.

use isthmus_contract::run::RunView;
use isthmus_contract::sync::SyncListing;
use leptos::prelude::*;

use crate::components::badge::{Badge, EndBadge, Tone};
use crate::components::button::{ButtonLink, Kind, Size};
use crate::components::empty::Empty;
use crate::components::icon::{Icon, Shape};
use crate::components::org_tile::OrgTile;
use crate::components::time::Time;
use crate::format::{clipped, grouped};
use crate::route::{Route, SyncTab};
use crate::state::console::Console;

/// The table, with at most `most` rows.
#[component]
pub(super) fn SyncTable(syncs: Memo<Vec<SyncListing>>, most: usize) -> impl IntoView {
    move || {
        let listings = syncs.get();
        if listings.is_empty() {
            return view! { <NoSync/> }.into_any();
        }
        view! {
            <div class="panel">
                <div class="scroll" tabindex="0" role="region" aria-label="Table of syncs">
                    <table class="table table--flush">
                        <thead>
                            <tr>
                                <th scope="col">"Sync"</th>
                                <th scope="col">"Orgs"</th>
                                <th scope="col">"State"</th>
                                <th scope="col">"Last run"</th>
                                <th scope="col" class="num">"Written"</th>
                                <th scope="col" class="num">"Held"</th>
                                <th scope="col" class="num">"Failed"</th>
                                <th scope="col"><span class="sr-only">"Actions"</span></th>
                            </tr>
                        </thead>
                        <tbody>{listings.into_iter().take(most).map(row).collect_view()}</tbody>
                    </table>
                </div>
            </div>
        }
        .into_any()
    }
}

#[component]
fn NoSync() -> impl IntoView {
    let actions = || view! { <ButtonLink href=Route::NewSync.href() icon=Shape::Plus>"New sync"</ButtonLink> };
    view! {
        <div class="panel">
            <Empty
                icon=Shape::Syncs
                title="No sync any more"
                text="What ran before stays in the list of runs. A new sync begins with a proposal of what fits."
                actions
            />
        </div>
    }
}

fn row(listing: SyncListing) -> impl IntoView {
    let SyncListing { sync, last_run, interrupted } = listing;
    let name = sync.name.clone();
    let map = Route::Sync(name.clone(), SyncTab::Map).href();
    let preview = Route::Sync(name.clone(), SyncTab::Preview).href();
    let between =
        clipped(&format!("{} to {}", clipped(&sync.left, 140), clipped(&sync.right, 140)), 300);
    let heard = between.clone();
    let counts = last_run.as_ref().map(|run| run.counts);
    let written = counts.map(|counts| counts.created + counts.updated);
    let run = last_run.as_ref().map(|run| Route::Run(run.run).href());
    let at = last_run.as_ref().map(|run| run.ended_at.unwrap_or(run.started_at));
    let state = state(name.clone(), sync.enabled, interrupted.is_some(), last_run);
    view! {
        <tr>
            <td class="overview__name">
                <a class="row-link row" href=map title=clipped(&name, 300)>
                    <Icon shape=Shape::ArrowRight/>
                    <span class="truncate" dir="auto">{clipped(&name, 300)}</span>
                </a>
            </td>
            <td>
                <span class="row row--tight" title=between>
                    <OrgTile name=sync.left size=Size::Small/>
                    <Icon shape=Shape::ArrowRight small=true/>
                    <OrgTile name=sync.right size=Size::Small/>
                    <span class="sr-only">{heard}</span>
                </span>
            </td>
            <td>{state}</td>
            <td class="muted">{at.map_or_else(|| "never".into_any(), |at| view! { <Time at/> }.into_any())}</td>
            <td class="num">{figure(written, None)}</td>
            <td class="num">{figure(counts.map(|counts| counts.held), run.clone())}</td>
            <td class="num">{figure(counts.map(|counts| counts.failed), run)}</td>
            <td class="num">
                <ButtonLink
                    href=preview
                    kind=Kind::Ghost
                    size=Size::Small
                    icon=Shape::Play
                    label=format!("Preview {}", clipped(&name, 300))
                />
            </td>
        </tr>
    }
}

/// How a sync stands: at work now, else as its last run ended.
fn state(name: String, enabled: bool, interrupted: bool, last: Option<RunView>) -> impl IntoView {
    let console = Console::of_this_app();
    let is_at_work = Memo::new(move |_| {
        console.job.with(|job| job.as_ref().is_some_and(|job| job.sync == name))
    });
    let end = last.as_ref().and_then(|run| run.end);
    let reason = last.and_then(|run| run.reason).map(|reason| clipped(&reason, 300));
    move || {
        let (tone, icon, text) = match (is_at_work.get(), interrupted, enabled, end) {
            (true, ..) => (Tone::Accent, Shape::Play, "At work"),
            (_, true, ..) => (Tone::Warn, Shape::Warn, "Interrupted"),
            (_, _, false, _) => (Tone::Neutral, Shape::Pause, "Switched off"),
            (_, _, _, None) => (Tone::Neutral, Shape::Clock, "Never run"),
            (_, _, _, Some(end)) => {
                return view! { <span title=reason.clone()><EndBadge end/></span> }.into_any();
            }
        };
        view! { <Badge tone icon text/> }.into_any()
    }
}

/// A number; one that wants a look leads to where it is explained.
fn figure(number: Option<u64>, href: Option<String>) -> AnyView {
    match (number, href) {
        (None, _) => view! { <span class="subtle">"–"</span> }.into_any(),
        (Some(number), Some(href)) if number > 0 => {
            view! { <a class="link" href=href>{grouped(number)}</a> }.into_any()
        }
        (Some(number), _) => grouped(number).into_any(),
    }
}
