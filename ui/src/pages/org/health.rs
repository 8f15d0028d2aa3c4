//! What an org answered when it was asked how it is.

use isthmus_contract::command::OrgHealthCheck;
use isthmus_contract::health::{Health, OrgHealth};
use leptos::prelude::*;

use crate::components::badge::Tone;
use crate::components::icon::{Icon, Shape};
use crate::components::progress::Meter;
use crate::components::skeleton::Skeleton;
use crate::format::grouped;
use crate::pages::orgs::words::capped;
use crate::state::asked::Asked;

/// How many of the calls allowed in a day are used.
#[component]
pub(crate) fn ApiCalls(
    /// The org's answer.
    health: Asked<OrgHealthCheck>,
) -> impl IntoView {
    move || {
        match health.answer.get() {
        None => view! { <span class="small muted">"API calls, 24 h"</span><span class="push"><Skeleton/></span> }.into_any(),
        Some(Ok(OrgHealth { calls_used: Some(used), calls_allowed: Some(allowed), health, .. })) => {
            calls(used, allowed, health).into_any()
        }
        Some(_) => view! {
            <span class="small muted">"API calls, 24 h"</span>
            <span class="small subtle push">"not known"</span>
        }
        .into_any(),
    }
    }
}

fn calls(used: u64, allowed: u64, health: Health) -> impl IntoView {
    let tone = if health == Health::Good { Tone::Neutral } else { Tone::Warn };
    view! {
        <span class="small muted">"API calls, 24 h"</span>
        <span class="small push">
            <b class="strong">{grouped(used)}</b>
            <span class="subtle">" of " {grouped(allowed)}</span>
        </span>
        <Meter label="API calls used" used=Signal::stored(used) allowed=Signal::stored(allowed) tone=Signal::stored(tone)/>
    }
}

/// What is so, where it is not good: the org's words or why it could not be asked.
#[component]
pub(crate) fn Found(
    /// The org's answer.
    health: Asked<OrgHealthCheck>,
) -> impl IntoView {
    let finding = move || match health.answer.get() {
        Some(Ok(known)) if known.health != Health::Good => {
            Some((known.health, known.found, String::new()))
        }
        Some(Err(problem)) => Some((Health::Bad, problem.text, problem.hint)),
        _ => None,
    };
    move || {
        finding().map(|(health, text, hint)| {
            let (class, shape) = match health {
                Health::Bad => ("orgs-card__found err", Shape::Fault),
                Health::Warning | Health::Good => ("orgs-card__found warn", Shape::Warn),
            };
            let title = capped(&format!("{text} {hint}"));
            view! {
                <p class=class title=title>
                    <Icon shape small=true/>
                    <span class="small clamp" dir="auto">{capped(&text)}</span>
                </p>
            }
        })
    }
}
