//! Lists of jobs in pages of 1,000 (API pages "Get Information About All Jobs", "Get Information About All Query Jobs").

use serde_json::{Value, json};

use crate::bulk::Answered;
use crate::bulk::job::{Detail, Job, Kind};
use crate::org::Org;
use crate::router::reply::Reply;
use crate::router::request::{Request, first};
use crate::{bulk_v1, ids};

/// Jobs of one page (wire reference 7.1).
const PAGE_JOBS: usize = 1_000;

/// `GET /jobs/ingest`: all ingest jobs, those of Bulk v1 with them.
pub(crate) fn ingest(org: &Org, request: &Request, version: &str) -> Answered {
    list(org, request, version, "ingest", |job| matches!(job.kind, Kind::Ingest { .. }))
}

/// `GET /jobs/query`: all query jobs, those of Bulk v1 with them.
pub(crate) fn query(org: &Org, request: &Request, version: &str) -> Answered {
    list(org, request, version, "query", |job| matches!(job.kind, Kind::Query { .. }))
}

fn list(
    org: &Org,
    request: &Request,
    version: &str,
    resource: &str,
    belongs: impl Fn(&Job) -> bool,
) -> Answered {
    let from = match first(&request.query, "queryLocator") {
        Some(locator) => offset(locator)?,
        None => 0,
    };
    let wanted_type = first(&request.query, "jobType");
    let chunked = first(&request.query, "isPkChunkingEnabled").map(|value| value == "true");
    let own = org.bulk.by_id.values().filter(|job| belongs(job));
    let classic = bulk_v1::listed(org, resource == "query");
    let mut jobs: Vec<Value> = own.map(|job| job.show(Detail::Listed)).chain(classic).collect();
    jobs.retain(|job| {
        let enabled = job.get("isPkChunkingEnabled").and_then(Value::as_bool).unwrap_or_default();
        wanted_type.is_none_or(|wanted| job["jobType"] == wanted)
            && chunked.is_none_or(|wanted| wanted == enabled)
    });
    // The list has no order that a caller may lean on; the newest first is not the order of creation.
    jobs.sort_by(|one, other| other["id"].as_str().cmp(&one["id"].as_str()));
    let to = jobs.len().min(from.saturating_add(PAGE_JOBS));
    let done = to >= jobs.len();
    let next = (!done).then(|| {
        let locator = ids::make("01g", ids::instance_code(&org.id), 1);
        format!("/services/data/v{version}/jobs/{resource}?queryLocator={locator}-{to}")
    });
    let records = jobs.get(from..to).unwrap_or_default();
    let page = json!({ "done": done, "records": records, "nextRecordsUrl": next });
    Ok(Reply::json(200, page))
}

fn offset(locator: &str) -> Result<usize, Reply> {
    let number = locator.rsplit_once('-').and_then(|(_, number)| number.parse().ok());
    number.ok_or_else(|| Reply::error(400, "INVALID_QUERY_LOCATOR", "invalid query locator"))
}
