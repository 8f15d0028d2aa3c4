//! Table `plan_operation`: a run's plan, row by row, and what became of each.

use isthmus_model::cause::Cause;
use isthmus_model::ids::{LaneId, MappingVersion, RecordId, RunId};
use isthmus_model::mapping::MappingName;
use isthmus_model::plan::{Action, Operation, PlanCounts};
use isthmus_model::run::{Outcome, RunCounts};
use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use crate::column::{Json, Moment, Parsed, word_column};
use crate::error::Result;
use crate::ledger::{Reader, WriteTransaction};

mod filter;
mod list;
mod search_text;

pub use filter::{OperationFilter, OutcomeFilter};
pub use list::{CauseGroup, ListPage, OperationList};

use search_text::{cause_text, name_text};

/// An operation's place in its plan, from 1; the order of carrying out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ordinal(pub u32);

/// One stored operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedOperation {
    /// The run.
    pub run: RunId,
    /// Its place in the plan.
    pub ordinal: Ordinal,
    /// The lane.
    pub lane: LaneId,
    /// The mapping version it was planned under.
    pub mapping_version: MappingVersion,
    /// Operations of a wave need nothing of a later one: parents come in an earlier wave.
    pub wave: u32,
    /// What would be done.
    pub operation: Operation,
    /// What became of it; `None` until decided.
    pub outcome: Option<Outcome>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
}

/// An operation to store.
#[derive(Debug, Clone, Copy)]
pub struct NewOperation<'a> {
    /// Its place in the plan.
    pub ordinal: Ordinal,
    /// Its wave.
    pub wave: u32,
    /// What would be done.
    pub operation: &'a Operation,
}

/// What an operation does, as a filter and a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ActionKind {
    /// Insert.
    Create,
    /// Update.
    Update,
    /// Delete.
    Delete,
    /// Link two rows that agree.
    Link,
    /// Nothing to do.
    Unchanged,
    /// Not done.
    Hold,
}

word_column!(ActionKind {
    Create => "create",
    Update => "update",
    Delete => "delete",
    Link => "link",
    Unchanged => "unchanged",
    Hold => "hold",
});

impl From<&Action> for ActionKind {
    fn from(action: &Action) -> Self {
        match action {
            Action::Create { .. } => Self::Create,
            Action::Update { .. } => Self::Update,
            Action::Delete { .. } => Self::Delete,
            Action::Link { .. } => Self::Link,
            Action::Unchanged { .. } => Self::Unchanged,
            Action::Hold { .. } => Self::Hold,
        }
    }
}

/// What became of an operation, as a filter and a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutcomeKind {
    /// Inserted.
    Created,
    /// Updated.
    Updated,
    /// Already agreed.
    Unchanged,
    /// Not sent.
    Held,
    /// Refused by the target.
    Quarantined,
    /// Not known yet.
    Pending,
}

word_column!(OutcomeKind {
    Created => "created",
    Updated => "updated",
    Unchanged => "unchanged",
    Held => "held",
    Quarantined => "quarantined",
    Pending => "pending",
});

impl From<&Outcome> for OutcomeKind {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Created { .. } => Self::Created,
            Outcome::Updated { .. } => Self::Updated,
            Outcome::Unchanged { .. } => Self::Unchanged,
            Outcome::Held { .. } => Self::Held,
            Outcome::Quarantined { .. } => Self::Quarantined,
            Outcome::Pending { .. } => Self::Pending,
        }
    }
}

/// A run's operations by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OutcomeCounts {
    /// Operations with an outcome.
    pub decided: RunCounts,
    /// Operations without one.
    pub undecided: u64,
}

/// How many rows share one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CauseCount {
    /// What became of them.
    pub outcome: OutcomeKind,
    /// The cause's code.
    pub code: String,
    /// How many.
    pub rows: u64,
}

const COLUMNS: &str =
    "run_id, ordinal, lane_id, mapping_version, wave, operation, outcome, decided_at";

impl Reader<'_> {
    /// One operation.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn operation(&self, run: RunId, ordinal: Ordinal) -> Result<Option<PlannedOperation>> {
        let sql =
            format!("SELECT {COLUMNS} FROM plan_operation WHERE run_id = ?1 AND ordinal = ?2");
        self.first(&sql, (run.0, ordinal.0), read_operation)
    }

    /// The operation planned for a source record, which a child's operation waits for.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn operation_of_source(
        &self,
        run: RunId,
        mapping: &MappingName,
        source: RecordId,
    ) -> Result<Option<PlannedOperation>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM plan_operation WHERE run_id = ?1 AND mapping = ?2 AND source_id = ?3 \
             ORDER BY ordinal LIMIT 1"
        );
        self.first(&sql, (run.0, mapping.as_str(), source.as_str()), read_operation)
    }

    /// The run's last wave; `None` when its plan is empty.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn last_wave(&self, run: RunId) -> Result<Option<u32>> {
        let sql = "SELECT max(wave) FROM plan_operation WHERE run_id = ?1";
        Ok(self.first(sql, [run.0], |row| row.get(0))?.flatten())
    }

    /// The run's operations by action.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn plan_counts(&self, run: RunId) -> Result<PlanCounts> {
        let sql = "SELECT action, count(*) FROM plan_operation WHERE run_id = ?1 GROUP BY action";
        let rows =
            self.all(sql, [run.0], |row| Ok((row.get::<_, Parsed<_>>(0)?.0, row.get(1)?)))?;
        let mut counts = PlanCounts::default();
        for (action, rows) in rows {
            count_action(&mut counts, action, rows);
        }
        Ok(counts)
    }

    /// The run's operations by mapping and action, in the order of carrying out.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn plan_counts_by_mapping(&self, run: RunId) -> Result<Vec<(MappingName, PlanCounts)>> {
        let sql = "SELECT mapping, action, count(*), min(min(ordinal)) OVER (PARTITION BY mapping) AS place \
                   FROM plan_operation WHERE run_id = ?1 GROUP BY mapping, action ORDER BY place, mapping";
        let rows = self.all(sql, [run.0], |row| {
            Ok((
                row.get::<_, Parsed<MappingName>>(0)?.0,
                row.get::<_, Parsed<_>>(1)?.0,
                row.get(2)?,
            ))
        })?;
        let mut counts: Vec<(MappingName, PlanCounts)> = Vec::new();
        for (mapping, action, rows) in rows {
            if counts.last().is_none_or(|(last, _)| *last != mapping) {
                counts.push((mapping, PlanCounts::default()));
            }
            if let Some((_, last)) = counts.last_mut() {
                count_action(last, action, rows);
            }
        }
        Ok(counts)
    }

    /// The run's operations by outcome.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn outcome_counts(&self, run: RunId) -> Result<OutcomeCounts> {
        let sql = "SELECT outcome_kind, count(*) FROM plan_operation WHERE run_id = ?1 GROUP BY outcome_kind";
        let rows = self.all(sql, [run.0], |row| {
            Ok((row.get::<_, Option<Parsed<_>>>(0)?.map(|kind| kind.0), row.get::<_, u64>(1)?))
        })?;
        let mut counts = OutcomeCounts::default();
        for (kind, rows) in rows {
            match kind {
                None => counts.undecided += rows,
                Some(OutcomeKind::Created) => counts.decided.created += rows,
                Some(OutcomeKind::Updated) => counts.decided.updated += rows,
                Some(OutcomeKind::Unchanged) => counts.decided.unchanged += rows,
                Some(OutcomeKind::Held) => counts.decided.held += rows,
                Some(OutcomeKind::Quarantined) => counts.decided.failed += rows,
                Some(OutcomeKind::Pending) => counts.decided.pending += rows,
            }
        }
        Ok(counts)
    }

    /// Causes by how many rows they stopped, the most frequent first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn cause_counts(&self, run: RunId) -> Result<Vec<CauseCount>> {
        self.all(
            "SELECT outcome_kind, cause_code, count(*) AS stopped FROM plan_operation \
             WHERE run_id = ?1 AND cause_code IS NOT NULL AND outcome_kind IS NOT NULL \
             GROUP BY outcome_kind, cause_code ORDER BY stopped DESC, cause_code, outcome_kind",
            [run.0],
            |row| {
                Ok(CauseCount {
                    outcome: row.get::<_, Parsed<_>>(0)?.0,
                    code: row.get(1)?,
                    rows: row.get(2)?,
                })
            },
        )
    }
}

impl WriteTransaction<'_> {
    /// Stores one operation of a plan.
    ///
    /// # Errors
    /// [`crate::Error::Duplicate`] when the ordinal is taken.
    pub fn insert_operation(&self, run: RunId, lane: LaneId, new: NewOperation<'_>) -> Result<()> {
        let operation = new.operation;
        self.execute(
            "INSERT INTO plan_operation (run_id, ordinal, lane_id, mapping_version, mapping, wave, action, \
             source_id, target_id, operation, cause_code, name_text, cause_text) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                run.0, new.ordinal.0, lane.0, operation.mapping_version.0, operation.mapping.as_str(), new.wave,
                ActionKind::from(&operation.action).as_str(), operation.source_id.as_str(),
                planned_target(&operation.action).as_ref().map(RecordId::as_str), Json(operation),
                planned_cause(&operation.action).map(code), name_text(operation),
                cause_text(planned_cause(&operation.action)),
            ],
        )?;
        Ok(())
    }

    /// Puts another operation in an undecided one's place, after its row was checked again.
    ///
    /// # Errors
    /// [`crate::Error::Missing`] when there is no such undecided operation.
    pub fn replace_operation(
        &self,
        run: RunId,
        ordinal: Ordinal,
        operation: &Operation,
    ) -> Result<()> {
        self.execute_one(
            "UPDATE plan_operation SET mapping_version = ?3, action = ?4, target_id = ?5, operation = ?6, \
             cause_code = ?7, name_text = ?8, cause_text = ?9 \
             WHERE run_id = ?1 AND ordinal = ?2 AND outcome IS NULL",
            params![
                run.0, ordinal.0, operation.mapping_version.0, ActionKind::from(&operation.action).as_str(),
                planned_target(&operation.action).as_ref().map(RecordId::as_str), Json(operation),
                planned_cause(&operation.action).map(code), name_text(operation),
                cause_text(planned_cause(&operation.action)),
            ],
            "such undecided operation",
        )
    }

    /// Stores what became of an operation; a pending one may be decided again.
    ///
    /// # Errors
    /// [`crate::Error::Missing`] when there is no such operation.
    pub fn set_outcome(
        &self,
        run: RunId,
        ordinal: Ordinal,
        outcome: &Outcome,
        at: Timestamp,
    ) -> Result<()> {
        self.execute_one(
            "UPDATE plan_operation SET outcome = ?3, outcome_kind = ?4, cause_code = ?5, decided_at = ?6, \
             target_id = coalesce(?7, target_id), cause_text = ?8 WHERE run_id = ?1 AND ordinal = ?2",
            params![
                run.0, ordinal.0, Json(outcome), OutcomeKind::from(outcome).as_str(),
                outcome_cause(outcome).map(code), Moment(at),
                outcome_target(outcome).as_ref().map(RecordId::as_str), cause_text(outcome_cause(outcome)),
            ],
            "such operation",
        )
    }

    /// Removes a run's operations, when its planning begins again after a crash. A run with outbox rows keeps them.
    ///
    /// # Errors
    /// [`crate::Error::Constraint`] when anything of the plan was carried out.
    pub fn clear_operations(&self, run: RunId) -> Result<usize> {
        self.execute("DELETE FROM plan_operation WHERE run_id = ?1", [run.0])
    }
}

fn planned_target(action: &Action) -> Option<RecordId> {
    match action {
        Action::Create { .. } => None,
        Action::Update { target_id, .. }
        | Action::Delete { target_id, .. }
        | Action::Link { target_id } => Some(*target_id),
        Action::Unchanged { target_id, .. } | Action::Hold { target_id, .. } => *target_id,
    }
}

fn code(cause: &Cause) -> &str {
    &cause.code
}

fn planned_cause(action: &Action) -> Option<&Cause> {
    match action {
        Action::Hold { cause, .. } => Some(cause),
        _ => None,
    }
}

fn outcome_target(outcome: &Outcome) -> Option<RecordId> {
    match outcome {
        Outcome::Created { target_id } | Outcome::Updated { target_id } => Some(*target_id),
        Outcome::Unchanged { target_id } => *target_id,
        Outcome::Held { .. } | Outcome::Quarantined { .. } | Outcome::Pending { .. } => None,
    }
}

fn outcome_cause(outcome: &Outcome) -> Option<&Cause> {
    match outcome {
        Outcome::Held { cause } | Outcome::Quarantined { cause } | Outcome::Pending { cause } => {
            Some(cause)
        }
        Outcome::Created { .. } | Outcome::Updated { .. } | Outcome::Unchanged { .. } => None,
    }
}

fn count_action(counts: &mut PlanCounts, action: ActionKind, rows: u64) {
    counts.rows_read += rows;
    match action {
        ActionKind::Create => counts.creates += rows,
        ActionKind::Update => counts.updates += rows,
        ActionKind::Delete => counts.deletes += rows,
        ActionKind::Link | ActionKind::Unchanged => counts.unchanged += rows,
        ActionKind::Hold => counts.held += rows,
    }
}

fn read_operation(row: &Row<'_>) -> rusqlite::Result<PlannedOperation> {
    Ok(PlannedOperation {
        run: RunId(row.get(0)?),
        ordinal: Ordinal(row.get(1)?),
        lane: LaneId(row.get(2)?),
        mapping_version: MappingVersion(row.get(3)?),
        wave: row.get(4)?,
        operation: row.get::<_, Json<_>>(5)?.0,
        outcome: row.get::<_, Option<Json<_>>>(6)?.map(|json| json.0),
        decided_at: row.get::<_, Option<Moment>>(7)?.map(|at| at.0),
    })
}

#[cfg(test)]
mod tests;
