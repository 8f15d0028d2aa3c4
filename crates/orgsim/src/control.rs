//! The control endpoint `/__orgsim/`: faults, clock, counters, rows, schema, limits and apps of one org.
//!
//! It needs no session; the server binds loopback addresses only. Bodies and answers are JSON, a bad request is 400
//! with `{"error": "…"}`. Nothing here counts as a call, a written row or an automation, and faults do not hit it.
//!
//! A row that becomes visible late, behind a stamp that was read already, is a user edit under a clock that is set back
//! and then forward again.
//!
//! | call | what it does |
//! |---|---|
//! | `GET /__orgsim/org` | name, urls, ids, login of the org |
//! | `GET`, `POST`, `DELETE /__orgsim/faults` | `{"faults":[…],"held":n}`; adds one fault or an array ([`crate::faults::Fault`] as JSON); removes all and releases held answers |
//! | `POST /__orgsim/faults/release` | releases held answers and keeps the faults |
//! | `GET`, `POST /__orgsim/clock` | `{"shift_seconds":n}` sets, `{"advance_seconds":n}` adds; answers `now` and `shift_seconds` |
//! | `POST /__orgsim/transaction`, `…/hold`, `…/release` | `{"since":"2026-11-20T10:00:00Z"}` or `null`: the oldest open transaction; rows in an open transaction, see `control/transactions.rs` |
//! | `POST /__orgsim/chances` | faults by chance: `{"seed":7,"chances":[{"fault":{…},"probability":0.05}]}` or `null` |
//! | `GET`, `POST`, `DELETE /__orgsim/setup` | rules, automations, computed fields, features, see `control/setup.rs` |
//! | `GET`, `POST /__orgsim/users` | users and their permissions, see `control/users.rs` |
//! | `POST /__orgsim/rows/undelete`, `…/erase`, `…/merge` | `{"ids":[…]}`; `{"object","master","losers":[…],"fields"?}` |
//! | `POST /__orgsim/sessions/policy` | `{"idle_seconds":n}` or `null` for two hours |
//! | `GET /__orgsim/counters`, `POST /__orgsim/counters/reset` | [`crate::org::Counters`] |
//! | `GET /__orgsim/rows?object=Account&fields=Id,Name&deleted=true` | live (or deleted) rows as stored, nulls left out unless `fields` asks for them |
//! | `POST /__orgsim/rows` | `{"object","rows":[…],"user_id"?}`: a row with `Id` is updated, one without is inserted, as another user of the org |
//! | `DELETE /__orgsim/rows?object=Account&id=001…` | deletes a row the same way |
//! | `POST /__orgsim/objects`, `POST /__orgsim/fields` | new objects and fields, see `control/definitions.rs` |
//! | `POST /__orgsim/schema` | changes an object or a field, see `control/schema.rs` |
//! | `GET`, `POST /__orgsim/limits` | `{"daily_max":n,"used":n}` |
//! | `GET`, `POST /__orgsim/bulk` | how Bulk jobs behave, see [`crate::bulk::Settings`]; keys that are left out stay |
//! | `GET`, `POST /__orgsim/soap` | what SOAP offers, see [`crate::soap::Settings`] |
//! | `GET`, `POST /__orgsim/apps` | adds or changes a connected app, see `control/apps.rs` |
//! | `POST /__orgsim/sessions/end`, `POST /__orgsim/grants/end` | what the faults `revoke_token` and `revoke_grant` do, at once |

mod apps;
mod bulk;
mod definitions;
mod recycling;
mod rows;
mod schema;
mod setup;
mod soap;
mod transactions;
mod users;

pub use transactions::Held;

use jiff::SignedDuration;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::org::{Counters, Org};
use crate::router::reply::Reply;
use crate::router::request::Request;

/// The first path segment of every control call.
pub const PREFIX: &str = "__orgsim";

/// Why a control call is refused; it becomes the `error` of a 400.
type Refused = String;

/// Answers one control call.
pub(crate) fn respond(org: &mut Org, request: &Request) -> Reply {
    let outcome = respond_or_refuse(org, request);
    match outcome {
        Ok(value) => Reply::json(200, value),
        Err(error) => Reply::json(400, json!({ "error": error })),
    }
}

fn respond_or_refuse(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let segments: Vec<&str> = request.segments.iter().skip(1).map(String::as_str).collect();
    match (request.method.as_str(), segments.as_slice()) {
        ("GET", ["org"]) => Ok(describe_org(org)),
        ("GET", ["faults"]) => Ok(list_faults(org)),
        ("POST", ["faults"]) => add_faults(org, request),
        ("DELETE", ["faults"]) => {
            org.faults.clear();
            Ok(list_faults(org))
        }
        ("POST", ["faults", "release"]) => {
            org.faults.release();
            Ok(list_faults(org))
        }
        ("GET", ["clock"]) => Ok(read_clock(org)),
        ("POST", ["clock"]) => set_clock(org, request),
        ("POST", ["transaction"]) => transactions::set(org, request),
        ("POST", ["transaction", "hold"]) => transactions::hold(org, request),
        ("POST", ["transaction", "release"]) => Ok(transactions::release(org)),
        ("POST", ["chances"]) => {
            org.faults.chances = read(request)?;
            Ok(json!(org.faults.chances))
        }
        ("GET", ["setup"]) => Ok(setup::show(org)),
        ("POST", ["setup"]) => setup::change(org, request),
        ("DELETE", ["setup"]) => Ok(setup::clear(org)),
        ("GET", ["users"]) => Ok(users::list(org)),
        ("POST", ["users"]) => users::change(org, request),
        ("POST", ["rows", "undelete"]) => recycling::undelete_rows(org, request),
        ("POST", ["rows", "erase"]) => recycling::erase_rows(org, request),
        ("POST", ["rows", "merge"]) => recycling::merge_rows(org, request),
        ("POST", ["sessions", "policy"]) => set_session_policy(org, request),
        ("GET", ["counters"]) => Ok(json!(org.counters)),
        ("POST", ["counters", "reset"]) => {
            org.counters = Counters::default();
            Ok(json!(org.counters))
        }
        ("GET", ["rows"]) => rows::dump(org, request),
        ("POST", ["rows"]) => rows::write(org, request),
        ("DELETE", ["rows"]) => rows::delete(org, request),
        ("POST", ["objects"]) => definitions::add_objects(org, request),
        ("POST", ["fields"]) => definitions::add_fields(org, request),
        ("POST", ["schema"]) => schema::change(org, request),
        ("GET", ["limits"]) => Ok(read_limits(org)),
        ("POST", ["limits"]) => set_limits(org, request),
        ("GET", ["bulk"]) => Ok(bulk::settings(org)),
        ("POST", ["bulk"]) => bulk::change(org, request),
        ("GET", ["soap"]) => Ok(soap::settings(org)),
        ("POST", ["soap"]) => soap::change(org, request),
        ("GET", ["apps"]) => Ok(apps::list(org)),
        ("POST", ["apps"]) => apps::change(org, request),
        ("POST", ["sessions", "end"]) => {
            org.oauth.end_sessions();
            Ok(json!({}))
        }
        ("POST", ["grants", "end"]) => {
            org.oauth.end_grants();
            Ok(json!({}))
        }
        _ => Err(format!("there is no control call {} {}", request.method, request.path_and_query)),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionPolicy {
    idle_seconds: Option<i64>,
}

fn set_session_policy(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let policy: SessionPolicy = read(request)?;
    org.oauth.session_idle_s = policy.idle_seconds;
    Ok(json!({ "idle_seconds": policy.idle_seconds }))
}

fn read<T: DeserializeOwned>(request: &Request) -> Result<T, Refused> {
    serde_json::from_slice(&request.body).map_err(|error| error.to_string())
}

fn describe_org(org: &Org) -> Value {
    json!({
        "name": org.name,
        "org_id": org.id,
        "instance_url": org.instance_url,
        "login_url": org.instance_url,
        "user_id": org.user.id,
        "username": org.user.username,
        "password": org.user.password,
        "sessions": org.oauth.session_count(),
        "refresh_tokens": org.oauth.refresh_token_count(),
    })
}

fn list_faults(org: &Org) -> Value {
    json!({ "faults": org.faults.waiting(), "held": org.faults.held() })
}

fn add_faults(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let body: Value = read(request)?;
    let faults: Vec<Fault> = match body {
        Value::Array(_) => serde_json::from_value(body).map_err(|error| error.to_string())?,
        one => vec![serde_json::from_value(one).map_err(|error| error.to_string())?],
    };
    for fault in faults {
        org.faults.add(fault);
    }
    Ok(list_faults(org))
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ClockChange {
    ShiftSeconds(i64),
    AdvanceSeconds(i64),
}

fn read_clock(org: &Org) -> Value {
    json!({ "now": org.clock.now().to_string(), "shift_seconds": org.clock.shift.as_secs() })
}

fn set_clock(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    org.clock.shift = match read(request)? {
        ClockChange::ShiftSeconds(seconds) => SignedDuration::from_secs(seconds),
        ClockChange::AdvanceSeconds(seconds) => {
            org.clock.shift.saturating_add(SignedDuration::from_secs(seconds))
        }
    };
    Ok(read_clock(org))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitChange {
    daily_max: Option<u64>,
    used: Option<u64>,
}

fn read_limits(org: &Org) -> Value {
    json!({ "daily_max": org.limits.daily_max, "used": org.limits.used(org.clock.now()) })
}

fn set_limits(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let change: LimitChange = read(request)?;
    if let Some(daily_max) = change.daily_max {
        org.limits.daily_max = daily_max;
    }
    if let Some(used) = change.used {
        org.limits.set_used(org.clock.now(), used);
    }
    Ok(read_limits(org))
}
