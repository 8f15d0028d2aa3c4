//! What chance does in a simulation: faults, edits by users, crashes.

use http::Request;
use isthmus_model::document::{EditedTargetPolicy, FirstContactPolicy, NullPolicy};
use orgsim::faults::{Fault, Kind, Moment};
use orgsim::router::{SharedOrg, answer, lock};
use orgsim::rows::{Row, text};
use rand::RngExt as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::observer::{OBJECTS, Observer};

/// Fields that users edit, by object.
const EDITED: [(&str, &[&str]); 3] = [
    ("Account", &["Name", "Phone", "BillingCity"]),
    ("Contact", &["LastName", "Phone"]),
    ("Site__c", &["Name", "City__c"]),
];

pub(super) fn percent(random: &mut StdRng, chance: u32) -> bool {
    random.random_range(0..100) < chance
}

pub(super) fn pick<T: Clone>(random: &mut StdRng, from: &[T]) -> T {
    from[random.random_range(0..from.len())].clone()
}

/// Policies of one simulation.
pub(super) fn policies(
    random: &mut StdRng,
) -> (EditedTargetPolicy, FirstContactPolicy, NullPolicy, bool) {
    let edited = [
        EditedTargetPolicy::Overwrite,
        EditedTargetPolicy::Overwrite,
        EditedTargetPolicy::Leave,
        EditedTargetPolicy::Report,
    ];
    let first = [
        FirstContactPolicy::Left,
        FirstContactPolicy::Left,
        FirstContactPolicy::Left,
        FirstContactPolicy::Left,
        FirstContactPolicy::Left,
        FirstContactPolicy::Left,
        FirstContactPolicy::Right,
        FirstContactPolicy::FillBlanks,
        FirstContactPolicy::Newest,
        FirstContactPolicy::Ask,
    ];
    let nulls = [NullPolicy::Clear, NullPolicy::Clear, NullPolicy::Keep];
    (pick(random, &edited), pick(random, &first), pick(random, &nulls), percent(random, 70))
}

/// Lets one thing go wrong, mostly in the target org and mostly with writes.
pub(super) fn fault(random: &mut StdRng, orgs: &[SharedOrg; 2]) {
    let side = usize::from(percent(random, 75));
    let mut org = lock(&orgs[side]);
    // Two delays of one request would add up to more than any request lasts.
    let delays = |fault: &Fault| matches!(fault.kind, Kind::Latency { .. });
    let delayed = org.faults.waiting().iter().any(delays);
    let kind = kind(random, delayed);
    let mut fault = Fault::new(kind).after(random.random_range(0..4));
    fault = fault.times(if percent(random, 85) { 1 } else { random.random_range(2..8) });
    if percent(random, 65) {
        fault = fault.path_contains("composite/sobjects");
        if percent(random, 60) {
            fault = fault.method("PATCH");
        }
    } else if percent(random, 30) {
        fault = fault.method("GET");
    }
    if percent(random, 30) {
        fault = fault.object(pick(random, &OBJECTS));
    }
    org.faults.add(fault);
}

fn kind(random: &mut StdRng, delayed: bool) -> Kind {
    let error = |status, code: &str| Kind::Error {
        status,
        error_code: code.to_owned(),
        message: "Something went wrong.".to_owned(),
    };
    match random.random_range(0..13) {
        0..=2 => Kind::ReplyLost,
        3 => Kind::RequestLost,
        4 => Kind::CutBody,
        5 => Kind::Unavailable,
        6 => Kind::Html200,
        7 => Kind::RowLock { row_id: None },
        8 => error(500, "UNKNOWN_EXCEPTION"),
        9 => error(403, "REQUEST_LIMIT_EXCEEDED"),
        10 => Kind::RevokeToken,
        11 if !delayed => {
            Kind::Latency { milliseconds: random.random_range(1..200_000), when: Moment::After }
        }
        // A request is on its way for less than the client's time-out.
        12 if !delayed => {
            Kind::Latency { milliseconds: random.random_range(1..140_000), when: Moment::Before }
        }
        _ => error(503, "SERVER_UNAVAILABLE"),
    }
}

/// One edit by a user of an org.
pub(super) fn user_edit(
    random: &mut StdRng,
    orgs: &[SharedOrg; 2],
    side: usize,
    observer: &mut Observer,
) {
    match (side, random.random_range(0..100)) {
        (0, 0..=19) => create(random, orgs, observer),
        (0, 20..=24) => remove(random, orgs, side),
        (0, 25..=34) => move_contact(random, &orgs[0]),
        (0, 35..=37) => change_key_case(random, &orgs[0]),
        (1, 0..=3) => remove(random, orgs, side),
        _ => change(random, orgs, side, observer),
    }
    observer.accept();
}

fn change(random: &mut StdRng, orgs: &[SharedOrg; 2], side: usize, observer: &mut Observer) {
    let fresh = observer.fresh.take().filter(|_| side == 1);
    let (object, fields) = match &fresh {
        Some((object, _)) => EDITED[OBJECTS.iter().position(|own| own == object).unwrap_or(0)],
        None => pick(random, &EDITED),
    };
    let field = pick(random, fields);
    let row = any_row(random, &orgs[side], object);
    let id = fresh.map(|(_, id)| id).or(row.and_then(|row| text(&row, "Id").map(str::to_owned)));
    let Some(id) = id else { return };
    // Names cannot be blank.
    let blank = !field.ends_with("Name") && percent(random, 15);
    let value = if blank { Value::Null } else { Value::from(observer.new_value(side)) };
    let body = json!({ "object": object, "rows": [{ "Id": id, field: value }] });
    if control(&orgs[side], "POST", "rows", &body) && side == 1 {
        observer.edited_target(object, &id, field, value);
    }
}

fn create(random: &mut StdRng, orgs: &[SharedOrg; 2], observer: &mut Observer) {
    let name = observer.new_value(0);
    let key = format!("SIM-{}", name.replace(' ', "-"));
    let account = any_row(random, &orgs[0], "Account");
    let parent = account.as_ref().and_then(|row| text(row, "Id")).map(str::to_owned);
    let (object, row) = match (random.random_range(0..3), parent) {
        (1, parent) => {
            ("Contact", json!({ "LastName": name, "ERP_Key__c": key, "AccountId": parent }))
        }
        (2, Some(parent)) => {
            ("Site__c", json!({ "Name": name, "ERP_Key__c": key, "Account__c": parent }))
        }
        _ => ("Account", json!({ "Name": name, "ERP_Key__c": key })),
    };
    control(&orgs[0], "POST", "rows", &json!({ "object": object, "rows": [row] }));
}

fn remove(random: &mut StdRng, orgs: &[SharedOrg; 2], side: usize) {
    let object = pick(random, &["Contact", "Site__c"]);
    let Some(row) = any_row(random, &orgs[side], object) else { return };
    let id = text(&row, "Id").unwrap_or_default();
    control(&orgs[side], "DELETE", &format!("rows?object={object}&id={id}"), &Value::Null);
}

fn move_contact(random: &mut StdRng, org: &SharedOrg) {
    let Some(contact) = any_row(random, org, "Contact") else { return };
    let account = any_row(random, org, "Account").filter(|_| percent(random, 80));
    let row = json!({ "Id": contact["Id"], "AccountId": account.map(|row| row["Id"].clone()) });
    control(org, "POST", "rows", &json!({ "object": "Contact", "rows": [row] }));
}

fn change_key_case(random: &mut StdRng, org: &SharedOrg) {
    let object = pick(random, &OBJECTS);
    let Some(row) = any_row(random, org, object) else { return };
    let Some(key) = text(&row, "ERP_Key__c") else { return };
    let row = json!({ "Id": row["Id"], "ERP_Key__c": key.to_lowercase() });
    control(org, "POST", "rows", &json!({ "object": object, "rows": [row] }));
}

pub(super) fn any_row(random: &mut StdRng, org: &SharedOrg, object: &str) -> Option<Row> {
    let org = lock(org);
    let rows: Vec<&Row> = org.tables.get(object)?.live_rows().collect();
    (!rows.is_empty()).then(|| rows[random.random_range(0..rows.len())].clone())
}

/// A call of the control endpoint; it needs no time. False when the org refuses it.
pub(super) fn control(org: &SharedOrg, method: &str, path: &str, body: &Value) -> bool {
    let address = lock(org).instance_url.clone();
    let request = Request::builder()
        .method(method)
        .uri(format!("{address}/__orgsim/{path}"))
        .header("content-type", "application/json")
        .body(bytes_of(body))
        .expect("a request");
    let answered = pin!(answer(org, request)).poll(&mut Context::from_waker(Waker::noop()));
    matches!(answered, Poll::Ready(Ok(response)) if response.status().is_success())
}

fn bytes_of(body: &Value) -> axum::body::Bytes {
    if body.is_null() { axum::body::Bytes::new() } else { body.to_string().into() }
}
