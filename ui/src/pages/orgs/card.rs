//! One org of the list: who it is, how it is now, and what can be done.

use isthmus_contract::command::OrgHealthCheck;
use isthmus_contract::org::{OrgState, OrgView};
use leptos::prelude::*;

use crate::components::badge::Badge;
use crate::components::button::{Button, ButtonLink, Kind, Size};
use crate::components::icon::Shape;
use crate::components::ids::unique_id;
use crate::components::menu::{Menu, MenuItem};
use crate::components::org_tile::OrgTile;
use crate::pages::org::health::{ApiCalls, Found};
use crate::pages::orgs::Orders;
use crate::pages::orgs::words::{capped, clock_words, line, standing};
use crate::route::{Route, Router};
use crate::state::asked::Asked;

/// The card.
#[component]
pub(crate) fn OrgCard(
    /// The org.
    org: OrgView,
    /// Where orders go.
    orders: Orders,
) -> impl IntoView {
    let is_connected = org.state == OrgState::Connected;
    let asked_name = org.name.clone();
    let health =
        Asked::<OrgHealthCheck>::new(&[], move || is_connected.then(|| asked_name.clone()));
    let id = unique_id("org");
    let labelled = id.clone();
    let href = Route::Org(org.name.clone()).href();
    let (about, title) = (line(&org), capped(&org.name));
    let state = org.state;
    let badge = move || {
        let answer = health.answer.get();
        let known = answer.as_ref().and_then(|answer| answer.as_ref().ok());
        let (tone, icon, text) = standing(state, known);
        view! { <Badge tone icon text/> }
    };
    view! {
        <article class="panel orgs-card" aria-labelledby=labelled data-test="org-card" data-org-state=state_word(state)>
            <header class="orgs-card__head">
                <OrgTile name=org.name.clone()/>
                <div class="grow">
                    <h2 class="truncate" id=id dir="auto" title=title>
                        <a class="row-link" href=href data-test="org-open">{org.name.clone()}</a>
                    </h2>
                    <p class="small subtle truncate">{about}</p>
                </div>
                {badge}
            </header>
            {if is_connected { view! { <Live health/> }.into_any() } else { view! { <Away/> }.into_any() }}
            <dl class="orgs-card__facts">
                <div>
                    <dt>"Organization"</dt>
                    <dd class="truncate" dir="auto" title=capped(&org.label)>{capped(&org.label)}</dd>
                </div>
                <div>
                    <dt>"Org id"</dt>
                    <dd class="truncate"><code>{org.org_id.to_string()}</code></dd>
                </div>
                <div class="orgs-card__wide">
                    <dt>"User"</dt>
                    <dd class="truncate" dir="auto" title=capped(&org.username)>{capped(&org.username)}</dd>
                </div>
            </dl>
            <Actions org orders/>
        </article>
    }
}

fn state_word(state: OrgState) -> &'static str {
    if state == OrgState::Connected { "connected" } else { "disconnected" }
}

/// What the org answered just now.
#[component]
fn Live(health: Asked<OrgHealthCheck>) -> impl IntoView {
    let latency = move || match health.answer.get() {
        Some(Ok(known)) => known.latency_ms.map_or("not known".to_owned(), |ms| format!("{ms} ms")),
        _ => "…".to_owned(),
    };
    let clock = move || match health.answer.get() {
        Some(Ok(known)) => clock_words(known.clock_offset_seconds),
        _ => "…".to_owned(),
    };
    view! {
        <div class="orgs-card__use"><ApiCalls health/></div>
        <Found health/>
        <dl class="orgs-card__facts">
            <div><dt>"Latency"</dt><dd>{latency}</dd></div>
            <div><dt>"Org's clock"</dt><dd>{clock}</dd></div>
        </dl>
    }
}

/// What stands there for an org that is not asked.
#[component]
fn Away() -> impl IntoView {
    view! {
        <p class="orgs-card__away small muted">
            "Its tokens are gone from this computer. What the ledger knows of its records stays; connect it again to go on."
        </p>
    }
}

#[component]
fn Actions(org: OrgView, orders: Orders) -> impl IntoView {
    let again = Route::Connect(Some(org.name.clone())).href();
    if org.state == OrgState::Disconnected {
        return view! {
            <footer class="panel__foot">
                <ButtonLink href=again size=Size::Small icon=Shape::External attr:data-test="org-connect-again">
                    "Connect again"
                </ButtonLink>
            </footer>
        }
        .into_any();
    }
    let (tested, left) = (org.name.clone(), org.name.clone());
    let label = format!("More for {}", capped(&org.name));
    let router = Router::of_this_app();
    let items = move || {
        let (again, left) = (Route::Connect(Some(org.name.clone())), left.clone());
        vec![
            MenuItem::new("Connect again", move || router.go(&again)).icon(Shape::External),
            MenuItem::new("Disconnect", move || orders.disconnect.set(Some(left.clone())))
                .icon(Shape::Offline)
                .danger(),
        ]
    };
    view! {
        <footer class="panel__foot">
            <Button
                size=Size::Small
                icon=Shape::Bolt
                on_press=move || orders.test.set(Some(tested.clone()))
                attr:data-test="org-test"
            >
                "Test connection"
            </Button>
            <span class="push" data-test="org-more">
                <Menu label=label icon=Shape::More icon_only=true kind=Kind::Ghost size=Size::Small items=Signal::derive(items)/>
            </span>
        </footer>
    }
    .into_any()
}
