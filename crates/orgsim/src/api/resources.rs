//! What an org offers: resource lists, describes, limits and record counts (wire reference, section 4).

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::api::Answered;
use crate::api::conditional::is_unmodified;
use crate::api::error::ApiError;
use crate::api::moments::http_date;
use crate::describe;
use crate::limits as usage;
use crate::org::Org;
use crate::schema::Object;
use crate::wire::{ApiRequest, ApiResponse};

/// The resources of a version that this org serves.
const RESOURCES: [&str; 7] =
    ["composite", "limits", "query", "queryAll", "sobjects", "tooling", "ui-api"];

/// When the schemas of fresh orgs were made, in seconds since 1970: 2026-11-02T08:00:00Z.
const SCHEMA_MADE_S: i64 = 1_793_606_400;

/// `GET /services/data/vXX.X`.
pub(crate) fn resources(org: &Org, request: &ApiRequest) -> Answered {
    only_get(request)?;
    let mut map: Map<String, Value> = RESOURCES
        .into_iter()
        .map(|name| (name.to_owned(), json!(format!("/services/data/v{}/{name}", request.version))))
        .collect();
    let identity = format!("{}/id/{}/{}", org.instance_url, org.id, org.user.id);
    map.insert("identity".to_owned(), Value::String(identity));
    Ok(ApiResponse::json(200, Value::Object(map)))
}

/// `GET /composite`.
pub(crate) fn composite_resources(request: &ApiRequest) -> ApiResponse {
    let base = format!("/services/data/v{}/composite", request.version);
    let resources = ["batch", "graph", "sobjects", "tree"];
    let body = resources.map(|name| (name.to_owned(), json!(format!("{base}/{name}"))));
    let body: Value = Value::Object(body.into_iter().collect());
    ApiResponse::json(200, body)
}

/// `GET /sobjects`.
pub(crate) fn global_describe(org: &Org, request: &ApiRequest) -> Answered {
    only_get(request)?;
    Ok(conditional(org, request, || describe::global(org, &request.version)))
}

/// `GET /sobjects/X`.
pub(crate) fn basic(org: &Org, request: &ApiRequest, object: &Object) -> Answered {
    let body = describe::sobject_basic(org, &object.name, &request.version);
    body.map(|body| ApiResponse::json(200, body)).ok_or_else(ApiError::no_resource)
}

/// `GET /sobjects/X/describe`.
pub(crate) fn describe(org: &Org, request: &ApiRequest, object: &Object) -> Answered {
    only_get(request)?;
    let body = || describe::object(org, &object.name, &request.version).unwrap_or(Value::Null);
    Ok(conditional(org, request, body))
}

/// `GET /limits` and `GET /limits/recordCount`.
pub(crate) fn limits(org: &Org, request: &ApiRequest, rest: &[&str]) -> Answered {
    only_get(request)?;
    match rest {
        [] => Ok(ApiResponse::json(200, usage::report(org))),
        [word] if word.eq_ignore_ascii_case("recordCount") => Ok(record_count(org, request)),
        _ => Err(ApiError::no_resource()),
    }
}

/// Objects without rows and unknown ones are left out, as in the service.
fn record_count(org: &Org, request: &ApiRequest) -> ApiResponse {
    let asked: Option<Vec<&str>> =
        request.parameter("sObjects").map(|list| list.split(',').map(str::trim).collect());
    let is_asked = |object: &Object| match &asked {
        Some(names) => names.iter().any(|name| object.name.eq_ignore_ascii_case(name)),
        None => true,
    };
    let counts: Vec<Value> = org
        .schema
        .objects
        .iter()
        .filter(|object| is_asked(object))
        .filter_map(|object| {
            let cached = org.setup.cached_counts.get(&object.name).copied();
            let real = org.tables.get(&object.name).map(|table| table.len() as u64);
            Some((object, cached.or(real)?))
        })
        // The service leaves most empty objects out; a cached zero is shown as it was recorded once.
        .filter(|(object, count)| *count > 0 || org.setup.cached_counts.contains_key(&object.name))
        .map(|(object, count)| json!({ "count": count, "name": object.name }))
        .collect();
    ApiResponse::json(200, json!({ "sObjects": counts }))
}

/// A describe with its date and tag, or 304 when the caller has it already.
fn conditional(org: &Org, request: &ApiRequest, body: impl FnOnce() -> Value) -> ApiResponse {
    let modified = schema_modified(org);
    let mut response = if is_unmodified(request, modified) {
        ApiResponse::empty(304)
    } else {
        ApiResponse::json(200, body())
    };
    response.headers.push(("ETag".to_owned(), format!("\"{:x}\"", modified.as_second())));
    response.headers.push(("Last-Modified".to_owned(), http_date(modified)));
    response
}

/// When the schema was last changed. A change counts for the second after it: HTTP dates have whole seconds, and
/// nobody who read a describe in the second of a change may be told that it still holds.
fn schema_modified(org: &Org) -> Timestamp {
    let seconds = org.schema.changed.map_or(SCHEMA_MADE_S, |changed| changed.as_second() + 1);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn only_get(request: &ApiRequest) -> Result<(), ApiError> {
    match request.method.as_str() {
        "GET" => Ok(()),
        other => Err(ApiError::no_method(other, "GET,HEAD")),
    }
}
