//! The parts of an org's page.

use isthmus_contract::command::{OrgHealthCheck, OrgLastLogin, SyncList};
use isthmus_contract::console::Topic;
use isthmus_contract::health::{Health, OrgHealth};
use isthmus_contract::org::{LoginTraceView, OrgState, OrgView};
use isthmus_contract::problem::Problem;
use leptos::prelude::*;

use crate::components::badge::{Badge, Tone};
use crate::components::button::{Button, Kind, Size};
use crate::components::icon::{Icon, Shape};
use crate::components::org_tile::{OrgName, OrgTile};
use crate::components::panel::Panel;
use crate::components::problem::ProblemView;
use crate::components::skeleton::SkeletonLines;
use crate::components::time::Time;
use crate::pages::org::health::ApiCalls;
use crate::pages::org::test::{Test, TestResults};
use crate::pages::orgs::words::{capped, clock_words, host_of, host_word, standing};
use crate::route::{Route, SyncTab};
use crate::state::asked::Asked;

/// Identity, health, test, last login and syncs.
#[component]
pub(crate) fn Panels(
    /// The org.
    org: OrgView,
    /// The test that the page's header starts.
    test: Test,
    /// Takes the org's name when somebody wishes to disconnect it.
    wish: RwSignal<Option<String>>,
) -> impl IntoView {
    let is_connected = org.state == OrgState::Connected;
    let (asked, name, user) = (org.name.clone(), org.name.clone(), org.name.clone());
    view! {
        <div class="org-page__panels">
            <div class="org-page__column">
                <Identity org wish/>
                {is_connected.then(|| view! { <LiveHealth name=asked/> })}
                <Users name=user/>
            </div>
            <div class="org-page__column">
                {is_connected.then(|| view! { <Panel title="Connection test"><TestResults test/></Panel> })}
                <LastLogin name/>
            </div>
        </div>
    }
}

#[component]
fn Identity(org: OrgView, wish: RwSignal<Option<String>>) -> impl IntoView {
    let (tone, icon, text) = standing(org.state, None);
    let instance = host_of(&org.instance_url).to_owned();
    let left = org.name.clone();
    let leave = (org.state == OrgState::Connected).then(|| {
        view! {
            <footer class="panel__foot">
                <Button
                    kind=Kind::Danger
                    size=Size::Small
                    icon=Shape::Offline
                    on_press=move || wish.set(Some(left.clone()))
                    attr:data-test="org-disconnect"
                >
                    "Disconnect"
                </Button>
                <span class="small subtle">"Links and history stay"</span>
            </footer>
        }
    });
    view! {
        <section class="panel org-page__identity" aria-labelledby="org-identity">
            <header class="orgs-card__head">
                <OrgTile name=org.name.clone()/>
                <div class="grow">
                    <h2 class="truncate" id="org-identity" dir="auto" title=capped(&org.label)>{org.label.clone()}</h2>
                    <p class="small subtle truncate" title=capped(&org.login_url)>{host_word(&org.login_url)}</p>
                </div>
                <Badge tone icon text/>
            </header>
            <dl class="facts">
                {fact("Org id", view! { <code class="anywhere">{org.org_id.to_string()}</code> }.into_any())}
                {fact("User", view! { <span class="anywhere" dir="auto">{org.username}</span> }.into_any())}
                {fact("Address", view! { <span class="anywhere">{instance}</span> }.into_any())}
                {fact("Login", view! { <span class="anywhere">{host_of(&org.login_url).to_owned()}</span> }.into_any())}
                {fact("API version", org.api_version.into_any())}
                {fact("Connected", view! { <Time at=org.connected_at/> }.into_any())}
            </dl>
            {leave}
        </section>
    }
}

fn fact(word: &'static str, value: AnyView) -> impl IntoView {
    view! { <div><dt>{word}</dt><dd>{value}</dd></div> }
}

#[component]
fn LiveHealth(name: String) -> impl IntoView {
    let health = Asked::<OrgHealthCheck>::new(&[], move || Some(name.clone()));
    let again = move || {
        health.answer.set(None);
        health.again();
    };
    let actions = move || {
        view! {
            <Button kind=Kind::Ghost size=Size::Small icon=Shape::Retry on_press=again attr:data-test="org-health-again">
                "Check again"
            </Button>
        }
    };
    view! {
        <Panel title="Health now" actions>
            {move || match health.answer.get() {
                None => view! { <SkeletonLines what="the org's health" lines=4/> }.into_any(),
                Some(Err(problem)) => view! { <ProblemView problem on_retry=again/> }.into_any(),
                Some(Ok(known)) => view! {
                    {finding(&known)}
                    <div class="org-page__calls"><ApiCalls health/></div>
                    <dl class="facts">
                        {fact("Latency", latency(&known).into_any())}
                        {fact("Org's clock", clock_words(known.clock_offset_seconds).into_any())}
                        {fact("API version", known.api_version.unwrap_or_else(unknown).into_any())}
                    </dl>
                }
                .into_any(),
            }}
        </Panel>
    }
}

fn finding(health: &OrgHealth) -> impl IntoView + use<> {
    let (tone, word) = match health.health {
        Health::Good => (Tone::Ok, "Good"),
        Health::Warning => (Tone::Warn, "Warning"),
        Health::Bad => (Tone::Err, "Bad"),
    };
    view! {
        <p class="org-page__finding" data-test="org-health" data-health=health.health.as_str()>
            <Badge tone text=word/>
            <span class="anywhere" dir="auto">{health.found.clone()}</span>
        </p>
    }
}

fn latency(health: &OrgHealth) -> String {
    health.latency_ms.map_or_else(unknown, |milliseconds| format!("{milliseconds} ms"))
}

fn unknown() -> String {
    "not known".to_owned()
}

/// Syncs that read from or write to the org.
#[component]
fn Users(name: String) -> impl IntoView {
    let syncs = Asked::<SyncList>::new(&[Topic::Syncs], || Some(()));
    let body = move || match syncs.answer.get() {
        None => view! { <SkeletonLines what="syncs" lines=2/> }.into_any(),
        Some(Err(problem)) => faint(&problem).into_any(),
        Some(Ok(all)) => {
            let uses: Vec<_> = all
                .into_iter()
                .map(|listing| listing.sync)
                .filter(|sync| sync.left == name || sync.right == name)
                .collect();
            if uses.is_empty() {
                return view! { <p class="small muted">"No sync reads from this org or writes to it."</p> }.into_any();
            }
            let row = |sync: isthmus_contract::sync::SyncView| {
                let href = Route::Sync(sync.name.clone(), SyncTab::Map).href();
                view! {
                    <li class="org-page__sync">
                        <a class="row-link truncate" href=href dir="auto" title=capped(&sync.name)>{sync.name.clone()}</a>
                        <span class="row row--tight push">
                            <OrgName name=sync.left/>
                            <Icon shape=Shape::ArrowRight small=true/>
                            <OrgName name=sync.right/>
                        </span>
                    </li>
                }
            };
            view! { <ul data-test="org-syncs">{uses.into_iter().map(row).collect_view()}</ul> }
                .into_any()
        }
    };
    view! { <Panel title="Syncs with this org">{body}</Panel> }
}

/// A problem of a part that the page can do without.
fn faint(problem: &Problem) -> impl IntoView {
    let text = problem.text.clone();
    view! { <p class="small fault" title=capped(&problem.hint)><Icon shape=Shape::Fault small=true/>{text}</p> }
}

/// What the last login did, where it was a login to this org.
#[component]
fn LastLogin(name: String) -> impl IntoView {
    let login = Asked::<OrgLastLogin>::new(&[Topic::Orgs], || Some(()));
    move || {
        let trace = match login.answer.get() {
            Some(Ok(Some(trace))) if trace.org == name => trace,
            _ => return ().into_any(),
        };
        view! { <Panel title="Last login">{trace_view(trace)}</Panel> }.into_any()
    }
}

fn trace_view(trace: LoginTraceView) -> impl IntoView {
    let end = match trace.problem {
        None => view! { <Badge tone=Tone::Ok icon=Shape::Check text="Succeeded"/> }.into_any(),
        Some(code) => view! {
            <Badge tone=Tone::Err icon=Shape::Fault text="Refused"/>
            <code class="err">{code.as_str()}</code>
        }
        .into_any(),
    };
    view! {
        <p class="row org-page__finding">
            {end}
            <span class="small subtle push">{host_of(&trace.host).to_owned()} ", " <Time at=trace.at/></span>
        </p>
        <ol class="org-page__trace">
            {trace.steps.into_iter().map(|step| view! { <li class="small anywhere" dir="auto">{step}</li> }).collect_view()}
        </ol>
    }
}
