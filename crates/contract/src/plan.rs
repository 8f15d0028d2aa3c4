//! Views of plans: what a run would do, before anything is written.

use isthmus_model::ids::{MappingVersion, RunId};
use isthmus_model::plan::{Operation, PlanCounts};
use serde::{Deserialize, Serialize};

/// What a run would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanView {
    /// The number the plan is stored under; carrying it out makes it the run's.
    pub run: RunId,
    /// The sync's name.
    pub sync: String,
    /// The mapping version it was planned under.
    pub version: MappingVersion,
    /// All rows.
    pub counts: PlanCounts,
    /// Rows by object mapping, parents first.
    pub mappings: Vec<MappingPlanView>,
    /// Rows that would be held, by cause, most frequent first.
    pub held: Vec<CauseView>,
    /// What is worth knowing before the run.
    pub notes: Vec<String>,
    /// API calls that planning took.
    pub calls: u64,
    /// Operations, as many as were asked for; unchanged rows are left out.
    pub operations: Vec<Operation>,
    /// Operations that would be shown if there were no limit.
    pub operations_total: u64,
}

/// Which rows of a plan are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRowsRequest {
    /// The plan.
    pub run: RunId,
    /// Only rows with one of these actions; empty for all.
    pub actions: Vec<PlannedAction>,
    /// Only rows of this object mapping.
    pub mapping: Option<String>,
    /// Only rows whose record, name or text holds this.
    pub text: String,
    /// Rows to leave out at the start.
    pub offset: u64,
    /// Most rows to give back.
    pub limit: u32,
}

/// What a plan would do with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlannedAction {
    /// Insert.
    Create,
    /// Update.
    Update,
    /// Delete.
    Delete,
    /// Link two rows that agree; nothing is written to an org.
    Link,
    /// Nothing to do.
    Unchanged,
    /// Not done, and why.
    Hold,
}

/// One page of a plan's rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRows {
    /// The rows, in the order of writing.
    pub rows: Vec<PlanRow>,
    /// Rows that the filter lets through, on all pages.
    pub total: u64,
}

/// One row of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    /// Its place in the plan, from 1.
    pub ordinal: u32,
    /// What the row is called: its name where the mapping writes one, else its key, else its id.
    pub name: String,
    /// What would be done.
    pub operation: Operation,
}

/// One object mapping's part of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingPlanView {
    /// The mapping's name.
    pub mapping: String,
    /// The object that would be written.
    pub target_object: String,
    /// Its rows.
    pub counts: PlanCounts,
}

/// Rows that share one cause: cause, how many, and the next step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CauseView {
    /// The cause's code.
    pub code: String,
    /// The object mapping.
    pub mapping: String,
    /// `held`, `failed` or `pending`.
    pub outcome: String,
    /// What happened to the first such row.
    pub message: String,
    /// Rows.
    pub rows: u64,
    /// The next step.
    pub remedy: String,
}
