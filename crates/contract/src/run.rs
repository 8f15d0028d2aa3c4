//! Views of runs: the header, the counts, the causes, the rows.

use isthmus_model::ids::{MappingVersion, RunId};
use isthmus_model::plan::Operation;
use isthmus_model::run::{RunCounts, RunEnd};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::plan::CauseView;
use crate::request::RunRequest;

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

/// What is to be carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", content = "of", rename_all = "snake_case")]
pub enum RunOrder {
    /// A plan that was made and shown.
    Plan(RunId),
    /// A sync, planned and carried out in one go.
    Sync(RunRequest),
    /// The failed, held and pending rows of a run.
    Retry(RunId),
    /// An interrupted run.
    Resume(RunId),
}

/// Which runs are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunsRequest {
    /// Only runs of this sync.
    pub sync: Option<String>,
    /// Most runs to give back.
    pub limit: u32,
}

/// A run without its rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunReportView {
    /// The header.
    pub header: RunView,
    /// The left org's name.
    pub left: String,
    /// The right org's name.
    pub right: String,
    /// Cause x affected rows x next action, most frequent first.
    pub causes: Vec<CauseView>,
    /// The run was interrupted and can be resumed.
    pub interrupted: bool,
}

/// Which rows of a run are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRowsRequest {
    /// The run.
    pub run: RunId,
    /// Only rows with this outcome word (`created`, `failed`, ...).
    pub outcome: Option<String>,
    /// Only rows with this cause.
    pub cause: Option<String>,
    /// Only rows of this object mapping.
    pub mapping: Option<String>,
    /// Only rows whose record or text holds this.
    pub text: String,
    /// Rows to leave out at the start.
    pub offset: u64,
    /// Most rows to give back.
    pub limit: u32,
}

/// One page of a run's rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsPage {
    /// The rows, in the order of writing.
    pub rows: Vec<RunRow>,
    /// Rows that the filter lets through, on all pages.
    pub total: u64,
}

/// One row of a run with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRow {
    /// Its place in the plan, from 1.
    pub ordinal: u32,
    /// What the row is called: its name where the mapping writes one, else its key, else its id.
    pub name: String,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// What became of it.
    pub row: RowView,
}

/// A row of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowRequest {
    /// The run.
    pub run: RunId,
    /// The row's place in the plan.
    pub ordinal: u32,
}

/// One row with everything the ledger knows of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowDetail {
    /// The row.
    pub row: RunRow,
    /// What was planned.
    pub operation: Operation,
    /// What was sent, oldest first; empty where the row never went out.
    pub tries: Vec<TryView>,
}

/// One time that a row went out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TryView {
    /// From 1.
    pub attempt: u32,
    /// The org's name.
    pub org: String,
    /// The object written.
    pub object: String,
    /// The record written; `None` for a create.
    pub target_id: Option<String>,
    /// What the target held before, field by field.
    pub before: serde_json::Value,
    /// The row's part of the request body.
    pub payload: serde_json::Value,
    /// The org's answer for this row; `None` while it is not known.
    pub answer: Option<serde_json::Value>,
    /// When it went out.
    pub sent_at: Option<Timestamp>,
    /// When the answer came.
    pub answered_at: Option<Timestamp>,
}

/// An export to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportOrder {
    /// The run.
    pub run: RunId,
    /// Only rows with this outcome word.
    pub outcome: Option<String>,
    /// The file's form.
    pub format: ExportFormat,
    /// The file's full path.
    pub path: String,
}

/// The form of an exported file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// For spreadsheets.
    Csv,
    /// For programs.
    Json,
}

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportView {
    /// The file.
    pub path: String,
    /// Rows in it.
    pub rows: u64,
}
