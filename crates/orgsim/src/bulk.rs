//! Bulk API 2.0 below `/services/data/vXX.X/jobs` (wire reference, section 7): ingest jobs, query jobs, their results.
//!
//! A job moves by the org's clock alone: so long after its submission it starts, so long after its start it is over, and
//! in between its rows are written in chunks of 200 as their time comes. In memory every request first catches up with
//! the clock, so the same requests at the same moments give the same answers; a served org has a task of its own that
//! works in slices (`drive`), so that no request waits for a whole file.

pub(crate) mod csv;
pub(crate) mod dialect;
pub(crate) mod extract;
mod ingest;
pub(crate) mod job;
mod layout;
mod listing;
pub(crate) mod load;
mod multipart;
mod query;
pub(crate) mod records;
pub(crate) mod result_file;
mod results;
pub(crate) mod row;
mod settings;
pub(crate) mod task;

#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

use crate::bulk::job::Job;
use crate::bulk::task::{Effort, Next};
use crate::org::Org;
use crate::router::reply::Reply;
use crate::router::request::Request;
use crate::router::{SharedOrg, lock};
use crate::{ids, state};

pub(crate) use ingest::operation;
pub use settings::{Failing, HardDelete, Settings};

/// How long a job that is over can still be asked for (wire reference, section 6).
const RETENTION: SignedDuration = SignedDuration::from_hours(7 * 24);

/// An open job that nobody submits is of no use after this long (wire reference, section 6).
const OPEN_MAX: SignedDuration = SignedDuration::from_hours(24);

/// The jobs of one org.
#[derive(Debug, Default)]
pub struct Jobs {
    /// How jobs behave.
    pub settings: Settings,
    pub(crate) by_id: BTreeMap<String, Job>,
    pub(crate) next_number: u64,
    background: Option<Arc<Notify>>,
}

impl Jobs {
    /// The next free id with a key prefix: 750 for jobs of both Bulk APIs, 751 for batches, 752 for results.
    pub(crate) fn next_id(&mut self, prefix: &str, organization_id: &str) -> String {
        self.next_number += 1;
        ids::make(prefix, ids::instance_code(organization_id), self.next_number)
    }
}

/// Answers one call below `/jobs`.
pub(crate) fn respond(org: &mut Org, request: &Request, version: &str) -> Reply {
    prune(org);
    let below_jobs = request.segments.get(4..).unwrap_or_default();
    let words: Vec<&str> = below_jobs.iter().map(String::as_str).collect();
    let answer = match words.split_first() {
        Some((kind, rest)) if kind.eq_ignore_ascii_case("ingest") => {
            ingest::respond(org, request, version, rest)
        }
        Some((kind, rest)) if kind.eq_ignore_ascii_case("query") => {
            query::respond(org, request, version, rest)
        }
        _ => Err(not_found()),
    };
    answer.unwrap_or_else(|refused| refused)
}

/// What a call answers, or the answer that refuses it.
type Answered = Result<Reply, Reply>;

fn not_found() -> Reply {
    Reply::error(404, "NOT_FOUND", "The requested resource does not exist")
}

fn no_method(request: &Request, allowed: &str) -> Reply {
    let message = format!("HTTP Method '{}' not allowed. Allowed are {allowed}", request.method);
    Reply::error(405, "METHOD_NOT_ALLOWED", &message)
}

/// Results and data must be asked for in the version that the job was created with; the code is UNCONFIRMED.
fn same_version(job: &Job, version: &str) -> Result<(), Reply> {
    if job.version == version {
        return Ok(());
    }
    let message = format!(
        "The job was created with API version {}, and this request uses version {version}",
        job.version
    );
    Err(Reply::error(409, "API_VERSION_MISMATCH", &message))
}

/// Brings all jobs to where they should be now, unless a task of its own does that.
pub(crate) fn catch_up(org: &mut Org) {
    match &org.bulk.background {
        Some(wake) => wake.notify_one(),
        None => {
            let _ = advance(org, Effort::Everything);
        }
    }
}

/// Works on the jobs of a served org in slices until it is dropped.
pub(crate) async fn drive(org: SharedOrg) {
    /// A sleep ends early enough for a clock that was set forward meanwhile.
    const LONGEST_SLEEP: Duration = Duration::from_millis(250);
    let wake = Arc::new(Notify::new());
    lock(&org).bulk.background = Some(Arc::clone(&wake));
    loop {
        let (next, now) = {
            let mut org = lock(&org);
            let next = advance(&mut org, Effort::Slice);
            // The next request would write it down as well; a killed server has no next request.
            if let Err(error) = state::write_down(&mut org) {
                tracing::error!(%error, "the state folder cannot be written");
            }
            (next, org.clock.now())
        };
        match next {
            Next::Now => tokio::task::yield_now().await,
            Next::Idle => wake.notified().await,
            Next::At(moment) => {
                let wait = Duration::try_from(moment.duration_since(now)).unwrap_or_default();
                tokio::select! {
                    () = tokio::time::sleep(wait.min(LONGEST_SLEEP)) => {}
                    () = wake.notified() => {}
                }
            }
        }
    }
}

/// Moves every job on that has something to do.
fn advance(org: &mut Org, effort: Effort) -> Next {
    let mut next = Next::Idle;
    // Jobs write rows, so they cannot stay inside the org meanwhile.
    let mut jobs = std::mem::take(&mut org.bulk.by_id);
    for job in jobs.values_mut() {
        if let Some(task) = &mut job.task {
            next = next.sooner(task.step(org, effort));
        }
    }
    org.bulk.by_id = jobs;
    next.sooner(crate::bulk_v1::advance(org, effort))
}

/// Forgets jobs that were over long ago and gives up open ones that nobody submitted.
fn prune(org: &mut Org) {
    let now = org.clock.now();
    for job in org.bulk.by_id.values_mut() {
        if job.task.is_none() && now.duration_since(job.created) >= OPEN_MAX {
            job.give_up(job.created.saturating_add(OPEN_MAX).unwrap_or(now));
        }
    }
    let is_kept =
        |ended: Option<Timestamp>| ended.is_none_or(|ended| now.duration_since(ended) < RETENTION);
    org.bulk.by_id.retain(|_, job| is_kept(job.ended()));
}
