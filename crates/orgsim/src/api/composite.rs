//! Composite and batch: several calls in one (wire reference 5.4).

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::api::error::ApiError;
use crate::api::journal::Journal;
use crate::api::subrequest::{Answers, fill, fill_text, request as subrequest};
use crate::api::{Answered, body, route};
use crate::org::Org;
use crate::wire::{ApiRequest, ApiResponse};

/// Most subrequests of one composite or batch call (wire reference, section 6).
const SUBREQUESTS_MAX: usize = 25;

/// Most of them that may be collections or queries.
const LARGE_SUBREQUESTS_MAX: usize = 5;

/// Headers that a subrequest may not set.
const OUTER_HEADERS: [&str; 3] = ["accept", "authorization", "content-type"];

/// `POST /composite`. The subrequests run in the order given, also where `collateSubrequests` would allow another.
pub(crate) fn composite(org: &mut Org, journal: &mut Journal, request: &ApiRequest) -> Answered {
    require_post(request)?;
    let body = body::object(request)?;
    let entries = body::list(&body, "compositeRequest")?;
    check_entries(entries)?;
    let (shown, _) = run_entries(org, journal, entries, body::flag(&body, "allOrNone"));
    Ok(ApiResponse::json(200, json!({ "compositeResponse": shown })))
}

/// Runs entries in their order; what they answer, and whether all of them succeeded.
pub(crate) fn run_entries(
    org: &mut Org,
    journal: &mut Journal,
    entries: &[Value],
    all_or_none: bool,
) -> (Vec<Value>, bool) {
    let mark = journal.mark();
    let mut answers = Answers::new();
    let mut results = Vec::new();
    let mut failed = None;
    for entry in entries {
        let response = run(org, journal, entry, &answers);
        if response.status >= 400 && all_or_none {
            failed = Some(results.len());
        } else if let Some(body) = &response.body {
            answers.insert(text(entry, "referenceId").to_owned(), body.clone());
        }
        results.push(response);
        if failed.is_some() {
            break;
        }
    }
    if let Some(failed) = failed {
        journal.roll_back(&mut org.tables, mark);
        halt(entries, &mut results, failed);
    }
    let successful = results.iter().all(|response| response.status < 400);
    let shown = entries.iter().zip(results).map(|(entry, own)| show(entry, own)).collect();
    (shown, successful)
}

/// `POST /composite/batch`: each subrequest stands alone, nothing is rolled back, and each counts as a call.
pub(crate) fn batch(org: &mut Org, journal: &mut Journal, request: &ApiRequest) -> Answered {
    require_post(request)?;
    let body = body::object(request)?;
    let entries = body::list(&body, "batchRequests")?;
    check_count(entries.len())?;
    let halt_on_error = body::flag(&body, "haltOnError");
    let now = org.clock.now();
    org.limits.count(now, u64::try_from(entries.len().saturating_sub(1)).unwrap_or(u64::MAX));
    let mut has_errors = false;
    let mut results = Vec::new();
    for entry in entries {
        if has_errors && halt_on_error {
            let error = ApiError::call(
                412,
                "BATCH_PROCESSING_HALTED",
                "Batch processing halted per request",
            );
            results.push(batch_result(error.into_response()));
            continue;
        }
        let response = run_in_batch(org, journal, entry);
        has_errors |= response.status >= 400;
        results.push(batch_result(response));
    }
    Ok(ApiResponse::json(200, json!({ "hasErrors": has_errors, "results": results })))
}

fn run(org: &mut Org, journal: &mut Journal, entry: &Value, answers: &Answers) -> ApiResponse {
    let request = fill_text(text(entry, "url"), answers).and_then(|url| {
        let body = entry.get("body").map(|body| fill(body, answers)).transpose()?;
        subrequest(text(entry, "method"), &url, headers(entry), body.as_ref())
    });
    respond(org, journal, request)
}

fn run_in_batch(org: &mut Org, journal: &mut Journal, entry: &Value) -> ApiResponse {
    let body = entry.get("richInput");
    respond(org, journal, subrequest(text(entry, "method"), text(entry, "url"), Vec::new(), body))
}

fn respond(
    org: &mut Org,
    journal: &mut Journal,
    request: Result<ApiRequest, ApiError>,
) -> ApiResponse {
    match request {
        Ok(request) if is_nested(&request) => {
            let message = "A composite or batch call cannot stand inside another";
            ApiError::call(400, "INVALID_INPUT", message).into_response()
        }
        Ok(request) => route(org, journal, &request),
        Err(error) => error.into_response(),
    }
}

fn is_nested(request: &ApiRequest) -> bool {
    let mut segments = request.segments.iter().map(|segment| segment.to_ascii_lowercase());
    segments.next().as_deref() == Some("composite")
        && segments.next().as_deref() != Some("sobjects")
}

/// After a rollback the failing entry keeps its error; the others say that they were halted, except answers of
/// collections, which go out as they were.
fn halt(entries: &[Value], results: &mut Vec<ApiResponse>, failed: usize) {
    for (place, entry) in entries.iter().enumerate() {
        let halted = || {
            let message = "The transaction was rolled back since another operation in the same transaction failed.";
            ApiError::call(400, "PROCESSING_HALTED", message).into_response()
        };
        match results.get_mut(place) {
            Some(_) if place == failed || is_collection(entry) => {}
            Some(result) => *result = halted(),
            None => results.push(halted()),
        }
    }
}

fn show(entry: &Value, response: ApiResponse) -> Value {
    let headers: Map<String, Value> =
        response.headers.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
    json!({
        "body": response.body.unwrap_or(Value::Null),
        "httpHeaders": headers,
        "httpStatusCode": response.status,
        "referenceId": text(entry, "referenceId"),
    })
}

fn batch_result(response: ApiResponse) -> Value {
    json!({ "statusCode": response.status, "result": response.body.unwrap_or(Value::Null) })
}

fn check_entries(entries: &[Value]) -> Result<(), ApiError> {
    check_count(entries.len())?;
    let large = entries.iter().filter(|entry| is_collection(entry) || is_query(entry)).count();
    if large > LARGE_SUBREQUESTS_MAX {
        let message =
            format!("At most {LARGE_SUBREQUESTS_MAX} subrequests may be collections or queries");
        return Err(ApiError::call(400, "LIMIT_EXCEEDED", message));
    }
    check_references(entries)
}

/// Refuses reference ids that are missing, illegal or used twice.
///
/// # Errors
/// `INVALID_INPUT`.
pub(crate) fn check_references(entries: &[Value]) -> Result<(), ApiError> {
    let mut seen = BTreeSet::new();
    for entry in entries {
        let reference = text(entry, "referenceId");
        let legal = reference.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if reference.is_empty() || !legal || !seen.insert(reference) {
            let message = format!(
                "Provided referenceId ('{reference}') must be unique, start with a letter or a number, and it can \
                 contain only letters, numbers and underscores ('_')."
            );
            return Err(ApiError::call(400, "INVALID_INPUT", message));
        }
    }
    Ok(())
}

fn check_count(count: usize) -> Result<(), ApiError> {
    if count <= SUBREQUESTS_MAX {
        return Ok(());
    }
    let message = format!(
        "Limit exceeded: at most {SUBREQUESTS_MAX} subrequests are allowed, {count} were sent"
    );
    Err(ApiError::call(400, "LIMIT_EXCEEDED", message))
}

fn require_post(request: &ApiRequest) -> Result<(), ApiError> {
    match request.method.as_str() {
        "POST" => Ok(()),
        other => Err(ApiError::no_method(other, "GET,HEAD,POST")),
    }
}

fn is_collection(entry: &Value) -> bool {
    text(entry, "url").contains("/composite/sobjects")
}

fn is_query(entry: &Value) -> bool {
    let url = text(entry, "url").to_ascii_lowercase();
    ["/query?", "/query/", "/queryall?", "/queryall/"].iter().any(|part| url.contains(part))
}

fn headers(entry: &Value) -> Vec<(String, String)> {
    let headers = entry.get("httpHeaders").and_then(Value::as_object);
    headers
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            (name.to_ascii_lowercase(), value.as_str().unwrap_or_default().to_owned())
        })
        .filter(|(name, _)| !OUTER_HEADERS.contains(&name.as_str()))
        .collect()
}

/// A text of an entry; empty when it is missing.
pub(crate) fn text<'entry>(entry: &'entry Value, name: &str) -> &'entry str {
    entry.get(name).and_then(Value::as_str).unwrap_or_default()
}
