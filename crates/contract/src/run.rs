//! Views of runs: the header, the counts, the causes, the rows.

use isthmus_model::ids::{MappingVersion, RunId};
use isthmus_model::run::{RunCounts, RunEnd};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::plan::CauseView;

/// One run, as a list shows it and as `run --json` prints it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunView {
    /// The run's number.
    pub run: RunId,
    /// The sync's name.
    pub sync: String,
    /// The mapping version.
    pub version: MappingVersion,
    /// `full`, `selected` or `retry`.
    pub kind: String,
    /// How it ended; `None` while it runs, or after a crash until the next run resumes it.
    pub end: Option<RunEnd>,
    /// Why it ended so, where that needs words.
    pub reason: Option<String>,
    /// Rows read: the sum of the six outcomes.
    pub rows_read: u64,
    /// Rows by outcome.
    #[serde(flatten)]
    pub counts: RunCounts,
    /// Rows that went over the wire, successes or not.
    pub rows_sent: u64,
    /// API calls.
    pub calls: u64,
    /// How long it took.
    pub seconds: f64,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// A run in full: the header, the causes, and one page of rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportView {
    /// The header.
    #[serde(flatten)]
    pub header: RunView,
    /// Cause x affected rows x next action, most frequent first.
    pub causes: Vec<CauseView>,
    /// One page of rows.
    pub rows: Vec<RowView>,
    /// Rows that the filter lets through, on all pages.
    pub rows_total: u64,
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowView {
    /// The object mapping.
    pub mapping: String,
    /// The object that was written.
    pub object: String,
    /// The source record.
    pub source_id: String,
    /// The target record; empty when there is none.
    pub target_id: String,
    /// The outcome's word: `created`, `updated`, `unchanged`, `held`, `failed`, `pending`.
    pub outcome: String,
    /// The cause's code; empty when it was written.
    pub code: String,
    /// What happened; may quote record values.
    pub message: String,
    /// The fields at fault.
    pub fields: Vec<String>,
    /// The next step; empty when there is nothing to do.
    pub remedy: String,
}
