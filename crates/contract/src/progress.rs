//! Events: how far long work has come.

use isthmus_model::run::RunCounts;
use serde::{Deserialize, Serialize};

/// How far a plan or run has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// The object mapping; empty when the phase is about all of them.
    pub mapping: String,
    /// Rows done in this phase.
    pub done: u64,
    /// Rows of this phase where the number is known.
    pub total: Option<u64>,
    /// Rows per second.
    pub rate: f64,
    /// Seconds left at this rate, where the total is known.
    pub seconds_left: Option<u64>,
    /// Outcomes so far.
    pub counts: RunCounts,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Outcomes that a crash left open are read back.
    Recovering,
    /// Rows are read.
    Reading,
    /// Rows are compared.
    Planning,
    /// Rows are written.
    Writing,
    /// What the org made of our writes is read.
    Settling,
}

impl Phase {
    /// The word shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recovering => "recovering",
            Self::Reading => "reading",
            Self::Planning => "planning",
            Self::Writing => "writing",
            Self::Settling => "settling",
        }
    }
}
