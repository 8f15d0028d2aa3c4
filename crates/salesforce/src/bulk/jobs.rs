//! The calls on jobs: create, look, list, close, abort, delete.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::api::query::QueryScope;
use crate::bulk::Bulk;
use crate::bulk::job::{
    ColumnDelimiter, IngestJob, JobId, JobInfo, JobKind, JobState, LineEnding, Operation, QueryJob,
};
use crate::client::{Call, Client};
use crate::error::Error;
use crate::governor::{CallCause, Repeat};
use crate::soql::Name;

/// Pages of a list that are read at most: 1,000 jobs each, of the seven days they are kept.
const MAX_LIST_PAGES: u32 = 1_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewIngest<'a> {
    object: &'a str,
    operation: Operation,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id_field_name: Option<&'a str>,
    content_type: &'static str,
    line_ending: LineEnding,
    column_delimiter: ColumnDelimiter,
    #[serde(skip_serializing_if = "Option::is_none")]
    assignment_rule_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewQuery<'a> {
    operation: &'static str,
    query: &'a str,
    column_delimiter: ColumnDelimiter,
    line_ending: LineEnding,
}

#[derive(Serialize)]
struct NewState<'a> {
    state: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListPage {
    #[serde(default)]
    done: bool,
    records: Vec<JobInfo>,
    #[serde(default)]
    next_records_url: Option<String>,
}

/// A list of jobs, page by page.
#[derive(Debug)]
pub struct JobPages {
    client: Client,
    next: Option<String>,
    pages: u32,
    cause: CallCause,
}

impl JobPages {
    /// The next page; `None` after the last.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn next(&mut self) -> Result<Option<Vec<JobInfo>>, Error> {
        let Some(address) = self.next.take() else { return Ok(None) };
        self.pages += 1;
        if self.pages > MAX_LIST_PAGES {
            return Err(Error::mismatch("jobs", "the list does not end"));
        }
        let call = Call::get(address, "jobs/{list}").caused_by(self.cause);
        let page: ListPage = self.client.fetch(call).await?;
        self.next = page.next_records_url.filter(|_| !page.done);
        Ok(Some(page.records))
    }
}

impl Bulk {
    /// Reads what the org tells about a job.
    ///
    /// # Errors
    /// [`Error`]; `NOT_FOUND` for a job that is deleted or older than seven days.
    pub async fn job(&self, kind: JobKind, id: &JobId) -> Result<JobInfo, Error> {
        self.job_for(CallCause::Poll, kind, id).await
    }

    pub(crate) async fn job_for(
        &self,
        cause: CallCause,
        kind: JobKind,
        id: &JobId,
    ) -> Result<JobInfo, Error> {
        let call = Call::get(self.path(kind, id, ""), route(kind, "{id}"));
        self.client.fetch(call.caused_by(cause)).await
    }

    /// The jobs of the last seven days, of all users and tools, in no order.
    #[must_use]
    pub fn jobs(&self, kind: JobKind) -> JobPages {
        self.jobs_for(CallCause::Health, kind)
    }

    pub(crate) fn jobs_for(&self, cause: CallCause, kind: JobKind) -> JobPages {
        let first = self.client.data_path(&format!("jobs/{}", kind.segment()));
        JobPages { client: self.client.clone(), next: Some(first), pages: 0, cause }
    }

    /// Stops a job. Rows that are done stay done.
    ///
    /// # Errors
    /// `INVALIDJOBSTATE` for a job that has ended already.
    pub async fn abort(&self, kind: JobKind, id: &JobId) -> Result<JobInfo, Error> {
        self.set_state(kind, id, &JobState::Aborted).await
    }

    /// Removes a job that has ended, with its results.
    ///
    /// # Errors
    /// `API_ERROR` for a job that has not ended.
    pub async fn delete(&self, kind: JobKind, id: &JobId) -> Result<(), Error> {
        let call = Call::new(Method::DELETE, self.path(kind, id, ""), route(kind, "{id}"));
        let call = call.caused_by(CallCause::Health).repeatable(Repeat::Freely);
        match self.client.send(call).await {
            // Gone is what was wanted; also when an earlier attempt did it and its answer was lost.
            Err(error) if error.has_code("NOT_FOUND") => Ok(()),
            outcome => outcome.map(|_| ()),
        }
    }

    pub(crate) async fn create_ingest(&self, job: &IngestJob) -> Result<JobInfo, Error> {
        let object = Name::parse(&job.object)?;
        let body = NewIngest {
            object: object.as_str(),
            operation: job.operation,
            external_id_field_name: job.external_id.as_deref(),
            content_type: "CSV",
            line_ending: job.line_ending,
            column_delimiter: job.column_delimiter,
            assignment_rule_id: job.assignment_rule.as_deref(),
        };
        let call = Call::new(Method::POST, self.client.data_path("jobs/ingest"), "jobs/ingest");
        self.client.fetch(call.caused_by(CallCause::Write).json(&body)?).await
    }

    /// A query that is created twice reads twice and changes nothing, so a lost answer is answered by another one.
    pub(crate) async fn create_query(&self, job: &QueryJob) -> Result<JobInfo, Error> {
        let operation = match job.scope {
            QueryScope::Living => "query",
            QueryScope::WithDeleted => "queryAll",
        };
        let (query, column_delimiter) = (job.soql.as_str(), job.column_delimiter);
        let body = NewQuery { operation, query, column_delimiter, line_ending: LineEnding::Lf };
        let call = Call::new(Method::POST, self.client.data_path("jobs/query"), "jobs/query")
            .caused_by(CallCause::Read)
            .repeatable(Repeat::Freely);
        self.client.fetch(call.json(&body)?).await
    }

    /// Sets a state; setting it again is refused with `INVALIDJOBSTATE` and changes nothing.
    pub(crate) async fn set_state(
        &self,
        kind: JobKind,
        id: &JobId,
        state: &JobState,
    ) -> Result<JobInfo, Error> {
        let call = Call::new(Method::PATCH, self.path(kind, id, ""), route(kind, "{id}"));
        let call = call.caused_by(CallCause::Write).json(&NewState { state: state.as_str() })?;
        self.client.fetch(call).await
    }

    pub(crate) fn path(&self, kind: JobKind, id: &JobId, rest: &str) -> String {
        self.client.data_path(&format!("jobs/{}/{id}{rest}", kind.segment()))
    }

    /// The same jobs at the version that a job was created with: its results are given to no other (409).
    pub(crate) fn at_version_of(&self, job: &JobInfo) -> Self {
        match job.version() {
            Some(version) => Self { client: self.client.at_version(version), ..self.clone() },
            None => self.clone(),
        }
    }
}

fn route(kind: JobKind, rest: &str) -> String {
    format!("jobs/{}/{rest}", kind.segment())
}
