//! An org for tests, and calls on it.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::api::handle;
use crate::clock::{Clock, OrgClock};
use crate::faults::Plan;
use crate::ids;
use crate::limits::Usage;
use crate::oauth::Tokens;
use crate::org::{Counters, Org, User};
use crate::rows::{Cursors, Row, Table};
use crate::schema::standard;
use crate::setup::Setup;
use crate::wire::{ApiRequest, ApiResponse};
use crate::{bulk, bulk_v1, soap};

/// When every test begins.
pub(crate) const START: &str = "2026-11-20T10:00:30.700Z";

/// A clock that stands until it is moved.
pub(crate) struct StandingClock(Mutex<Timestamp>);

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// An org with its user and no other rows.
pub(crate) fn org() -> Org {
    let id = ids::organization_id(0);
    let schema = standard::schema();
    let tables = schema.objects.iter();
    let tables = tables.map(|object| (object.name.clone(), Table::new(object, &id))).collect();
    let clock = StandingClock(Mutex::new(START.parse().unwrap()));
    let user = User {
        id: ids::make("005", ids::instance_code(&id), 1),
        username: "admin@example.com".to_owned(),
        password: "secret".to_owned(),
        name: "Ada Admin".to_owned(),
        email: "admin@example.com".to_owned(),
    };
    let mut org = Org {
        name: "sales".to_owned(),
        instance_url: "http://localhost:8701".to_owned(),
        schema,
        tables,
        cursors: Cursors::default(),
        clock: OrgClock::new(Arc::new(clock)),
        rng: ChaCha8Rng::seed_from_u64(1),
        oauth: Tokens::default(),
        setup: Setup::default(),
        bulk: bulk::Jobs::default(),
        bulk_v1: bulk_v1::Jobs::default(),
        soap: soap::Settings::default(),
        faults: Plan::default(),
        limits: Usage::default(),
        state: None,
        counters: Counters::default(),
        user,
        id,
    };
    let row = json!({
        "Id": org.user.id, "LastName": "Admin", "FirstName": "Ada", "IsActive": true,
        "Username": org.user.username, "Email": org.user.email,
    });
    seed(&mut org, "User", row);
    org
}

/// Puts a row in without validation.
pub(crate) fn seed(org: &mut Org, object: &str, row: Value) {
    let Value::Object(row) = row else { panic!("a row is a JSON object") };
    let row: Row = row.into_iter().collect();
    org.tables.get_mut(object).unwrap().insert_seeded(row);
}

/// Moves the org's clock on.
pub(crate) fn pass(org: &mut Org, time: SignedDuration) {
    org.clock.shift += time;
}

/// One call: method, path below the version with its query, and body.
pub(crate) fn call(org: &mut Org, method: &str, path: &str, body: Value) -> ApiResponse {
    call_with(org, method, path, body, &[])
}

/// One call with headers.
#[expect(clippy::needless_pass_by_value, reason = "tests write their bodies in place")]
pub(crate) fn call_with(
    org: &mut Org,
    method: &str,
    path: &str,
    body: Value,
    headers: &[(&str, &str)],
) -> ApiResponse {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let request = ApiRequest {
        method: method.to_owned(),
        version: "68.0".to_owned(),
        segments: path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect(),
        query: query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        headers: headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
    };
    handle(org, &request)
}

/// The body of an answer with this status.
#[track_caller]
pub(crate) fn body(response: ApiResponse, status: u16) -> Value {
    assert_eq!(response.status, status, "{:?}", response.body);
    response.body.unwrap_or(Value::Null)
}

/// The status, code and message of a refusal.
#[track_caller]
pub(crate) fn refusal(response: &ApiResponse) -> (u16, String, String) {
    let error = &response.body.as_ref().unwrap()[0];
    let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
    (response.status, text("errorCode"), text("message"))
}

/// Creates a row and gives its id.
#[track_caller]
pub(crate) fn create(org: &mut Org, object: &str, row: Value) -> String {
    let created = body(call(org, "POST", &format!("sobjects/{object}"), row), 201);
    created["id"].as_str().unwrap().to_owned()
}

/// The whole row as the API shows it.
#[track_caller]
pub(crate) fn read(org: &mut Org, object: &str, id: &str) -> Value {
    body(call(org, "GET", &format!("sobjects/{object}/{id}"), Value::Null), 200)
}

/// The records of a query.
#[track_caller]
pub(crate) fn query(org: &mut Org, soql: &str) -> Vec<Value> {
    let answer = body(query_raw(org, "query", soql), 200);
    answer["records"].as_array().unwrap().clone()
}

/// A query's answer; the text may hold any character.
pub(crate) fn query_raw(org: &mut Org, resource: &str, soql: &str) -> ApiResponse {
    let request = ApiRequest {
        method: "GET".to_owned(),
        version: "68.0".to_owned(),
        segments: vec![resource.to_owned()],
        query: vec![("q".to_owned(), soql.to_owned())],
        headers: Vec::new(),
        body: Vec::new(),
    };
    handle(org, &request)
}

/// One field of each record.
pub(crate) fn column(records: &[Value], field: &str) -> Vec<String> {
    records.iter().map(|record| record[field].as_str().unwrap_or("null").to_owned()).collect()
}
