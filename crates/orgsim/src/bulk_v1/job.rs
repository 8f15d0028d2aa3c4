//! Jobs: created, looked at, closed, aborted.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::api::moments::stamp;
use crate::bulk::load::ContentType;
use crate::bulk::operation;
use crate::bulk::row::Operation;
use crate::bulk::task::Stage;
use crate::bulk_v1::Answered;
use crate::bulk_v1::batch::Batch;
use crate::bulk_v1::error::{AsyncError, Code};
use crate::bulk_v1::message::{Format, Item, Message, read};
use crate::ids;
use crate::org::Org;
use crate::router::reply::{Content, Reply};
use crate::router::request::Request;
use crate::soql::Deleted;

/// One job.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) created_by: String,
    pub(crate) created: Timestamp,
    pub(crate) object: String,
    pub(crate) purpose: Purpose,
    /// How batches and their results are written.
    pub(crate) content: ContentType,
    /// `Parallel` or `Serial`; what the creator said.
    pub(crate) concurrency: String,
    pub(crate) state: State,
    pub(crate) closed: Option<Timestamp>,
    pub(crate) batches: Vec<Batch>,
}

/// What the batches of a job do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Purpose {
    Load(Operation),
    Extract(Deleted),
}

/// The states of a job; a job with failed batches is closed like any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum State {
    Open,
    Closed,
    Aborted,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Closed => "Closed",
            Self::Aborted => "Aborted",
        }
    }
}

/// The job with this id.
pub(crate) fn find<'org>(org: &'org Org, id: &str) -> Result<&'org Job, AsyncError> {
    let full = ids::to_18(id);
    let job = full.and_then(|full| org.bulk_v1.by_id.get(&full));
    job.ok_or_else(|| AsyncError::no_job(id))
}

/// The job with this id, to change it.
pub(crate) fn find_mut<'org>(org: &'org mut Org, id: &str) -> Result<&'org mut Job, AsyncError> {
    let full = ids::to_18(id);
    let job = full.and_then(|full| org.bulk_v1.by_id.get_mut(&full));
    job.ok_or_else(|| AsyncError::no_job(id))
}

/// `POST /job`.
pub(crate) fn create(org: &mut Org, request: &Request, version: &str, format: Format) -> Answered {
    let refused = |message: String| AsyncError::new(Code::InvalidJob, message);
    let body = read(request, format).ok_or_else(|| refused("Unable to parse Job".to_owned()))?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::trim);
    let content = match text("contentType") {
        None | Some("CSV") => ContentType::Csv,
        Some("JSON") => ContentType::Json,
        Some(other) => {
            let message = format!(
                "Batches with the content type {other} are not offered by this org, use CSV or JSON"
            );
            return Err(AsyncError::new(Code::FeatureNotEnabled, message));
        }
    };
    if request.header("sforce-enable-pkchunking").is_some_and(|value| value != "false") {
        let message = "PK chunking is not offered by this org, use Bulk API 2.0";
        return Err(AsyncError::new(Code::FeatureNotEnabled, message));
    }
    let name = text("object").ok_or_else(|| refused("No object specified".to_owned()))?;
    let object = org.schema.object(name);
    let object = object.ok_or_else(|| refused(format!("Unable to find object: {name}")))?;
    let purpose = match text("operation") {
        Some("query") => Purpose::Extract(Deleted::Hidden),
        Some("queryAll") => Purpose::Extract(Deleted::Included),
        other => {
            let wanted = operation(org, object, other, text("externalIdFieldName"));
            Purpose::Load(wanted.map_err(|reply| translated(&reply))?)
        }
    };
    let object = object.name.clone();
    let concurrency = text("concurrencyMode").unwrap_or("Parallel").to_owned();
    let job = Job {
        id: org.bulk.next_id("750", &org.id),
        version: version.to_owned(),
        created_by: org.user.id.clone(),
        created: org.clock.now(),
        object,
        purpose,
        content,
        concurrency,
        state: State::Open,
        closed: None,
        batches: Vec::new(),
    };
    let reply = job.message().into_reply(201, format);
    org.bulk_v1.by_id.insert(job.id.clone(), job);
    Ok(reply)
}

/// A refusal of Bulk API 2.0 in the words of version 1, which has the same texts without the code in front.
fn translated(reply: &Reply) -> AsyncError {
    let error = match &reply.body {
        Content::Json(body) => body[0].clone(),
        _ => Value::Null,
    };
    let message = error["message"].as_str().unwrap_or_default();
    let code = match error["errorCode"].as_str() {
        Some("FEATURENOTENABLED") => Code::FeatureNotEnabled,
        _ => Code::InvalidJob,
    };
    AsyncError::new(code, message.strip_prefix("InvalidJob : ").unwrap_or(message))
}

/// `GET /job/<id>`.
pub(crate) fn show(org: &Org, id: &str, format: Format) -> Answered {
    Ok(find(org, id)?.message().into_reply(200, format))
}

/// `POST /job/<id>` with `Closed` or `Aborted`.
pub(crate) fn change(org: &mut Org, request: &Request, id: &str, format: Format) -> Answered {
    let now = org.clock.now();
    let body = read(request, format)
        .ok_or_else(|| AsyncError::new(Code::InvalidJob, "Unable to parse Job"))?;
    let job = find_mut(org, id)?;
    match (body.get("state").and_then(Value::as_str).map(str::trim), job.state) {
        (Some("Closed"), State::Open | State::Closed) => job.state = State::Closed,
        (Some("Aborted"), State::Open | State::Closed) => {
            job.state = State::Aborted;
            for task in job.batches.iter_mut().filter_map(|batch| batch.task.as_mut().ok()) {
                if !task.is_over() {
                    task.abort(now);
                }
            }
        }
        (wanted, state) => {
            let message =
                format!("Job in state {} cannot become {}", state.name(), wanted.unwrap_or("null"));
            return Err(AsyncError::new(Code::InvalidJobState, message));
        }
    }
    job.closed.get_or_insert(now);
    Ok(job.message().into_reply(200, format))
}

impl Job {
    /// The `jobInfo`.
    pub(crate) fn message(&self) -> Message {
        let count = |wanted: fn(&Stage) -> bool| {
            self.batches.iter().filter(|batch| wanted(&batch.stage())).count()
        };
        let sum = |of: fn(&Batch) -> u64| self.batches.iter().map(of).sum::<u64>();
        let key = match &self.purpose {
            Purpose::Load(Operation::Upsert(key)) => Some(key.as_str()),
            _ => None,
        };
        Message::new("jobInfo")
            .with("id", self.id.as_str())
            .with("operation", self.operation())
            .with("object", self.object.as_str())
            .with("createdById", self.created_by.as_str())
            .with("createdDate", self.created)
            .with("systemModstamp", self.closed.unwrap_or(self.created))
            .with("state", self.state.name())
            .with_some("externalIdFieldName", key)
            .with("concurrencyMode", self.concurrency.as_str())
            .with("contentType", self.content.name())
            .with("numberBatchesQueued", count(|stage| *stage == Stage::Queued))
            .with("numberBatchesInProgress", count(|stage| *stage == Stage::Running))
            .with("numberBatchesCompleted", count(|stage| *stage == Stage::Complete))
            .with("numberBatchesFailed", count(|stage| matches!(stage, Stage::Failed(_))))
            .with("numberBatchesTotal", self.batches.len())
            .with("numberRecordsProcessed", sum(Batch::rows_processed))
            .with("numberRetries", 0_u64)
            .with("apiVersion", Item::Version(self.version.clone()))
            .with("numberRecordsFailed", sum(Batch::rows_failed))
            .with("totalProcessingTime", sum(Batch::processing_ms))
            .with("apiActiveProcessingTime", sum(Batch::processing_ms))
            .with("apexProcessingTime", 0_u64)
    }

    /// The entry in a list of Bulk API 2.0.
    pub(crate) fn listed(&self) -> Value {
        json!({
            "id": self.id, "operation": self.operation(), "object": self.object,
            "createdById": self.created_by, "createdDate": stamp(self.created),
            "systemModstamp": stamp(self.closed.unwrap_or(self.created)), "state": self.state.name(),
            "concurrencyMode": self.concurrency, "contentType": self.content.name(),
            "apiVersion": self.version.parse::<f64>().unwrap_or_default(), "jobType": "Classic",
        })
    }

    fn operation(&self) -> &'static str {
        match &self.purpose {
            Purpose::Load(operation) => operation.name(),
            Purpose::Extract(Deleted::Hidden) => "query",
            Purpose::Extract(Deleted::Included) => "queryAll",
        }
    }
}
