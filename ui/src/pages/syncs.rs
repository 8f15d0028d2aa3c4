//! The syncs: between which orgs each runs, how its last run ended, and what can be done with it.

mod remove;

use isthmus_contract::command::{OrgList, RunStart, SyncList, SyncSwitch};
use isthmus_contract::console::Topic;
use isthmus_contract::org::{OrgState, OrgView};
use isthmus_contract::problem::Problem;
use isthmus_contract::run::RunOrder;
use isthmus_contract::sync::{SwitchRequest, SyncListing};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::backend::Backend;
use crate::components::badge::{Badge, EndBadge, Tone};
use crate::components::button::{ButtonLink, Kind, Size};
use crate::components::empty::Empty;
use crate::components::icon::{Icon, Shape};
use crate::components::menu::{Menu, MenuItem};
use crate::components::org_tile::OrgName;
use crate::components::page::PageFrame;
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonRows;
use crate::components::time::RelativeTime;
use crate::components::toast::Toasts;
use crate::format::{counted, grouped};
use crate::pages::syncs::remove::Remove;
use crate::route::{Route, Router, SyncTab};
use crate::state::asked::Asked;

/// What the rows' menus share.
#[derive(Clone)]
struct Orders {
    backend: Backend,
    toasts: Toasts,
    router: Router,
    /// The sync that is to be deleted.
    remove: RwSignal<Option<String>>,
}

/// The page.
#[component]
pub(crate) fn Syncs() -> impl IntoView {
    let syncs = Asked::<SyncList>::new(&[Topic::Syncs, Topic::Runs, Topic::Workspace], || Some(()));
    let orgs = Asked::<OrgList>::new(&[Topic::Orgs, Topic::Workspace], || Some(()));
    let orders = Orders {
        backend: Backend::of_this_app(),
        toasts: Toasts::of_app(),
        router: Router::of_this_app(),
        remove: RwSignal::new(None),
    };
    let remove = orders.remove;
    let orders = StoredValue::new(orders);
    let actions = move || {
        view! {
            <ButtonLink
                href=Route::NewSync.href()
                kind=Kind::Primary
                icon=Shape::Plus
                attr:data-test="new-sync"
            >
                "New sync"
            </ButtonLink>
        }
    };
    let body = move || match syncs.answer.get() {
        None => view! { <div class="panel"><SkeletonRows what="syncs" rows=4/></div> }.into_any(),
        Some(Err(problem)) => {
            view! { <ProblemView problem on_retry=move || syncs.again()/> }.into_any()
        }
        Some(Ok(syncs)) if syncs.is_empty() => {
            let orgs = connected(orgs.answer.get());
            view! { <Nothing orgs/> }.into_any()
        }
        Some(Ok(syncs)) => view! { <List syncs orders/> }.into_any(),
    };
    view! {
        <PageFrame title="Syncs" actions>
            <div class="page__body syncs">{body}</div>
            <Remove wish=remove/>
        </PageFrame>
    }
}

fn connected(answer: Option<Result<Vec<OrgView>, Problem>>) -> usize {
    let orgs = answer.and_then(Result::ok).unwrap_or_default();
    orgs.iter().filter(|org| org.state == OrgState::Connected).count()
}

/// Without a sync: the next step.
#[component]
fn Nothing(
    /// How many orgs are connected.
    orgs: usize,
) -> impl IntoView {
    let (text, href, words) = if orgs < 2 {
        (
            "A sync keeps records of two orgs in agreement. Connect both first.",
            Route::Connect(None).href(),
            "Connect org",
        )
    } else {
        (
            "Two orgs are connected. Isthmus compares their objects and proposes what corresponds.",
            Route::NewSync.href(),
            "Make the first sync",
        )
    };
    let actions =
        move || view! { <ButtonLink href=href.clone() icon=Shape::Sparkles>{words}</ButtonLink> };
    view! { <Empty icon=Shape::Syncs title="No syncs yet" text actions/> }
}

/// The syncs as a table; there are never many.
#[component]
fn List(syncs: Vec<SyncListing>, orders: StoredValue<Orders>) -> impl IntoView {
    view! {
        <div class="panel syncs__table scroll" tabindex="0" role="region" aria-label="Syncs">
            <table class="table" data-test="syncs">
                <thead>
                    <tr>
                        <th scope="col">"Sync"</th>
                        <th scope="col">"Orgs"</th>
                        <th scope="col">"Objects"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Last run"</th>
                        <th scope="col" class="num">"Written"</th>
                        <th scope="col" class="num">"Held, failed"</th>
                        <th scope="col"><span class="sr-only">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>
                    {syncs.into_iter().map(|listing| view! { <Row listing orders/> }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// One sync as a row.
#[component]
fn Row(listing: SyncListing, orders: StoredValue<Orders>) -> impl IntoView {
    let items = items(&listing, orders);
    let SyncListing { sync, last_run, interrupted } = listing;
    let href = Route::Sync(sync.name.clone(), SyncTab::Map).href();
    let state = match (sync.enabled, interrupted, last_run.as_ref().and_then(|run| run.end)) {
        (false, ..) => view! { <Badge icon=Shape::Pause text="Switched off"/> }.into_any(),
        (_, Some(_), _) => {
            view! { <Badge tone=Tone::Warn icon=Shape::Warn text="Interrupted"/> }.into_any()
        }
        (.., Some(end)) => view! { <EndBadge end/> }.into_any(),
        _ => view! { <Badge icon=Shape::Clock text="Not run yet"/> }.into_any(),
    };
    let written = last_run.as_ref().map(|run| grouped(run.counts.created + run.counts.updated));
    let open = last_run.as_ref().map(|run| grouped(run.counts.held + run.counts.failed));
    let when = last_run.map(|run| {
        let at = run.ended_at.unwrap_or(run.started_at);
        view! { <a class="link" href=Route::Run(run.run).href()><RelativeTime at/></a> }
    });
    let menu_label = format!("Actions for {}", capped(&sync.name));
    view! {
        <tr data-test="sync-row">
            <th scope="row" class="syncs__name">
                <a class="strong truncate" dir="auto" href=href title=capped(&sync.name)>{sync.name.clone()}</a>
                {sync.description.clone().map(|text| {
                    view! { <span class="small muted truncate" dir="auto" title=capped(&text)>{text.clone()}</span> }
                })}
            </th>
            <td>
                <span class="row row--tight">
                    <OrgName name=sync.left.clone()/>
                    <Icon shape=Shape::ArrowRight small=true/>
                    <span class="sr-only">"to"</span>
                    <OrgName name=sync.right.clone()/>
                </span>
            </td>
            <td class="nowrap">{counted(sync.objects.len() as u64, "object", "objects")}</td>
            <td>{state}</td>
            <td class="nowrap">{when}</td>
            <td class="num">{written}</td>
            <td class="num">{open}</td>
            <td class="syncs__menu">
                <Menu label=menu_label icon=Shape::More icon_only=true kind=Kind::Ghost size=Size::Small items/>
            </td>
        </tr>
    }
}

/// What can be done with a sync.
fn items(listing: &SyncListing, orders: StoredValue<Orders>) -> Vec<MenuItem> {
    let name = listing.sync.name.clone();
    let go = |tab| {
        let name = name.clone();
        move || orders.with_value(|orders| orders.router.go(&Route::Sync(name.clone(), tab)))
    };
    let mut items = vec![
        MenuItem::new("Open the map", go(SyncTab::Map)).icon(Shape::Graph),
        MenuItem::new("Preview a run", go(SyncTab::Preview)).icon(Shape::Eye),
        MenuItem::new("Its runs", go(SyncTab::Runs)).icon(Shape::Runs),
    ];
    if let Some(run) = listing.interrupted {
        let resume = move || orders.with_value(|orders| start(orders, RunOrder::Resume(run)));
        items.push(MenuItem::new("Resume the interrupted run", resume).icon(Shape::Play));
    }
    let enabled = listing.sync.enabled;
    let (word, icon) =
        if enabled { ("Switch off", Shape::Pause) } else { ("Switch on", Shape::Play) };
    let own = name.clone();
    let switched = move || orders.with_value(|orders| switch(orders, own.clone(), !enabled));
    items.push(MenuItem::new(word, switched).icon(icon));
    let remove = move || orders.with_value(|orders| orders.remove.set(Some(name.clone())));
    items.push(MenuItem::new("Delete\u{2026}", remove).icon(Shape::Trash).danger());
    items
}

fn switch(orders: &Orders, sync: String, enabled: bool) {
    let (backend, toasts) = (orders.backend.clone(), orders.toasts);
    spawn_local(async move {
        if let Err(problem) = backend.ask::<SyncSwitch>(SwitchRequest { sync, enabled }).await {
            toasts.push(Tone::Err, problem.text, problem.hint, None);
        }
    });
}

fn start(orders: &Orders, order: RunOrder) {
    let (backend, toasts) = (orders.backend.clone(), orders.toasts);
    spawn_local(async move {
        if let Err(problem) = backend.ask::<RunStart>(order).await {
            toasts.push(Tone::Err, problem.text, problem.hint, None);
        }
    });
}

/// A name as a tooltip: the beginning of an endless one is enough.
fn capped(text: &str) -> String {
    const LONGEST: usize = 300;
    text.chars().take(LONGEST).collect()
}
