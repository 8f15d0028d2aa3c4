//! Bulk API 2.0 (wire reference 7): any number of records in and out, in constant memory.
//!
//! | what | how |
//! | --- | --- |
//! | write | [`Bulk::ingest`]: parts split by bytes, each uploaded while it is encoded, then [`Ingest::outcomes`] |
//! | read | [`Bulk::query`]: one job, its rows by locator ([`QueryRun::rows`]) or page by page at once ([`QueryRun::parallel_rows`]) |
//! | jobs | [`Bulk::job`], [`Bulk::jobs`], [`Bulk::wait`], [`Bulk::abort`], [`Bulk::delete`] |
//!
//! **Which result belongs to which row.** Results come back in no order, so each is told by the values it echoes
//! ([`Correlation`]): the external id of an upsert, the `Id` of an update or delete, a column of the caller's choice, or, for
//! an insert without a key, all its columns together. Rows that are equal in all columns are interchangeable: whichever of
//! their records is which, it holds the same. A key must come once in an upload; two rows with one key cannot be told apart.
//!
//! **When an answer is lost.** Nothing is carried out before a job is closed, and all that happens before can be thrown away:
//!
//! | lost answer of | then |
//! | --- | --- |
//! | create | the list is searched for a job of our own that is open, alike and new; else a new one is created. An open job that nobody closes never writes anything |
//! | upload | a job takes one upload, and nobody can tell how much of a cut one it took: it is aborted, and a new job is filled. Certainly not sent: sent again to the same job, while that is open |
//! | close | the job is read: still open, closed again; otherwise it has begun |
//! | poll, results | asked again; [`Outcomes`] that are cut midway are read from the start by the caller, which changes nothing |

mod csv;
mod error;
mod ingest;
mod job;
mod jobs;
mod outcome;
mod poll;
mod query;
mod row_error;
mod rows;
mod upload;

use std::time::Duration;

use isthmus_model::ids::RecordId;

use crate::client::Client;
use crate::governor::RetryPolicy;

pub use crate::bulk::csv::{
    Cell, CsvDecoder, CsvEncoder, CsvRow, MAX_CELL_CHARACTERS, MAX_COLUMNS, MAX_HEADER_CHARACTERS,
    MAX_ROW_BYTES, MAX_ROW_CHARACTERS, NULL_CELL, Unloadable,
};
pub use crate::bulk::error::BulkError;
pub use crate::bulk::ingest::{FinishedPart, Ingest, OpenPart, UploadedPart};
pub use crate::bulk::job::{
    ColumnDelimiter, Correlation, IngestJob, JobId, JobInfo, JobKind, JobState, LineEnding,
    Operation, QueryJob, RowKey,
};
pub use crate::bulk::jobs::JobPages;
pub use crate::bulk::outcome::{Disposition, Outcomes, RowOutcome};
pub use crate::bulk::poll::Polling;
pub use crate::bulk::query::{DEFAULT_PAGE_ROWS, MAX_PARALLEL_PAGES, QueryRows, QueryRun};
pub use crate::bulk::row_error::row_error;
pub use crate::bulk::rows::BulkRow;
pub use crate::bulk::upload::{MemoryRows, Refusal, RowSource, SourceError};

/// The largest upload of one job, in bytes: the org takes 150 MB after base64, which is a third more (wire reference 6).
pub const MAX_PART_BYTES: u64 = 100_000_000;

/// How Bulk jobs are run.
#[derive(Debug, Clone, Copy)]
pub struct BulkSettings {
    /// The largest upload of one job; at most [`MAX_PART_BYTES`]. Smaller parts are finished sooner and lose less to a cut.
    pub part_bytes: u64,
    /// How often and how long a running job is asked for.
    pub polling: Polling,
    /// What is sent again. Unlike single calls, a job is not given up for one answer that is lost.
    pub retry: RetryPolicy,
    /// The user the client is logged in as. With it, a job whose creation went unanswered is found again; without it such a
    /// job is left alone (it never runs) and another one is created.
    pub user: Option<RecordId>,
}

impl Default for BulkSettings {
    fn default() -> Self {
        Self {
            part_bytes: MAX_PART_BYTES,
            polling: Polling::default(),
            retry: RetryPolicy::standard(),
            user: None,
        }
    }
}

/// Bulk jobs of one org.
#[derive(Debug, Clone)]
pub struct Bulk {
    client: Client,
    settings: BulkSettings,
}

impl Client {
    /// Bulk jobs of this client's org.
    #[must_use]
    pub fn bulk(&self, settings: BulkSettings) -> Bulk {
        let part_bytes = settings.part_bytes.min(MAX_PART_BYTES);
        Bulk {
            client: self.retrying(settings.retry),
            settings: BulkSettings { part_bytes, ..settings },
        }
    }
}

impl Bulk {
    /// The client that sends the calls.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    fn pause(&self, elapsed: Duration) -> Duration {
        self.client.governor().spread(self.settings.polling.pause(elapsed))
    }
}

#[cfg(test)]
mod tests;
