//! Batches: added, looked at, and their results.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::bulk::dialect::{Dialect, LineEnding};
use crate::bulk::extract::Extract;
use crate::bulk::load::{Cargo, ContentType, Load};
use crate::bulk::result_file::Encoding;
use crate::bulk::task::{Stage, Task, Work};
use crate::bulk_v1::Answered;
use crate::bulk_v1::error::{AsyncError, Code};
use crate::bulk_v1::job::{Job, Purpose, State, find, find_mut};
use crate::bulk_v1::message::{Format, Message, document, list as list_of};
use crate::bulk_v1::results::{csv, json_text, of_load};
use crate::ids;
use crate::org::Org;
use crate::router::reply::Reply;
use crate::router::request::Request;
use crate::soql::Deleted;
use crate::xml::element;

/// Bytes of one batch (API guide, "Bulk API Limits").
const BATCH_MAX_BYTES: usize = 10_000_000;

/// One batch.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Batch {
    pub(crate) id: String,
    job: String,
    /// The id of a query's one result.
    result: String,
    created: Timestamp,
    /// As it was sent; it has a file of its own in a state folder.
    #[serde(skip)]
    pub(crate) data: Bytes,
    /// What runs, or why nothing does: the `stateMessage`.
    pub(crate) task: Result<Task, String>,
}

/// `POST /job/<id>/batch`: CSV, JSON records, or the text of a query.
pub(crate) fn add(org: &mut Org, request: &Request, id: &str, format: Format) -> Answered {
    let job = find(org, id)?;
    if job.state != State::Open {
        let message = format!("Job {} is not open", job.id);
        return Err(AsyncError::new(Code::InvalidJobState, message));
    }
    if request.body.len() > BATCH_MAX_BYTES {
        let message = format!("A batch may have {BATCH_MAX_BYTES} bytes");
        return Err(AsyncError::new(Code::ClientInputError, message));
    }
    let (job_id, object, purpose) = (job.id.clone(), job.object.clone(), job.purpose.clone());
    let (content, version) = (job.content, job.version.clone());
    let data = request.body.clone();
    let now = org.clock.now();
    let task = match purpose {
        Purpose::Load(operation) => {
            let dialect = Dialect { line_ending: line_ending(&data), ..Dialect::default() };
            let data = data.clone();
            let cargo = Cargo { object, operation, rule: None, content, dialect, data };
            Ok(Task::submit(org, Work::Load(Arc::new(Load::new(cargo)))))
        }
        Purpose::Extract(deleted) => {
            let encoding = match content {
                ContentType::Csv => Encoding::Csv(Dialect::default()),
                ContentType::Json => Encoding::Json(version),
            };
            query(org, &object, &data, (deleted, encoding))
        }
    };
    let batch = Batch {
        id: org.bulk.next_id("751", &org.id),
        job: job_id,
        result: org.bulk.next_id("752", &org.id),
        created: now,
        data,
        task,
    };
    let reply = batch.message().into_reply(201, format);
    find_mut(org, id)?.batches.push(batch);
    Ok(reply)
}

/// Jobs of version 1 name no line ending: the first one of the data counts.
fn line_ending(data: &[u8]) -> LineEnding {
    let first = data.iter().position(|byte| *byte == b'\n').unwrap_or_default();
    match first.checked_sub(1).and_then(|before| data.get(before)) {
        Some(b'\r') => LineEnding::Crlf,
        _ => LineEnding::Lf,
    }
}

/// A bad query fails its batch, not the call.
fn query(
    org: &Org,
    object: &str,
    data: &[u8],
    (deleted, encoding): (Deleted, Encoding),
) -> Result<Task, String> {
    let failed = |error: String| format!("InvalidBatch : Failed to process query: {error}");
    let soql = String::from_utf8_lossy(data);
    let extract = Extract::compile(org, soql.trim(), deleted, encoding)
        .map_err(|error| failed(format!("{}: {}", error.code, error.message)))?;
    if extract.object != object {
        return Err(failed(format!(
            "The query's object {} is not the job's object {object}",
            extract.object
        )));
    }
    Ok(Task::submit(org, Work::Extract(Box::new(extract))))
}

/// `GET /job/<id>/batch`.
pub(crate) fn list(org: &Org, id: &str, format: Format) -> Answered {
    let batches: Vec<Message> = find(org, id)?.batches.iter().map(Batch::message).collect();
    Ok(list_of("batchInfoList", "batchInfo", &batches, format))
}

/// `GET /job/<id>/batch/<batch>`.
pub(crate) fn show(org: &Org, id: &str, batch: &str, format: Format) -> Answered {
    Ok(find_batch(find(org, id)?, batch)?.message().into_reply(200, format))
}

/// `GET …/request`: the batch as it was sent.
pub(crate) fn data(org: &Org, id: &str, batch: &str) -> Answered {
    let job = find(org, id)?;
    let data = find_batch(job, batch)?.data.clone();
    match (job.content, &job.purpose) {
        (ContentType::Json, Purpose::Load(_)) => Ok(json_text(data.to_vec())),
        _ => Ok(csv(std::iter::once(data))),
    }
}

/// `GET …/result`: a query's result ids, or what became of each row, in the order of the batch.
pub(crate) fn results(org: &Org, id: &str, batch: &str, format: Format) -> Answered {
    let batch = find_batch(find(org, id)?, batch)?;
    match batch.finished()? {
        Work::Extract(_) if format == Format::Json => Ok(Reply::json(200, json!([batch.result]))),
        Work::Extract(_) => {
            Ok(document(200, "result-list", &format!(" {}\n", element("result", &batch.result))))
        }
        Work::Load(load) => Ok(of_load(load)),
    }
}

/// `GET …/result/<id>`: a query's rows.
pub(crate) fn result(org: &Org, id: &str, batch: &str, result: &str) -> Answered {
    let job = find(org, id)?;
    let batch = find_batch(job, batch)?;
    match batch.finished()? {
        Work::Extract(extract) if ids::to_18(result).as_deref() == Some(&batch.result) => {
            let file = extract.file();
            if job.content == ContentType::Json {
                let mut records = file.page(0, usize::MAX).concat();
                records.push(b']');
                return Ok(json_text(records));
            }
            let rows = match file.rows() {
                // Recorded clients know this text; it stands where the header would.
                0 => vec![Bytes::from_static(b"Records not found for this query")],
                _ => file.page(0, usize::MAX),
            };
            Ok(csv(rows.into_iter()))
        }
        _ => Err(AsyncError::new(Code::InvalidBatch, format!("Unable to find result: {result}"))),
    }
}

fn find_batch<'job>(job: &'job Job, id: &str) -> Result<&'job Batch, AsyncError> {
    let full = ids::to_18(id);
    let batch = job.batches.iter().find(|batch| Some(&batch.id) == full.as_ref());
    batch.ok_or_else(|| AsyncError::no_batch(id))
}

impl Batch {
    /// Where the batch stands.
    pub(crate) fn stage(&self) -> Stage {
        match &self.task {
            Ok(task) => task.stage.clone(),
            Err(message) => Stage::Failed(message.clone()),
        }
    }

    /// Rows that were processed, refused ones included.
    pub(crate) fn rows_processed(&self) -> u64 {
        self.task.as_ref().map_or(0, |task| task.rows_processed() as u64)
    }

    /// Rows that were refused.
    pub(crate) fn rows_failed(&self) -> u64 {
        self.task.as_ref().map_or(0, |task| task.rows_failed() as u64)
    }

    /// How long it took.
    pub(crate) fn processing_ms(&self) -> u64 {
        self.task.as_ref().map_or(0, Task::processing_ms)
    }

    /// The `batchInfo`.
    fn message(&self) -> Message {
        let (state, text) = match self.stage() {
            Stage::Queued => ("Queued", None),
            Stage::Running => ("InProgress", None),
            Stage::Complete => ("Completed", None),
            Stage::Failed(message) => ("Failed", Some(message)),
            Stage::Aborted => ("NotProcessed", Some("Aborted By User".to_owned())),
        };
        let modified = self.task.as_ref().map_or(self.created, Task::modified);
        Message::new("batchInfo")
            .with("id", self.id.as_str())
            .with("jobId", self.job.as_str())
            .with("state", state)
            .with_some("stateMessage", text)
            .with("createdDate", self.created)
            .with("systemModstamp", modified)
            .with("numberRecordsProcessed", self.rows_processed())
            .with("numberRecordsFailed", self.rows_failed())
            .with("totalProcessingTime", self.processing_ms())
            .with("apiActiveProcessingTime", self.processing_ms())
            .with("apexProcessingTime", 0_u64)
    }

    fn finished(&self) -> Result<&Work, AsyncError> {
        match &self.task {
            Ok(task) if task.stage == Stage::Complete => Ok(&task.work),
            Ok(task) if !task.is_over() => {
                Err(AsyncError::new(Code::InvalidBatch, "Batch not completed"))
            }
            _ => Err(AsyncError::new(Code::InvalidBatch, "Records not processed")),
        }
    }
}
