//! One job of Bulk API 2.0 and how its resources show it (wire reference 7.1, 7.2).

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::api::moments::stamp;
use crate::bulk::dialect::Dialect;
use crate::bulk::row::Operation;
use crate::bulk::task::{Stage, Task};
use crate::soql::Deleted;

/// One job.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) id: String,
    /// The version it was created with, for example `68.0`.
    pub(crate) version: String,
    pub(crate) created_by: String,
    pub(crate) created: Timestamp,
    pub(crate) dialect: Dialect,
    /// Exact API name of the object.
    pub(crate) object: String,
    pub(crate) kind: Kind,
    /// What was submitted; `None` while the job is open or after an open one was aborted.
    pub(crate) task: Option<Task>,
    /// When an open job was aborted.
    pub(crate) given_up: Option<Timestamp>,
}

/// What a job is for.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Kind {
    Ingest {
        operation: Operation,
        assignment_rule: Option<String>,
        /// The upload, until it is submitted.
        data: Option<Upload>,
    },
    Query {
        deleted: Deleted,
    },
}

/// What was uploaded to an open job; it has a file of its own in a state folder.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Upload {
    #[serde(skip)]
    pub(crate) content: Bytes,
}

/// The documented states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Open,
    UploadComplete,
    InProgress,
    JobComplete,
    Failed,
    Aborted,
}

impl State {
    /// The name in bodies.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::UploadComplete => "UploadComplete",
            Self::InProgress => "InProgress",
            Self::JobComplete => "JobComplete",
            Self::Failed => "Failed",
            Self::Aborted => "Aborted",
        }
    }

    /// True when the job is over.
    pub(crate) fn is_final(self) -> bool {
        matches!(self, Self::JobComplete | Self::Failed | Self::Aborted)
    }
}

/// How much of a job an answer shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Creation and state changes.
    Brief,
    /// An entry of a list.
    Listed,
    /// The job's own resource.
    Full,
}

impl Job {
    /// Where the job stands.
    pub(crate) fn state(&self) -> State {
        match self.task.as_ref().map(|task| &task.stage) {
            None if self.given_up.is_some() => State::Aborted,
            None => State::Open,
            Some(Stage::Queued) => State::UploadComplete,
            Some(Stage::Running) => State::InProgress,
            Some(Stage::Complete) => State::JobComplete,
            Some(Stage::Failed(_)) => State::Failed,
            Some(Stage::Aborted) => State::Aborted,
        }
    }

    /// When the job ended.
    pub(crate) fn ended(&self) -> Option<Timestamp> {
        self.given_up.or_else(|| self.task.as_ref()?.ended)
    }

    /// Aborts an open job.
    pub(crate) fn give_up(&mut self, now: Timestamp) {
        self.given_up.get_or_insert(now);
    }

    /// `V2Ingest` or `V2Query`.
    pub(crate) fn job_type(&self) -> &'static str {
        match self.kind {
            Kind::Ingest { .. } => "V2Ingest",
            Kind::Query { .. } => "V2Query",
        }
    }

    /// The job as JSON.
    pub(crate) fn show(&self, detail: Detail) -> Value {
        let modified = self.task.as_ref().map_or(self.created, Task::modified);
        let mut shown = Map::new();
        let mut put = |name: &str, value: Value| {
            shown.insert(name.to_owned(), value);
        };
        put("id", json!(self.id));
        put("operation", json!(self.operation()));
        put("object", json!(self.object));
        put("createdById", json!(self.created_by));
        put("createdDate", json!(stamp(self.created)));
        put("systemModstamp", json!(stamp(self.given_up.unwrap_or(modified))));
        put("state", json!(self.state().name()));
        put("concurrencyMode", json!("Parallel"));
        put("contentType", json!("CSV"));
        put("apiVersion", version_number(&self.version));
        put("lineEnding", json!(self.dialect.line_ending.name()));
        put("columnDelimiter", json!(self.dialect.delimiter.name()));
        if detail != Detail::Brief {
            put("jobType", json!(self.job_type()));
        }
        self.show_ingest(&mut shown);
        if detail == Detail::Full {
            self.show_progress(&mut shown);
        }
        Value::Object(shown)
    }

    fn operation(&self) -> &'static str {
        match &self.kind {
            Kind::Ingest { operation, .. } => operation.name(),
            Kind::Query { deleted: Deleted::Hidden } => "query",
            Kind::Query { deleted: Deleted::Included } => "queryAll",
        }
    }

    fn show_ingest(&self, shown: &mut Map<String, Value>) {
        let Kind::Ingest { operation, assignment_rule, .. } = &self.kind else { return };
        if let Operation::Upsert(key) = operation {
            shown.insert("externalIdFieldName".to_owned(), json!(key));
        }
        if let Some(rule) = assignment_rule {
            shown.insert("assignmentRuleId".to_owned(), json!(rule));
        }
        if self.state() == State::Open {
            // Without a slash in front, as documented.
            let url = format!("services/data/v{}/jobs/ingest/{}/batches", self.version, self.id);
            shown.insert("contentUrl".to_owned(), json!(url));
        }
    }

    fn show_progress(&self, shown: &mut Map<String, Value>) {
        let task = self.task.as_ref();
        let mut put = |name: &str, value: Value| {
            shown.insert(name.to_owned(), value);
        };
        put("retries", json!(0));
        put("totalProcessingTime", json!(task.map_or(0, Task::processing_ms)));
        put("numberRecordsProcessed", json!(task.map_or(0, Task::rows_processed)));
        match &self.kind {
            Kind::Ingest { .. } => {
                put("apiActiveProcessingTime", json!(task.map_or(0, Task::processing_ms)));
                put("apexProcessingTime", json!(0));
                put("numberRecordsFailed", json!(task.map_or(0, Task::rows_failed)));
                if let Some(Stage::Failed(message)) = task.map(|task| &task.stage) {
                    put("errorMessage", json!(message));
                }
            }
            Kind::Query { .. } => put("isPkChunkingSupported", json!(true)),
        }
    }
}

/// `apiVersion` is a number, `68.0`.
fn version_number(version: &str) -> Value {
    json!(version.parse::<f64>().unwrap_or_default())
}
