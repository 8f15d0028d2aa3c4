//! Bulk API 1 below `/services/async/XX.X` as far as clients of other makers need it: jobs and batches with CSV or
//! JSON, in and out (API guide "Bulk API and Bulk API 2.0", part Bulk API; answers recorded by public test suites).
//!
//! Bodies about jobs and batches are XML or JSON, after the request's own content type. Batches run like the jobs of
//! [`crate::bulk`]: by the org's clock, through the same save path. Batches with XML records and PK chunking are not
//! offered, and a job that asks for them is refused.

pub(crate) mod batch;
mod error;
pub(crate) mod job;
mod message;
mod results;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::bulk::task::{Effort, Next};
use crate::bulk_v1::error::{AsyncError, Code};
use crate::bulk_v1::job::{Job, Purpose};
use crate::bulk_v1::message::Format;
use crate::org::Org;
use crate::router::data::{check_version, session_user};
use crate::router::reply::Reply;
use crate::router::request::Request;
use crate::setup::as_user;

/// The jobs of one org.
#[derive(Debug, Default)]
pub struct Jobs {
    pub(crate) by_id: BTreeMap<String, Job>,
}

/// What a call answers.
type Answered = Result<Reply, AsyncError>;

/// Answers one call below `/services/async/<version>`.
pub(crate) fn respond(org: &mut Org, request: &Request, version: &str, rest: &[&str]) -> Reply {
    let format = Format::of(request);
    let now = org.clock.now();
    let admitted = admit(org, request, version);
    let answer = admitted.and_then(|(version, user_id)| {
        as_user(org, user_id.as_deref(), |org| route(org, request, &version, rest, format))
    });
    let reply = answer.unwrap_or_else(|error| error.into_reply(format));
    reply.with_header("sforce-limit-info", &org.limits.header(now))
}

/// Version, session and daily limit, in this order.
fn admit(
    org: &mut Org,
    request: &Request,
    version: &str,
) -> Result<(String, Option<String>), AsyncError> {
    let version = check_version(&org.limits, &format!("v{version}")).map_err(|_| {
        AsyncError::new(Code::InvalidVersion, format!("Unsupported version {version}"))
    })?;
    let now = org.clock.now();
    let token = request.header("x-sfdc-session").or_else(|| request.bearer());
    let user_id = session_user(org, token)
        .ok_or_else(|| AsyncError::new(Code::InvalidSessionId, "Invalid session id"))?;
    if org.limits.is_exhausted(now) {
        return Err(AsyncError::new(Code::ExceededQuota, "TotalRequests Limit exceeded."));
    }
    org.limits.count(now, 1);
    Ok((version, user_id))
}

fn route(
    org: &mut Org,
    request: &Request,
    version: &str,
    rest: &[&str],
    format: Format,
) -> Answered {
    match (request.method.as_str(), rest) {
        ("POST", ["job"]) => job::create(org, request, version, format),
        ("GET", ["job", id]) => job::show(org, id, format),
        ("POST", ["job", id]) => job::change(org, request, id, format),
        ("POST", ["job", id, "batch"]) => batch::add(org, request, id, format),
        ("GET", ["job", id, "batch"]) => batch::list(org, id, format),
        ("GET", ["job", id, "batch", batch]) => batch::show(org, id, batch, format),
        ("GET", ["job", id, "batch", batch, "request"]) => batch::data(org, id, batch),
        ("GET", ["job", id, "batch", batch, "result"]) => batch::results(org, id, batch, format),
        ("GET", ["job", id, "batch", batch, "result", result]) => {
            batch::result(org, id, batch, result)
        }
        _ => Err(AsyncError::new(
            Code::InvalidUrl,
            format!("Invalid URL {}", request.path_and_query),
        )),
    }
}

/// Moves every batch on that has something to do.
pub(crate) fn advance(org: &mut Org, effort: Effort) -> Next {
    let mut next = Next::Idle;
    let mut jobs = std::mem::take(&mut org.bulk_v1.by_id);
    for batch in jobs.values_mut().flat_map(|job| &mut job.batches) {
        if let Ok(task) = &mut batch.task {
            next = next.sooner(task.step(org, effort));
        }
    }
    org.bulk_v1.by_id = jobs;
    next
}

/// The jobs as the lists of Bulk API 2.0 show them: type `Classic`.
pub(crate) fn listed(org: &Org, queries: bool) -> impl Iterator<Item = Value> {
    let jobs = org.bulk_v1.by_id.values();
    let wanted = jobs.filter(move |job| matches!(job.purpose, Purpose::Extract(_)) == queries);
    wanted.map(Job::listed)
}

/// The counter's name for a path below the version, without ids.
pub(crate) fn resource(rest: &[&str]) -> String {
    let words: Vec<&str> = rest.iter().step_by(2).copied().collect();
    format!("async/{}", words.join("/"))
}
