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
