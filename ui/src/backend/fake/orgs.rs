//! Answers about orgs.

mod login;
mod probe;

use std::collections::BTreeSet;

use isthmus_contract::command::{
    OrgConnect, OrgConnectCancel, OrgDisconnect, OrgFields, OrgGuide, OrgHealthCheck, OrgLastLogin,
    OrgList, OrgObjects, OrgTest,
};
use isthmus_contract::console::{ConsoleEvent, Topic};
use isthmus_contract::org::{
    ConnectGuide, ConnectOrder, DisconnectView, GrantEnd, LoginTraceView, OrgState, OrgView,
};
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::request::LoginHost;
use jiff::Timestamp;
use serde_json::Value;

use crate::backend::fake::data::{
    EMEA, SALES, SERVICE, endless, org_id, org_names, unreachable, unreadable_ledger,
};
use crate::backend::fake::watch::tell;
use crate::backend::fake::{Question, Scenario, fields};

pub(super) use login::tell_login;

/// What pages changed among the orgs.
#[derive(Default)]
pub(super) struct Changes {
    connected: Vec<OrgView>,
    disconnected: BTreeSet<String>,
    /// The login that waits was given up.
    given_up: bool,
    last_login: Option<LoginTraceView>,
}

/// The answer, where the question is of this domain.
pub(super) fn answer(question: &mut Question) -> Option<Result<Value, Problem>> {
    question
        .answer::<OrgList>(|question, ()| orgs(question))
        .or_else(|| question.answer::<OrgGuide>(|_, ()| Ok(guide())))
        .or_else(|| question.answer::<OrgConnect>(connect))
        .or_else(|| {
            question.answer::<OrgConnectCancel>(|question, ()| {
                question.world().orgs.given_up = true;
                Ok(())
            })
        })
        .or_else(|| question.answer::<OrgTest>(|question, org| probe::test(question, &org)))
        .or_else(|| {
            question.answer::<OrgHealthCheck>(|question, org| probe::health(question, &org))
        })
        .or_else(|| question.answer::<OrgDisconnect>(disconnect))
        .or_else(|| question.answer::<OrgLastLogin>(|question, ()| Ok(last_login(question))))
        .or_else(|| {
            question.answer::<OrgObjects>(|question, org| fields::objects(&org, question.scenario))
        })
        .or_else(|| {
            question.answer::<OrgFields>(|question, request| {
                fields::object(&request, question.scenario)
            })
        })
}

/// The orgs by name, with what pages changed.
pub(super) fn orgs(question: &Question) -> Result<Vec<OrgView>, Problem> {
    if question.scenario == Scenario::Failing {
        return Err(unreadable_ledger());
    }
    let world = question.world();
    let names = org_names(question.scenario).into_iter().enumerate();
    let mut orgs: Vec<OrgView> = names.map(|(place, name)| demo_org(place, name)).collect();
    if question.scenario == Scenario::Hostile {
        orgs.iter_mut().skip(2).for_each(|org| org.state = OrgState::Disconnected);
    }
    for new in &world.orgs.connected {
        orgs.retain(|org| org.name != new.name);
        orgs.push(new.clone());
    }
    for org in &mut orgs {
        if world.orgs.disconnected.contains(&org.name) {
            org.state = OrgState::Disconnected;
        }
    }
    Ok(orgs)
}

/// One org by name.
pub(super) fn org(question: &Question, name: &str) -> Result<OrgView, Problem> {
    orgs(question)?.into_iter().find(|org| org.name == name).ok_or_else(|| {
        let text = format!("no org is connected as {name}");
        Problem::new(Code::OrgUnknown, text, "look the name up in the list of orgs")
    })
}

fn demo_org(place: usize, name: String) -> OrgView {
    let (label, host, domain, version) = match name.as_str() {
        SALES => ("Northwind Traders", "https://login.salesforce.com", "northwind", "68.0"),
        SERVICE => {
            ("Northwind Service", "https://test.salesforce.com", "northwind--full.sandbox", "68.0")
        }
        EMEA => {
            ("Contoso EMEA GmbH", "https://contoso-emea.my.salesforce.com", "contoso-emea", "67.0")
        }
        _ => (name.as_str(), "https://login.salesforce.com", "hostile", "68.0"),
    };
    let username = if place == 2 && domain == "hostile" {
        format!("{}@hostile.example", endless())
    } else {
        format!("integration@{}.example", domain.split('-').next().unwrap_or(domain))
    };
    OrgView {
        org_id: org_id(place),
        label: label.to_owned(),
        username,
        login_url: host.to_owned(),
        instance_url: format!("https://{domain}.my.salesforce.com"),
        client_id: Some("3MVG9demo.consumer.key".to_owned()),
        state: OrgState::Connected,
        api_version: version.to_owned(),
        connected_at: Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(489_600 + 24 * 40),
        name,
    }
}

fn guide() -> ConnectGuide {
    let url = |port: u16| format!("http://localhost:{port}/oauth/callback");
    ConnectGuide {
        callback_urls: [17817, 21817, 27817].map(url).to_vec(),
        scopes: ["api", "refresh_token"].map(str::to_owned).to_vec(),
    }
}

fn connect(question: &mut Question, order: ConnectOrder) -> Result<OrgView, Problem> {
    if std::mem::take(&mut question.world().orgs.given_up) {
        let text = "the sign-in was given up";
        return Err(Problem::new(Code::Cancelled, text, "sign in again when you are ready"));
    }
    let refusal = login::refusal(&order, question.scenario);
    question.world().orgs.last_login = Some(login::trace(&order, refusal.as_ref()));
    if let Some(problem) = refusal {
        return Err(problem);
    }
    let known = org(question, &order.name).ok();
    let place = orgs(question)?.len();
    let view = OrgView {
        org_id: known.map_or_else(|| org_id(place), |known| known.org_id),
        label: order.name.clone(),
        username: "integration@example.com".to_owned(),
        login_url: order.host.url().to_owned(),
        instance_url: match &order.host {
            LoginHost::Custom(url) => url.trim_end_matches('/').to_owned(),
            _ => "https://example.my.salesforce.com".to_owned(),
        },
        client_id: Some(order.client_id.clone()),
        state: OrgState::Connected,
        api_version: "68.0".to_owned(),
        connected_at: Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(489_600 + 24 * 41),
        name: order.name,
    };
    let mut world = question.world();
    world.orgs.disconnected.remove(&view.name);
    world.orgs.connected.retain(|org| org.name != view.name);
    world.orgs.connected.push(view.clone());
    drop(world);
    tell(&ConsoleEvent::Changed(Topic::Orgs));
    Ok(view)
}

fn disconnect(question: &mut Question, name: String) -> Result<DisconnectView, Problem> {
    if question.scenario == Scenario::Failing {
        return Err(unreachable(&name));
    }
    org(question, &name)?;
    question.world().orgs.disconnected.insert(name.clone());
    tell(&ConsoleEvent::Changed(Topic::Orgs));
    let (grant, remedy) = match name.as_str() {
        EMEA => (
            GrantEnd::Standing,
            "end the grant in the org's Setup under Connected Apps OAuth Usage: the org could not be asked to",
        ),
        SERVICE => (GrantEnd::NotOurs, ""),
        _ => (GrantEnd::Revoked, ""),
    };
    Ok(DisconnectView { org: name, grant, remedy: remedy.to_owned() })
}

fn last_login(question: &Question) -> Option<LoginTraceView> {
    let known = question.world().orgs.last_login.clone();
    let is_new = matches!(question.scenario, Scenario::New | Scenario::Empty);
    known.or_else(|| (!is_new).then(login::demo_trace))
}
