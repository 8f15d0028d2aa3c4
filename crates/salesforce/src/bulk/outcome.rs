//! What became of each row: the three result lists of an ingest job, one after the other.

use std::fmt;
use std::sync::Arc;

use futures_util::Stream;
use futures_util::stream::try_unfold;
use isthmus_model::ids::RecordId;

use crate::bulk::Bulk;
use crate::bulk::error::BulkError;
use crate::bulk::job::{Correlation, IngestJob, JobInfo, JobKind, JobState, RowKey, position};
use crate::bulk::row_error::row_error;
use crate::bulk::rows::{BulkRow, RowReader};
use crate::client::Call;
use crate::error::{ApiError, Error};
use crate::governor::CallCause;

/// The result lists, in the order they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ResultList {
    Successful,
    Failed,
    Unprocessed,
}

const LISTS: [ResultList; 3] =
    [ResultList::Successful, ResultList::Failed, ResultList::Unprocessed];

impl ResultList {
    fn segment(self) -> &'static str {
        match self {
            Self::Successful => "successfulResults",
            Self::Failed => "failedResults",
            Self::Unprocessed => "unprocessedrecords",
        }
    }
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowOutcome {
    /// Tells which row it is: equal to [`IngestJob::key_of`] of the row.
    pub key: RowKey,
    /// What became of it.
    pub disposition: Disposition,
}

/// What the org did with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disposition {
    /// Carried out.
    Succeeded {
        /// The record.
        id: RecordId,
        /// True when it did not exist before.
        created: bool,
    },
    /// Refused.
    Failed {
        /// The record, where the org knows which one was meant.
        id: Option<RecordId>,
        /// Why.
        error: ApiError,
    },
    /// Not tried: the job ended before. Nothing was done, and it can be sent again.
    Unprocessed,
}

/// Reads the result lists. An error leaves the rows that were not told of unknown; another [`Outcomes`] of the same job reads
/// all of them again.
pub struct Outcomes {
    bulk: Bulk,
    plan: Arc<IngestJob>,
    job: JobInfo,
    /// Rows uploaded, where that is known.
    expected: Option<u64>,
    told: u64,
    lists: std::slice::Iter<'static, ResultList>,
    current: Option<OpenList>,
}

struct OpenList {
    list: ResultList,
    reader: RowReader,
    /// Where the key's cells stand in this list.
    key: Vec<usize>,
}

impl fmt::Debug for Outcomes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Outcomes({}, {} told)", self.job.id, self.told)
    }
}

impl Bulk {
    /// What became of each row of a job that was begun earlier, by another process for instance. `expected`: the rows that
    /// were uploaded, where that is known.
    #[must_use]
    pub fn outcomes(&self, plan: IngestJob, job: &JobInfo, expected: Option<u64>) -> Outcomes {
        Outcomes::new(self, Arc::new(plan), job, expected)
    }
}

impl Outcomes {
    pub(crate) fn new(
        bulk: &Bulk,
        plan: Arc<IngestJob>,
        job: &JobInfo,
        expected: Option<u64>,
    ) -> Self {
        let lists = if expected == Some(0) { [].iter() } else { LISTS.iter() };
        let bulk = bulk.at_version_of(job);
        Self { bulk, plan, job: job.clone(), expected, told: 0, lists, current: None }
    }

    /// The next outcome; `None` when all uploaded rows were told of.
    ///
    /// # Errors
    /// [`BulkError::Ended`] for a job that did nothing; [`Error::Mismatch`] when the lists hold fewer or more rows than were
    /// uploaded; [`Error`] of a list that cannot be read.
    pub async fn next(&mut self) -> Result<Option<RowOutcome>, Error> {
        loop {
            if let Some(open) = &mut self.current {
                if let Some(row) = open.reader.next().await? {
                    self.told += 1;
                    return outcome(open, &self.plan, &row).map(Some);
                }
                self.current = None;
            }
            match self.lists.next() {
                Some(list) => self.current = Some(self.open(*list).await?),
                None => return self.end(),
            }
        }
    }

    /// The same as a stream, which ends with its first error.
    pub fn into_stream(self) -> impl Stream<Item = Result<RowOutcome, Error>> + Send {
        try_unfold(self, |mut outcomes| async move {
            Ok(outcomes.next().await?.map(|outcome| (outcome, outcomes)))
        })
    }

    async fn open(&mut self, list: ResultList) -> Result<OpenList, Error> {
        self.refuse_untouched()?;
        let segment = list.segment();
        let path = self.bulk.path(JobKind::Ingest, &self.job.id, &format!("/{segment}/"));
        let call = Call::get(path, format!("jobs/ingest/{{id}}/{segment}"))
            .caused_by(CallCause::Write)
            .header("accept", "text/csv")?;
        let response = self.bulk.client().download(&call).await?;
        let delimiter = self.job.column_delimiter.unwrap_or(self.plan.column_delimiter);
        let reader = RowReader::open(response.body, delimiter).await?;
        let key = self.key_positions(reader.columns())?;
        Ok(OpenList { list, reader, key })
    }

    /// A job that ended otherwise than complete with no row done has no row errors either: its file was refused.
    fn refuse_untouched(&self) -> Result<(), Error> {
        let job = &self.job;
        let untouched = job.number_records_processed == 0 && job.number_records_failed == 0;
        if job.state == JobState::JobComplete || !untouched {
            return Ok(());
        }
        let message = job.error_message.clone().unwrap_or_else(|| "no reason was given".to_owned());
        Err(BulkError::Ended { job: job.id.clone(), state: job.state.clone(), message }.into())
    }

    fn key_positions(&self, columns: &[String]) -> Result<Vec<usize>, Error> {
        if columns.is_empty() {
            return Ok(Vec::new());
        }
        let find = |name: &String| {
            position(columns, name).ok_or_else(|| {
                Error::mismatch("Bulk results", format!("the column {name} is missing"))
            })
        };
        match &self.plan.correlation {
            Correlation::Column(name) => Ok(vec![find(name)?]),
            Correlation::AllColumns => self.plan.columns.iter().map(find).collect(),
        }
    }

    fn end(&self) -> Result<Option<RowOutcome>, Error> {
        match self.expected {
            Some(expected) if expected != self.told => {
                let reason = format!("{expected} rows were uploaded, {} were told of", self.told);
                Err(Error::mismatch("Bulk results", reason))
            }
            _ => Ok(None),
        }
    }
}

fn outcome(open: &OpenList, plan: &IngestJob, row: &BulkRow) -> Result<RowOutcome, Error> {
    let cell = |index: &usize| row.at(*index).unwrap_or_default().to_owned();
    let key = match &plan.correlation {
        Correlation::Column(_) => RowKey::Column(open.key.first().map(cell).unwrap_or_default()),
        Correlation::AllColumns => RowKey::AllColumns(open.key.iter().map(cell).collect()),
    };
    let id = |text: Option<&str>| text.and_then(|text| RecordId::parse(text).ok());
    let disposition = match open.list {
        ResultList::Unprocessed => Disposition::Unprocessed,
        ResultList::Failed => Disposition::Failed {
            id: id(row.get("sf__Id")),
            error: row_error(row.get("sf__Error").unwrap_or_default()),
        },
        ResultList::Successful => Disposition::Succeeded {
            id: id(row.get("sf__Id"))
                .ok_or_else(|| Error::decode("Bulk results", "a successful row without its id"))?,
            created: row.get("sf__Created") == Some("true"),
        },
    };
    Ok(RowOutcome { key, disposition })
}
