//! Rows through the control endpoint: the tests' oracle, and edits as a user of the org makes them.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Refused, read};
use crate::api;
use crate::org::Org;
use crate::router::request::{Request, first};
use crate::rows::{Row, text};
use crate::wire::{ApiRequest, ApiResponse};

/// Live rows, or deleted ones, as the org holds them.
pub(super) fn dump(org: &Org, request: &Request) -> Result<Value, Refused> {
    let name = object_name(org, request)?;
    let fields: Option<Vec<&str>> =
        first(&request.query, "fields").map(|list| list.split(',').collect());
    let deleted = first(&request.query, "deleted") == Some("true");
    let Some(table) = org.tables.get(&name) else {
        return Ok(json!([]));
    };
    let rows = table.all().filter(|(_, stored)| stored.deleted_date.is_some() == deleted);
    Ok(rows.map(|(_, stored)| show(&stored.row, fields.as_deref())).collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Write {
    object: String,
    rows: Vec<Map<String, Value>>,
    user_id: Option<String>,
}

/// Inserts and updates rows as a user of the org does in its own pages.
pub(super) fn write(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let write: Write = read(request)?;
    as_user(org, write.user_id.as_deref(), |org| {
        let results = write.rows.into_iter().map(|row| write_one(org, &write.object, row));
        Ok(json!({ "results": results.collect::<Result<Vec<Value>, Refused>>()? }))
    })
}

/// Deletes one row.
pub(super) fn delete(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let object = object_name(org, request)?;
    let id = first(&request.query, "id").ok_or("name the row with ?id=")?.to_owned();
    as_user(org, None, |org| {
        refused_by_api(&call(org, "DELETE", &[&object, &id], None))?;
        Ok(json!({ "id": id }))
    })
}

fn write_one(org: &mut Org, object: &str, mut row: Map<String, Value>) -> Result<Value, Refused> {
    let id = row.remove("Id").and_then(|id| id.as_str().map(str::to_owned));
    let body = Value::Object(row);
    match id {
        Some(id) => {
            refused_by_api(&call(org, "PATCH", &[object, &id], Some(&body)))?;
            Ok(json!({ "id": id, "created": false }))
        }
        None => {
            let answer = call(org, "POST", &[object], Some(&body));
            refused_by_api(&answer)?;
            Ok(json!({ "id": answer.body.map(|body| body["id"].clone()), "created": true }))
        }
    }
}

/// Runs `edit` as somebody else than the connected user, without a trace in counters and faults.
fn as_user<T>(
    org: &mut Org,
    user_id: Option<&str>,
    edit: impl FnOnce(&mut Org) -> Result<T, Refused>,
) -> Result<T, Refused> {
    let user_id = user_id.map(str::to_owned).or_else(|| another_user(org));
    let own_id = user_id.map(|other| std::mem::replace(&mut org.user.id, other));
    let counters = org.counters.clone();
    let faults = std::mem::take(&mut org.faults);
    let outcome = edit(org);
    org.faults = faults;
    org.counters = counters;
    if let Some(own_id) = own_id {
        org.user.id = own_id;
    }
    outcome
}

/// The first user in the org that is not the connected one.
fn another_user(org: &Org) -> Option<String> {
    let users = org.tables.get("User")?;
    users
        .live_rows()
        .filter_map(|row| text(row, "Id"))
        .find(|id| *id != org.user.id)
        .map(str::to_owned)
}

fn call(org: &mut Org, method: &str, path: &[&str], body: Option<&Value>) -> ApiResponse {
    let mut segments = vec!["sobjects".to_owned()];
    segments.extend(path.iter().map(|segment| (*segment).to_owned()));
    let request = ApiRequest {
        method: method.to_owned(),
        version: format!("{}.0", org.limits.newest_api_version),
        segments,
        query: Vec::new(),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.map(|body| body.to_string().into_bytes()).unwrap_or_default(),
    };
    api::handle(org, &request)
}

fn refused_by_api(answer: &ApiResponse) -> Result<(), Refused> {
    match answer.status {
        200..=299 => Ok(()),
        status => Err(format!("{status} {}", answer.body.clone().unwrap_or_default())),
    }
}

fn object_name(org: &Org, request: &Request) -> Result<String, Refused> {
    let name = first(&request.query, "object").ok_or("name the object with ?object=")?;
    let by_table = org.tables.keys().find(|own| own.eq_ignore_ascii_case(name)).cloned();
    by_table.ok_or_else(|| format!("there is no object {name}"))
}

fn show(row: &Row, fields: Option<&[&str]>) -> Value {
    match fields {
        None => row.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        Some(fields) => fields
            .iter()
            .map(|name| ((*name).to_owned(), row.get(*name).cloned().unwrap_or_default()))
            .collect(),
    }
}
