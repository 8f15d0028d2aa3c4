//! Waiting for a job: often at first, seldom later, and not for ever.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::bulk::Bulk;
use crate::bulk::error::BulkError;
use crate::bulk::job::{JobId, JobInfo, JobKind, JobState};
use crate::error::{Error, ErrorClass};

/// A small job ends within this, and is asked for each second.
const SOON: Duration = Duration::from_secs(10);
/// A middling one within this.
const LATER: Duration = Duration::from_secs(2 * 60);
/// Pauses within [`SOON`], within [`LATER`], and after it. Each poll is an API call of the org's day.
const PAUSES: [Duration; 3] =
    [Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(30)];
/// The org gives a batch 5 minutes and 20 tries, and has many jobs; a day is more than any job we make needs.
const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// How often a running job is asked for, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Polling {
    /// Pauses at first, after ten seconds, and after two minutes. They are spread by the governor.
    pub pauses: [Duration; 3],
    /// When to stop asking. The job goes on.
    pub patience: Duration,
}

impl Default for Polling {
    fn default() -> Self {
        Self { pauses: PAUSES, patience: PATIENCE }
    }
}

impl Polling {
    /// The pause after waiting for so long.
    #[must_use]
    pub fn pause(&self, elapsed: Duration) -> Duration {
        let [first, second, third] = self.pauses;
        if elapsed < SOON {
            first
        } else if elapsed < LATER {
            second
        } else {
            third
        }
    }
}

impl Bulk {
    /// Waits until a job has ended, whichever way. Polls that fail for a passing reason are asked again.
    ///
    /// # Errors
    /// [`BulkError::StillRunning`] when [`Polling::patience`] is over; [`Error`] of a poll that cannot succeed.
    pub async fn wait(&self, kind: JobKind, id: &JobId) -> Result<JobInfo, Error> {
        let started = Instant::now();
        let mut state = JobState::UploadComplete;
        loop {
            match self.job(kind, id).await {
                Ok(job) if job.state.is_final() => return Ok(job),
                Ok(job) => state = job.state,
                Err(error) if passes(&error) => {
                    tracing::info!(job = %id, code = error.code(), "poll failed, asked again");
                }
                Err(error) => return Err(error),
            }
            let waited = started.elapsed();
            let pause = self.pause(waited);
            if waited + pause > self.settings.polling.patience {
                return Err(BulkError::StillRunning { job: id.clone(), state, waited }.into());
            }
            sleep(pause).await;
        }
    }
}

/// A job runs on while the org is busy or our day is used up.
fn passes(error: &Error) -> bool {
    matches!(error.class(), ErrorClass::Retry | ErrorClass::Limit)
}
