//! One org at a glance: who it is from the ledger, and how it is from the org itself.

use isthmus_contract::command::OrgHealthCheck;
use isthmus_contract::console::Topic;
use isthmus_contract::health::{Health, OrgHealth};
use isthmus_contract::org::{OrgState, OrgView};
use isthmus_contract::problem::Problem;
use leptos::prelude::*;

use crate::components::badge::{Badge, Tone};
use crate::components::button::{Button, ButtonLink, Kind, Size};
use crate::components::icon::{Icon, Shape};
use crate::components::ids::unique_id;
use crate::components::org_tile::OrgTile;
use crate::components::progress::Meter;
use crate::components::skeleton::Skeleton;
use crate::components::time::RelativeTime;
use crate::format::{clipped, grouped};
use crate::route::Route;
use crate::state::asked::{Answered, Asked};

/// What the org answered; `None` while it is asked.
type Answer = Option<Answered<OrgHealthCheck>>;

/// The card. An org that does not answer says so in its own card and nowhere else.
#[component]
pub(super) fn OrgCard(org: OrgView) -> impl IntoView {
    let OrgView { name, label, username, state, api_version, connected_at, .. } = org;
    let is_connected = state == OrgState::Connected;
    let asked_name = name.clone();
    let asked = Asked::<OrgHealthCheck>::new(&[Topic::Orgs], move || {
        is_connected.then(|| asked_name.clone())
    });
    let id = unique_id("org-card");
    let labelled_by = id.clone();
    let who = format!("{label}, {username}");
    view! {
        <article class="panel org-card" aria-labelledby=labelled_by data-test="org-card">
            <header class="org-card__head">
                <OrgTile name=name.clone()/>
                <div class="grow">
                    <h3 id=id class="truncate" title=clipped(&name, 300) dir="auto">
                        <a href=Route::Org(name.clone()).href()>{clipped(&name, 300)}</a>
                    </h3>
                    <p class="small subtle truncate" title=clipped(&who, 300) dir="auto">{clipped(&who, 300)}</p>
                </div>
                {move || asked.answer.with(|answer| badge(is_connected, answer))}
            </header>
            <div class="org-card__use">
                {move || if is_connected {
                    usage(asked.answer.get(), asked)
                } else {
                    disconnected(&name)
                }}
            </div>
            <dl class="org-card__facts">
                <div><dt>"Latency"</dt><dd>{move || asked.answer.with(|answer| latency(is_connected, answer))}</dd></div>
                <div><dt>"Signed in"</dt><dd><RelativeTime at=connected_at/></dd></div>
                <div><dt>"API"</dt><dd>{api_version}</dd></div>
            </dl>
        </article>
    }
}

fn badge(is_connected: bool, answer: &Answer) -> impl IntoView + use<> {
    let (tone, icon, text) = match answer {
        _ if !is_connected => (Tone::Neutral, Shape::Offline, "Disconnected"),
        None => (Tone::Neutral, Shape::Clock, "Asking"),
        Some(Ok(OrgHealth { health: Health::Good, .. })) => (Tone::Ok, Shape::Check, "Connected"),
        Some(Ok(OrgHealth { health: Health::Warning, .. })) => {
            (Tone::Warn, Shape::Warn, "Worth a look")
        }
        Some(Ok(OrgHealth { health: Health::Bad, .. }) | Err(_)) => {
            (Tone::Err, Shape::Fault, "No answer")
        }
    };
    view! { <Badge tone icon text/> }
}

/// How much of the day's API calls is used, or why that is not known.
fn usage(answer: Answer, asked: Asked<OrgHealthCheck>) -> AnyView {
    match answer {
        None => view! {
            <span class="muted small">"API calls, 24 h"</span>
            <span class="small push"><Skeleton/></span>
            <span class="sr-only" role="status">"Asking the org"</span>
            <div class="meter" aria-hidden="true"></div>
        }
        .into_any(),
        Some(Err(Problem { text, hint, code, .. })) => {
            view! { <Unwell text=text hint=format!("{hint} ({})", code.as_str()) asked/> }.into_any()
        }
        Some(Ok(health)) if health.health == Health::Bad => {
            view! { <Unwell text=health.found hint="Test the connection on the org's page".to_owned() asked/> }.into_any()
        }
        Some(Ok(health)) => calls(&health),
    }
}

fn calls(health: &OrgHealth) -> AnyView {
    let (Some(used), Some(allowed)) = (health.calls_used, health.calls_allowed) else {
        return view! { <span class="small muted">"The org does not tell how many API calls are used"</span> }.into_any();
    };
    let tone = if health.health == Health::Warning { Tone::Warn } else { Tone::Neutral };
    let left = format!("{} left", grouped(allowed.saturating_sub(used)));
    view! {
        <span class="muted small">"API calls, 24 h"</span>
        <span class="small push"><b class="strong">{grouped(used)}</b> <span class="subtle">" of " {grouped(allowed)}</span></span>
        <Meter label="API calls used" used allowed tone/>
        <span class="small subtle">{left}</span>
        {(tone == Tone::Warn).then(|| {
            let own = format!("{}: ", health.org);
            let found = clipped(health.found.strip_prefix(&own).unwrap_or(&health.found), 300);
            let full = found.clone();
            view! { <span class="small warn truncate push org-card__found" title=full dir="auto">{found}</span> }
        })}
    }
    .into_any()
}

/// What keeps an org from answering, in its card.
#[component]
fn Unwell(text: String, hint: String, asked: Asked<OrgHealthCheck>) -> impl IntoView {
    let full = clipped(&format!("{text}. {hint}"), 300);
    view! {
        <div class="org-card__unwell" role="status" title=full>
            <p class="small err row row--tight"><Icon shape=Shape::Fault small=true/><span class="truncate" dir="auto">{clipped(&text, 300)}</span></p>
            <p class="small muted org-card__hint" dir="auto">{clipped(&hint, 300)}</p>
        </div>
        <Button kind=Kind::Ghost size=Size::Small icon=Shape::Retry on_press=move || asked.again()>"Ask again"</Button>
    }
}

fn disconnected(name: &str) -> AnyView {
    view! {
        <p class="small muted grow">"Its grant was given back. Syncs of it wait until it is connected again."</p>
        <ButtonLink href=Route::Connect(Some(name.to_owned())).href() size=Size::Small>"Connect again"</ButtonLink>
    }
    .into_any()
}

fn latency(is_connected: bool, answer: &Answer) -> AnyView {
    match answer {
        None if is_connected => view! { <Skeleton/> }.into_any(),
        Some(Ok(OrgHealth { latency_ms: Some(latency), .. })) => {
            format!("{} ms", grouped(*latency)).into_any()
        }
        _ => view! { <span class="subtle">"not known"</span> }.into_any(),
    }
}
