//! How a Bulk job can end other than well.

use std::time::Duration;

use crate::bulk::job::{JobId, JobState};
use crate::error::ErrorClass;

/// Beginnings of `errorMessage` that name a wrong file: the same rows meet it again.
const FILE_REFUSED: [&str; 2] = ["InvalidBatch", "ClientInputError"];

/// A job that did not end as it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BulkError {
    /// The job ended without a single row done: its file, header or query was refused, or somebody aborted it.
    #[error("the Bulk job {job} ended as {state}: {message}")]
    Ended {
        /// The job.
        job: JobId,
        /// `Failed` or `Aborted`.
        state: JobState,
        /// The org's text; the org sends none for query jobs.
        message: String,
    },
    /// The job still runs when the time for it is over. It was not aborted.
    #[error(
        "the Bulk job {job} is still {state} after {} minutes; ask for it again later",
        waited.as_secs() / 60
    )]
    StillRunning {
        /// The job.
        job: JobId,
        /// Its last known state.
        state: JobState,
        /// How long it was waited for.
        waited: Duration,
    },
    /// The job was closed, so it may run, and nobody can look at it.
    #[error("the Bulk job {job} was started, and what became of it cannot be asked ({reason})")]
    OutOfSight {
        /// The job.
        job: JobId,
        /// The class of the error that hides it.
        class: ErrorClass,
        /// That error.
        reason: String,
    },
    /// The job's results are gone: kept for seven days, or deleted, or the locator is none of this job's.
    #[error("the results of the Bulk job {job} are gone ({reason}); run the query again")]
    ResultsGone {
        /// The job.
        job: JobId,
        /// The org's text.
        reason: String,
    },
}

impl BulkError {
    /// What to do about it.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Ended { message, .. }
                if FILE_REFUSED.iter().any(|part| message.starts_with(part)) =>
            {
                ErrorClass::Configuration
            }
            Self::Ended { .. } => ErrorClass::Unknown,
            Self::OutOfSight { class, .. } => *class,
            Self::StillRunning { .. } | Self::ResultsGone { .. } => ErrorClass::Retry,
        }
    }

    /// True when rows may have been written that nobody has told of yet.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        matches!(self, Self::StillRunning { .. } | Self::OutOfSight { .. })
    }

    /// The code to show.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ended { .. } => "bulk_job_ended",
            Self::StillRunning { .. } => "bulk_job_running",
            Self::OutOfSight { .. } => "bulk_job_out_of_sight",
            Self::ResultsGone { .. } => "bulk_results_gone",
        }
    }

    /// The next step for an admin.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Ended { .. } if self.class() == ErrorClass::Configuration => {
                "no row was written: check that each mapped field exists and that the user may edit it, then run again"
            }
            Self::Ended { .. } => "open the job under Setup, Bulk Data Load Jobs, then run again",
            Self::StillRunning { .. } | Self::OutOfSight { .. } => {
                "look at the job under Setup, Bulk Data Load Jobs; its rows are read back when it has ended"
            }
            Self::ResultsGone { .. } => "run again: the records are read from the start",
        }
    }
}
