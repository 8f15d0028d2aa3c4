//! Is everything all right? Orgs, syncs and alerts at a glance; and the way from an empty workspace to a first run.

mod chart;
mod guide;
mod needs;
mod org_card;
mod sync_table;

use isthmus_contract::command;
use isthmus_contract::console::Topic;
use isthmus_contract::health::Alert;
use isthmus_contract::org::OrgView;
use isthmus_contract::overview::{DayRows, OverviewView};
use isthmus_contract::problem::Problem;
use isthmus_contract::sync::SyncListing;
use leptos::prelude::*;

use crate::components::button::{ButtonLink, Kind, Size};
use crate::components::icon::Shape;
use crate::components::menu::{Menu, MenuItem};
use crate::components::page::PageFrame;
use crate::components::problem::ProblemView;
use crate::components::skeleton::{SkeletonLines, SkeletonRows};
use crate::format::{clipped, grouped};
use crate::pages::overview::chart::RowsChart;
use crate::pages::overview::guide::Guide;
use crate::pages::overview::needs::NeedsYou;
use crate::pages::overview::org_card::OrgCard;
use crate::pages::overview::sync_table::SyncTable;
use crate::route::{Route, Router, SyncTab};
use crate::state::asked::Asked;

/// What changes this page.
const TOPICS: &[Topic] = &[Topic::Workspace, Topic::Orgs, Topic::Syncs, Topic::Runs];

/// How many orgs have a card here; each asks its org how it is. The page of all orgs has the others.
const CARDS: usize = 12;

/// How many syncs have a row here.
const SYNCS: usize = 20;

/// How many syncs the primary action offers.
const OFFERED: usize = 12;

/// How the page stands.
#[derive(Debug, Clone, PartialEq)]
enum Stand {
    Waiting,
    Refused(Problem),
    /// Nothing has been carried out yet.
    FirstRun,
    Running,
}

/// The parts of the answer, so that a run that ends draws anew only what it changed, and no org is asked again for it.
#[derive(Clone, Copy)]
struct Parts {
    stand: Memo<Stand>,
    orgs: Memo<Vec<OrgView>>,
    syncs: Memo<Vec<SyncListing>>,
    alerts: Memo<Vec<Alert>>,
    days: Memo<Vec<DayRows>>,
}

/// The page.
#[component]
pub(crate) fn Overview() -> impl IntoView {
    let asked = Asked::<command::Overview>::new(TOPICS, || Some(()));
    let parts = parts(asked);
    let actions = move || view! { <SyncNow parts/> };
    view! {
        <PageFrame title="Overview" actions>
            {move || match parts.stand.get() {
                Stand::Waiting => view! { <Waiting/> }.into_any(),
                Stand::Refused(problem) => view! {
                    <div class="page__body gate">
                        <h2 class="sr-only">"The overview could not be read"</h2>
                        <ProblemView problem on_retry=move || asked.again()/>
                    </div>
                }
                .into_any(),
                Stand::FirstRun => view! { <FirstRun parts/> }.into_any(),
                Stand::Running => view! { <Running parts/> }.into_any(),
            }}
        </PageFrame>
    }
}

fn parts(asked: Asked<command::Overview>) -> Parts {
    fn part<T: Clone + PartialEq + Default + Send + Sync + 'static>(
        asked: Asked<command::Overview>,
        read: fn(&OverviewView) -> T,
    ) -> Memo<T> {
        Memo::new(move |_| {
            asked.answer.with(|answer| match answer {
                Some(Ok(view)) => read(view),
                _ => T::default(),
            })
        })
    }
    Parts {
        stand: Memo::new(move |_| asked.answer.with(|answer| stand(answer.as_ref()))),
        orgs: part(asked, |view| view.orgs.clone()),
        syncs: part(asked, |view| view.syncs.clone()),
        alerts: part(asked, |view| view.alerts.clone()),
        days: part(asked, |view| view.days.clone()),
    }
}

fn stand(answer: Option<&Result<OverviewView, Problem>>) -> Stand {
    match answer {
        None => Stand::Waiting,
        Some(Err(problem)) => Stand::Refused(problem.clone()),
        Some(Ok(view)) if guide::is_over(&view.syncs, &view.days) => Stand::Running,
        Some(Ok(_)) => Stand::FirstRun,
    }
}

/// The primary action: the preview of the one sync, or the choice among several. In a first run the guide has it.
#[component]
fn SyncNow(parts: Parts) -> impl IntoView {
    let router = Router::of_this_app();
    let names = Memo::new(move |_| {
        let enabled = parts.syncs.get().into_iter().filter(|listing| listing.sync.enabled);
        enabled.map(|listing| listing.sync.name).collect::<Vec<String>>()
    });
    let item = move |name: String| {
        let route = Route::Sync(name.clone(), SyncTab::Preview);
        MenuItem::new(clipped(&name, 60), move || router.go(&route))
    };
    move || {
        if parts.stand.get() != Stand::Running {
            return ().into_any();
        }
        match names.get().as_slice() {
            [] => ().into_any(),
            [name] => {
                let href = Route::Sync(name.clone(), SyncTab::Preview).href();
                view! {
                    <ButtonLink href kind=Kind::Primary icon=Shape::Play attr:data-test="sync-now">"Sync now"</ButtonLink>
                }
                .into_any()
            }
            _ => {
                let items = Signal::derive(move || {
                    names.get().into_iter().take(OFFERED).map(item).collect()
                });
                view! {
                    <Menu label="Sync now" icon=Shape::Play kind=Kind::Primary items attr:data-test="sync-now"/>
                }
                .into_any()
            }
        }
    }
}

/// The panels in their places, before anything is known.
#[component]
fn Waiting() -> impl IntoView {
    view! {
        <div class="page__body scroll overview" data-test="overview-waiting">
            <section class="panel overview__needs"><div class="panel__body"><SkeletonLines what="what needs you" lines=5/></div></section>
            <section class="panel overview__chart"><div class="panel__body"><SkeletonLines what="the rows of thirty days" lines=5/></div></section>
            <section class="panel overview__syncs"><SkeletonRows what="orgs and syncs"/></section>
        </div>
    }
}

/// The guide, and below it what is there already.
#[component]
fn FirstRun(parts: Parts) -> impl IntoView {
    let Parts { orgs, syncs, alerts, .. } = parts;
    let has_orgs = Memo::new(move |_| !orgs.read().is_empty());
    // That no org is connected is the guide's own first step.
    let has_alerts = Memo::new(move |_| has_orgs.get() && !alerts.read().is_empty());
    let has_syncs = Memo::new(move |_| !syncs.read().is_empty());
    view! {
        <div class="page__body scroll overview" data-test="overview-first-run">
            <Guide orgs syncs/>
            {move || has_alerts.get().then(|| view! { <div class="overview__wide"><NeedsYou alerts orgs syncs/></div> })}
            {move || has_orgs.get().then(|| view! { <Orgs orgs/> })}
            {move || has_syncs.get().then(|| view! { <Syncs syncs/> })}
        </div>
    }
}

/// Everything at a glance.
#[component]
fn Running(parts: Parts) -> impl IntoView {
    let Parts { orgs, syncs, alerts, days, .. } = parts;
    view! {
        <div class="page__body scroll overview" data-test="overview">
            <NeedsYou alerts orgs syncs/>
            <RowsChart days/>
            <Orgs orgs/>
            <Syncs syncs/>
        </div>
    }
}

#[component]
fn Orgs(orgs: Memo<Vec<OrgView>>) -> impl IntoView {
    let more = move || orgs.read().len().saturating_sub(CARDS);
    view! {
        <section class="overview__orgs" aria-labelledby="overview-orgs">
            <div class="section-title">
                <h2 id="overview-orgs">"Orgs"</h2>
                <span class="push row">
                    {move || (more() > 0).then(|| view! {
                        <ButtonLink href=Route::Orgs.href() kind=Kind::Ghost size=Size::Small>
                            {format!("All {} orgs", grouped(orgs.read().len() as u64))}
                        </ButtonLink>
                    })}
                    <ButtonLink href=Route::Connect(None).href() kind=Kind::Ghost size=Size::Small icon=Shape::Plus>"Connect org"</ButtonLink>
                </span>
            </div>
            <div class="overview__cards">
                {move || orgs.get().into_iter().take(CARDS).map(|org| view! { <OrgCard org/> }).collect_view()}
            </div>
        </section>
    }
}

#[component]
fn Syncs(syncs: Memo<Vec<SyncListing>>) -> impl IntoView {
    let all = move || match syncs.read().len() {
        count if count > SYNCS => format!("All {} syncs", grouped(count as u64)),
        _ => "All syncs".to_owned(),
    };
    view! {
        <section class="overview__syncs" aria-labelledby="overview-syncs">
            <div class="section-title">
                <h2 id="overview-syncs">"Syncs"</h2>
                <span class="push">
                    <ButtonLink href=Route::Syncs.href() kind=Kind::Ghost size=Size::Small>{all}</ButtonLink>
                </span>
            </div>
            <SyncTable syncs most=SYNCS/>
        </section>
    }
}
