//! Runs: the carrying out of a plan, and what became of each row.

use serde::{Deserialize, Serialize};

use crate::cause::Cause;
use crate::ids::RecordId;

/// How a run ended: five different states, never mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunEnd {
    /// Nothing needed writing.
    Unchanged,
    /// Every planned row was written.
    Succeeded,
    /// Some rows were written; others were held, quarantined or are pending.
    Partial,
    /// Ended early by a limit, a cancel or a guard; what was written stays, the rest goes on in the next run.
    Stopped,
    /// Could not do its work: rows were to be written and none was, and no other row agreed already; or the ledger failed.
    Failed,
}

impl RunEnd {
    /// The word shown and stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Succeeded => "succeeded",
            Self::Partial => "partial",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }
}

/// Why a run came to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RunKind {
    /// The whole sync.
    Full,
    /// Selected records of the left org with the parents they need.
    Selected {
        /// The records asked for.
        records: Vec<RecordId>,
    },
    /// The failed rows of another run.
    Retry {
        /// The run whose failed rows are tried again.
        of: crate::ids::RunId,
    },
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Inserted on the target.
    Created {
        /// The new record.
        target_id: RecordId,
    },
    /// Updated on the target.
    Updated {
        /// The record.
        target_id: RecordId,
    },
    /// Already agreed, or left as it is by policy.
    Unchanged {
        /// The record where there is one.
        target_id: Option<RecordId>,
    },
    /// Not sent, and why.
    Held {
        /// The cause and its remedy.
        cause: Cause,
    },
    /// The target refused it, and why; held until the source row, the mapping or the target's describe changes.
    Quarantined {
        /// The cause and its remedy.
        cause: Cause,
    },
    /// Sent or to be sent, and not known yet; the next run reads it back before anything is sent again.
    Pending {
        /// What it waits for.
        cause: Cause,
    },
}

/// Rows by outcome. `rows_read` is the sum of the six.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunCounts {
    /// Inserted.
    pub created: u64,
    /// Updated.
    pub updated: u64,
    /// Already agreed.
    pub unchanged: u64,
    /// Not sent.
    pub held: u64,
    /// Refused by the target and quarantined.
    pub failed: u64,
    /// Not known yet.
    pub pending: u64,
}

impl RunCounts {
    /// The sum of the six.
    #[must_use]
    pub fn rows_read(&self) -> u64 {
        self.created + self.updated + self.unchanged + self.held + self.failed + self.pending
    }

    /// Counts one outcome.
    pub fn add(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Created { .. } => self.created += 1,
            Outcome::Updated { .. } => self.updated += 1,
            Outcome::Unchanged { .. } => self.unchanged += 1,
            Outcome::Held { .. } => self.held += 1,
            Outcome::Quarantined { .. } => self.failed += 1,
            Outcome::Pending { .. } => self.pending += 1,
        }
    }

    /// The end state of a run that was not stopped and did not break.
    #[must_use]
    pub fn end(&self) -> RunEnd {
        let written = self.created + self.updated;
        let open = self.held + self.failed + self.pending;
        match (written, open) {
            (0, 0) => RunEnd::Unchanged,
            (_, 0) => RunEnd::Succeeded,
            (0, _) if self.unchanged == 0 => RunEnd::Failed,
            _ => RunEnd::Partial,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RunCounts, RunEnd};

    fn end(created: u64, unchanged: u64, held: u64, failed: u64, pending: u64) -> RunEnd {
        RunCounts { created, updated: 0, unchanged, held, failed, pending }.end()
    }

    #[test]
    fn a_run_ends_as_its_rows_ended() {
        assert_eq!(end(0, 0, 0, 0, 0), RunEnd::Unchanged);
        assert_eq!(end(0, 9, 0, 0, 0), RunEnd::Unchanged);
        assert_eq!(end(3, 9, 0, 0, 0), RunEnd::Succeeded);
        assert_eq!(end(3, 0, 1, 0, 0), RunEnd::Partial);
        assert_eq!(end(0, 9, 0, 1, 0), RunEnd::Partial);
        assert_eq!(end(0, 0, 1, 0, 1), RunEnd::Failed);
        assert_eq!(end(0, 0, 1, 2, 0), RunEnd::Failed);
    }
}
