//! How an org's Bulk jobs behave: their pace, page sizes, permissions, and failures on order.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Rows per page of query results when the caller names no `maxRecords`. The service's own number is not published; one
/// page for a few hundred thousand rows is what its clients meet.
const RESULT_PAGE_ROWS: usize = 250_000;

/// How jobs behave; the control endpoint reads and sets it as JSON, see `control/bulk.rs`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// A submitted job waits this long before it starts.
    pub queued_ms: u64,
    /// A job is in progress for at least this long; its rows are written evenly over that time.
    pub in_progress_ms: u64,
    /// Most rows of one page of query results.
    pub result_page_rows: usize,
    /// Whether the user may delete past the recycle bin; off in a fresh org.
    pub hard_delete: HardDelete,
    /// Jobs that shall fail, in the order of their start.
    pub failing: Vec<Failing>,
}

/// The permission "Bulk API Hard Delete".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HardDelete {
    /// `hardDelete` jobs are refused.
    #[default]
    Refused,
    /// The user has the permission.
    Allowed,
}

/// One job that shall fail although its data is good, as when its batches ran out of retries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failing {
    /// So many rows are processed first and stay.
    #[serde(default)]
    pub after_rows: usize,
    /// The job's `errorMessage`.
    #[serde(default = "retries_used_up")]
    pub message: String,
}

fn retries_used_up() -> String {
    "InternalServerError : Retried 20 times".to_owned()
}

impl Default for Settings {
    fn default() -> Self {
        const QUEUED_MS: u64 = 50;
        const IN_PROGRESS_MS: u64 = 200;
        Self {
            queued_ms: QUEUED_MS,
            in_progress_ms: IN_PROGRESS_MS,
            result_page_rows: RESULT_PAGE_ROWS,
            hard_delete: HardDelete::default(),
            failing: Vec::new(),
        }
    }
}

impl Settings {
    /// How long a job waits.
    pub(crate) fn queued(&self) -> Duration {
        Duration::from_millis(self.queued_ms)
    }

    /// How long a job works.
    pub(crate) fn in_progress(&self) -> Duration {
        Duration::from_millis(self.in_progress_ms)
    }

    /// The failure on order for a job that starts now.
    pub(crate) fn take_failing(&mut self) -> Option<Failing> {
        if self.failing.is_empty() { None } else { Some(self.failing.remove(0)) }
    }
}
