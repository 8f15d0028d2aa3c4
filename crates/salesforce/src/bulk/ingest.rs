//! Writing: part after part through create, upload, close and wait, with an answer to each reply that is lost on the way.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use http::Method;
use jiff::{SignedDuration, Timestamp};

use crate::bulk::Bulk;
use crate::bulk::csv::CsvEncoder;
use crate::bulk::error::BulkError;
use crate::bulk::job::{
    Correlation, IngestJob, JobId, JobInfo, JobKind, JobState, Operation, position,
};
use crate::bulk::outcome::Outcomes;
use crate::bulk::upload::{PartPlan, Refusal, RowSource, SharedProgress, part_body};
use crate::client::Call;
use crate::error::Error;
use crate::governor::{CallCause, Repeat};
use crate::row::timestamp_of;

/// How much earlier by the org's clock a job of ours may seem to have been created: its clock is known to about four seconds.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_secs(10);
/// Jobs that one part is tried in. Each is given up only for a lost connection, so more of them is a line that is down.
const MAX_JOBS_PER_PART: u32 = 4;
/// Closings of one job before it is given up.
const MAX_CLOSINGS: u32 = 5;

/// Rows on their way into an org, part by part.
pub struct Ingest {
    bulk: Bulk,
    job: Arc<IngestJob>,
    source: Arc<dyn RowSource>,
    next: u64,
    ended: bool,
    /// Jobs made here so far: none of them is the one whose creation went unanswered.
    known: Vec<JobId>,
}

/// A part whose job takes its upload.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenPart {
    /// The job.
    pub job: JobInfo,
    /// The number of its first row in the source, from 0.
    pub first: u64,
}

/// A part that is uploaded and does nothing yet. To be stored before it is closed: then the job can run.
#[derive(Debug, Clone, PartialEq)]
pub struct UploadedPart {
    /// The job; another than at first, if an upload was cut.
    pub job: JobInfo,
    /// The number of its first row in the source, from 0.
    pub first: u64,
    /// Rows of the source it stands for, refused ones included.
    pub taken: u64,
    /// Rows uploaded.
    pub rows: u64,
    /// Bytes uploaded.
    pub bytes: u64,
    /// Rows that Bulk cannot load.
    pub refusals: Vec<Refusal>,
}

/// A part whose job has ended, well or not.
#[derive(Debug, Clone, PartialEq)]
pub struct FinishedPart {
    /// What was uploaded; the job as it ended.
    pub upload: UploadedPart,
}

impl Bulk {
    /// Writes the rows of a source. Nothing is sent before the first part is opened.
    ///
    /// # Errors
    /// [`Error::Invalid`] for columns that do not fit the operation.
    pub fn ingest(&self, job: IngestJob, source: Arc<dyn RowSource>) -> Result<Ingest, Error> {
        check(&job)?;
        let (job, bulk) = (Arc::new(job), self.clone());
        Ok(Ingest { bulk, job, source, next: 0, ended: false, known: Vec::new() })
    }
}

impl Ingest {
    /// The next part, from its creation to its end; `None` when all rows are in parts.
    ///
    /// # Errors
    /// [`Error`]; rows of this part may be written only if its job was closed.
    pub async fn next_part(&mut self) -> Result<Option<FinishedPart>, Error> {
        let Some(open) = self.open().await? else { return Ok(None) };
        let uploaded = self.upload(open).await?;
        self.close(&uploaded).await?;
        self.finish(uploaded).await.map(Some)
    }

    /// Opens a job for the next part; `None` when all rows are in parts.
    ///
    /// # Errors
    /// [`Error`]; no row was sent.
    pub async fn open(&mut self) -> Result<Option<OpenPart>, Error> {
        if self.ended {
            return Ok(None);
        }
        // Without this look an empty source, or one that ended with a full part, would make a job of no rows.
        match self.source.rows(self.next).next().await {
            None => {
                self.ended = true;
                return Ok(None);
            }
            Some(Err(error)) => return Err(Error::invalid("Bulk upload", error)),
            Some(Ok(_)) => {}
        }
        let job = self.create().await?;
        Ok(Some(OpenPart { job, first: self.next }))
    }

    /// Uploads rows until the part is full. A cut upload is thrown away with its job, and a new job is filled.
    ///
    /// # Errors
    /// [`Error`]; no row was carried out.
    pub async fn upload(&mut self, open: OpenPart) -> Result<UploadedPart, Error> {
        let OpenPart { mut job, first } = open;
        let mut attempt = 1;
        loop {
            let error = match self.upload_once(&job, first).await {
                Ok(part) => return Ok(part),
                Err(error) => error,
            };
            self.discard(&job.id).await;
            if !error.outcome_unknown() || attempt >= MAX_JOBS_PER_PART {
                return Err(error);
            }
            tracing::warn!(job = %job.id, code = error.code(), "upload cut, begun anew in another job");
            job = self.create().await?;
            attempt += 1;
        }
    }

    /// Closes the job, and so starts it. A part without rows is aborted instead.
    ///
    /// # Errors
    /// [`Error`]; whether the rows are carried out is known when [`Error::outcome_unknown`] is false.
    pub async fn close(&self, part: &UploadedPart) -> Result<(), Error> {
        let id = &part.job.id;
        let state = if part.rows == 0 { JobState::Aborted } else { JobState::UploadComplete };
        for _ in 1..MAX_CLOSINGS {
            match self.set_closed(id, &state).await? {
                Closing::Done => return Ok(()),
                Closing::StillOpen => {
                    tokio::time::sleep(self.bulk.pause(Duration::ZERO)).await;
                }
            }
        }
        match self.set_closed(id, &state).await? {
            Closing::Done => Ok(()),
            Closing::StillOpen => Err(Error::mismatch("Bulk close", "the job stays open")),
        }
    }

    async fn set_closed(&self, id: &JobId, state: &JobState) -> Result<Closing, Error> {
        let error = match self.bulk.set_state(JobKind::Ingest, id, state).await {
            Ok(_) => return Ok(Closing::Done),
            Err(error) => error,
        };
        if !error.outcome_unknown() && !error.has_code("INVALIDJOBSTATE") {
            return Err(error);
        }
        // The change may have been made although its answer is lost: the job itself tells.
        match self.bulk.job_for(CallCause::Recover, JobKind::Ingest, id).await {
            Ok(job) if job.state == JobState::Open => Ok(Closing::StillOpen),
            Ok(_) => Ok(Closing::Done),
            Err(unseen) => Err(Error::mismatch("Bulk close", unseen)),
        }
    }

    /// Waits until the job has ended.
    ///
    /// # Errors
    /// [`BulkError::StillRunning`]; [`BulkError::Ended`] when the org refused the file and did nothing.
    pub async fn finish(&self, part: UploadedPart) -> Result<FinishedPart, Error> {
        if part.rows == 0 {
            return Ok(FinishedPart { upload: part });
        }
        let waited = self.bulk.wait(JobKind::Ingest, &part.job.id).await;
        let job = waited.map_err(|error| out_of_sight(&part.job.id, error))?;
        let untouched = job.number_records_processed == 0 && job.number_records_failed == 0;
        if job.state != JobState::JobComplete && untouched {
            let message =
                job.error_message.clone().unwrap_or_else(|| "no reason was given".to_owned());
            return Err(BulkError::Ended { job: job.id, state: job.state, message }.into());
        }
        Ok(FinishedPart { upload: UploadedPart { job, ..part } })
    }

    /// What became of each row of a part, a job that failed midway included. Can be read again from the start.
    #[must_use]
    pub fn outcomes(&self, part: &FinishedPart) -> Outcomes {
        Outcomes::new(&self.bulk, Arc::clone(&self.job), &part.upload.job, Some(part.upload.rows))
    }

    /// Creates a job, or finds the one whose creation went unanswered.
    async fn create(&mut self) -> Result<JobInfo, Error> {
        let since = self.bulk.client.org_now().saturating_sub(CLOCK_SLACK);
        let since = since.unwrap_or(Timestamp::MIN);
        let created = match self.bulk.create_ingest(&self.job).await {
            Err(error) if error.outcome_unknown() => {
                tracing::warn!(
                    code = error.code(),
                    "no answer about a new Bulk job, looked for in the list"
                );
                match self.unanswered(since).await? {
                    Some(found) => found,
                    None => self.bulk.create_ingest(&self.job).await?,
                }
            }
            outcome => outcome?,
        };
        self.known.push(created.id.clone());
        Ok(created)
    }

    /// The one open job that is like ours, new, of our user, and not known yet; none when there are several.
    async fn unanswered(&self, since: Timestamp) -> Result<Option<JobInfo>, Error> {
        let Some(user) = self.bulk.settings.user else { return Ok(None) };
        let mut pages = self.bulk.jobs_for(CallCause::Recover, JobKind::Ingest);
        let mut found = Vec::new();
        while let Some(page) = pages.next().await? {
            found
                .extend(page.into_iter().filter(|job| self.may_be_ours(job, user.as_str(), since)));
        }
        let one = found.pop().filter(|_| found.is_empty());
        // A list tells less than the job itself, and may be older.
        match one {
            None => Ok(None),
            Some(job) => {
                let job = self.bulk.job_for(CallCause::Recover, JobKind::Ingest, &job.id).await?;
                Ok((job.state == JobState::Open).then_some(job))
            }
        }
    }

    fn may_be_ours(&self, job: &JobInfo, user: &str, since: Timestamp) -> bool {
        let same = |told: &Option<String>, ours: &str| {
            told.as_deref().is_some_and(|told| told.eq_ignore_ascii_case(ours))
        };
        let operation = serde_json::to_value(self.job.operation).unwrap_or_default();
        let created = job.created_date.as_deref().and_then(timestamp_of);
        job.state == JobState::Open
            && same(&job.object, &self.job.object)
            && same(&job.operation, operation.as_str().unwrap_or_default())
            && job.external_id_field_name.as_deref().unwrap_or_default()
                == self.job.external_id.as_deref().unwrap_or_default()
            // Fifteen characters tell a record; the other three check them.
            && job.created_by_id.as_deref().and_then(|id| id.get(..15)) == user.get(..15)
            && created.is_some_and(|created| created >= since)
            && !self.known.contains(&job.id)
    }

    async fn upload_once(&mut self, job: &JobInfo, first: u64) -> Result<UploadedPart, Error> {
        let progress = SharedProgress::default();
        let (ending, delimiter) = (self.job.line_ending, self.job.column_delimiter);
        let (encoder, header) = CsvEncoder::new(&self.job.columns, ending, delimiter)?;
        let (source, limit_bytes) = (Arc::clone(&self.source), self.bulk.settings.part_bytes);
        let seen = progress.clone();
        let body = move || {
            let (header, encoder) = (header.clone(), encoder.clone());
            let plan = PartPlan { header, encoder, first, limit_bytes };
            part_body(source.as_ref(), plan, &seen)
        };
        let client = &self.bulk.at_version_of(job).client;
        let address = client.data_path(&format!("jobs/ingest/{}/batches", job.id));
        let call = Call::new(Method::PUT, address, "jobs/ingest/{id}/batches")
            .caused_by(CallCause::Write)
            .repeatable(Repeat::OnlyIfNotActed)
            .header("content-type", "text/csv")?;
        let outcome = client.exchange(&call, &body).await;
        let failure = progress.lock().failure.take();
        if let Some(failure) = failure {
            return Err(Error::invalid("Bulk upload", failure));
        }
        let answer = outcome?.whole(client.settings().instance_url.host()).await?;
        tracing::debug!(job = %job.id, status = answer.status.as_u16(), "uploaded");
        self.uploaded(job, first, &progress)
    }

    fn uploaded(
        &mut self,
        job: &JobInfo,
        first: u64,
        progress: &SharedProgress,
    ) -> Result<UploadedPart, Error> {
        let mut progress = progress.lock();
        if !progress.complete {
            // A success before the whole body was taken tells of another upload than ours.
            return Err(Error::mismatch("Bulk upload", "it was answered before it was whole"));
        }
        self.next = first + progress.taken;
        self.ended = progress.source_ended;
        Ok(UploadedPart {
            job: job.clone(),
            first,
            taken: progress.taken,
            rows: progress.written,
            bytes: progress.bytes,
            refusals: std::mem::take(&mut progress.refusals),
        })
    }

    /// Aborts a job of ours that is not closed. Should that fail, it never runs all the same, and the org forgets it.
    async fn discard(&self, id: &JobId) {
        if let Err(error) = self.bulk.abort(JobKind::Ingest, id).await {
            tracing::warn!(job = %id, code = error.code(), "an open Bulk job is left behind");
        }
    }
}

/// What became of closing a job.
enum Closing {
    Done,
    StillOpen,
}

/// A job that was closed may run although nobody can look at it.
fn out_of_sight(job: &JobId, error: Error) -> Error {
    match error {
        Error::Bulk(_) => error,
        error => {
            let (class, reason) = (error.class(), error.to_string());
            BulkError::OutOfSight { job: job.clone(), class, reason }.into()
        }
    }
}

fn check(job: &IngestJob) -> Result<(), Error> {
    let has = |name: &str| position(&job.columns, name).is_some();
    let reason = match (job.operation, &job.external_id) {
        (Operation::Upsert, None) => "an upsert needs an external id field".to_owned(),
        (Operation::Upsert, Some(field)) if !has(field) => {
            format!("the key field {field} is no column")
        }
        (Operation::Update, _) if !has("Id") => "an update needs the column Id".to_owned(),
        (Operation::Delete | Operation::HardDelete, _) if job.columns != ["Id"] => {
            "a delete has the column Id and no other".to_owned()
        }
        (Operation::Insert, _) if has("Id") => "an insert cannot set Id".to_owned(),
        _ => return check_correlation(job),
    };
    Err(Error::invalid("Bulk job", reason))
}

fn check_correlation(job: &IngestJob) -> Result<(), Error> {
    // Names are checked by the encoder.
    CsvEncoder::new(&job.columns, job.line_ending, job.column_delimiter)?;
    match &job.correlation {
        Correlation::Column(name) if position(&job.columns, name).is_none() => {
            Err(Error::invalid("Bulk job", format!("the key column {name} is no column")))
        }
        _ => Ok(()),
    }
}
