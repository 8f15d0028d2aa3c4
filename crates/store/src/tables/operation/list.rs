//! Lists of a run's operations by place: any page of any filter, counted, without reading the rows before it.

use isthmus_model::ids::{RecordId, RunId};
use isthmus_model::mapping::MappingName;
use rusqlite::Row;
use rusqlite::types::ToSql;

use crate::column::Parsed;
use crate::error::Result;
use crate::ledger::Reader;
use crate::tables::operation::filter::{Conditions, borrowed};
use crate::tables::operation::{
    COLUMNS, OperationFilter, Ordinal, OutcomeKind, PlannedOperation, read_operation,
};

/// Answers every filter from the index alone: the rows themselves are read only for the page.
const BY_LIST: &str = " INDEXED BY plan_operation_by_list";

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationList {
    /// The rows, in order of carrying out.
    pub rows: Vec<PlannedOperation>,
    /// Rows that the filter lets through, on all pages.
    pub total: u64,
}

/// Rows of one mapping that one cause stopped in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CauseGroup {
    /// The mapping.
    pub mapping: MappingName,
    /// What became of the rows.
    pub outcome: OutcomeKind,
    /// The cause's code.
    pub code: String,
    /// How many rows.
    pub rows: u64,
    /// The first of them.
    pub first: Ordinal,
    /// Not every row has the first one's message.
    pub messages_differ: bool,
}

impl Reader<'_> {
    /// One page of a run's operations, wherever it begins.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn operations_list(
        &self,
        run: RunId,
        filter: &OperationFilter,
        offset: u64,
        limit: u32,
    ) -> Result<OperationList> {
        let conditions = Conditions::of(filter);
        if conditions.sql.is_empty() {
            return self.whole_list(run, offset, limit);
        }
        let Conditions { sql, mut values } = conditions;
        let index = if has_own_index(filter) { "" } else { BY_LIST };
        let from = format!("FROM plan_operation{index} WHERE run_id = :run{sql}");
        values.push((":run", Box::new(run.0)));
        let count = format!("SELECT count(*) {from}");
        let total = self.first(&count, borrowed(&values).as_slice(), |row| row.get(0))?;
        values.extend::<[(&str, Box<dyn ToSql>); 2]>([
            (":limit", Box::new(limit)),
            // Beyond what SQLite counts there is no row anyway.
            (":offset", Box::new(i64::try_from(offset).unwrap_or(i64::MAX))),
        ]);
        let page = format!(
            "SELECT {COLUMNS} FROM plan_operation WHERE run_id = :run AND ordinal IN \
             (SELECT ordinal {from} ORDER BY ordinal LIMIT :limit OFFSET :offset) ORDER BY ordinal"
        );
        let rows = self.all(&page, borrowed(&values).as_slice(), read_operation)?;
        Ok(OperationList { rows, total: total.unwrap_or(0) })
    }

    /// Ordinals count from 1 without a gap, so the place is the ordinal.
    fn whole_list(&self, run: RunId, offset: u64, limit: u32) -> Result<OperationList> {
        let sql = "SELECT max(ordinal) FROM plan_operation WHERE run_id = ?1";
        let total: Option<u64> = self.first(sql, [run.0], |row| row.get(0))?.flatten();
        let after = Ordinal(u32::try_from(offset).unwrap_or(u32::MAX));
        let rows = self.operations_page(run, &OperationFilter::default(), Some(after), limit)?;
        Ok(OperationList { rows, total: total.unwrap_or(0) })
    }

    /// Rows that were stopped, by mapping, outcome and cause.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn cause_groups(&self, run: RunId) -> Result<Vec<CauseGroup>> {
        let sql = format!(
            "SELECT mapping, outcome_kind, cause_code, count(*), min(ordinal), min(cause_text) <> max(cause_text) \
             FROM plan_operation{BY_LIST} WHERE run_id = ?1 \
             AND outcome_kind IN ('held', 'quarantined', 'pending') AND cause_code IS NOT NULL \
             GROUP BY mapping, outcome_kind, cause_code ORDER BY mapping, outcome_kind, cause_code"
        );
        self.all(&sql, [run.0], |row| {
            let outcome = row.get::<_, Parsed<_>>(1)?.0;
            read_group(row, outcome)
        })
    }

    /// Rows that a plan holds, by mapping and cause, whatever became of them.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn hold_groups(&self, run: RunId) -> Result<Vec<CauseGroup>> {
        let sql = format!(
            "SELECT mapping, NULL, cause_code, count(*), min(ordinal), min(cause_text) <> max(cause_text) \
             FROM plan_operation{BY_LIST} WHERE run_id = ?1 AND action = 'hold' AND cause_code IS NOT NULL \
             GROUP BY mapping, cause_code ORDER BY mapping, cause_code"
        );
        self.all(&sql, [run.0], |row| read_group(row, OutcomeKind::Held))
    }

    /// Whether a source record has an operation in this mapping.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn has_operation_of_source(
        &self,
        run: RunId,
        mapping: &MappingName,
        source: RecordId,
    ) -> Result<bool> {
        let sql = "SELECT 1 FROM plan_operation WHERE run_id = ?1 AND mapping = ?2 AND source_id = ?3 LIMIT 1";
        let found = self.first(sql, (run.0, mapping.as_str(), source.as_str()), |_| Ok(()))?;
        Ok(found.is_some())
    }
}

/// One condition that an index of its own serves, in the order of the list.
fn has_own_index(filter: &OperationFilter) -> bool {
    let indexed =
        [filter.outcome.is_some(), filter.actions.len() == 1, filter.cause_code.is_some()];
    let others = filter.actions.len() > 1
        || filter.wave.is_some()
        || filter.mapping.is_some()
        || !filter.text.trim().is_empty();
    !others && indexed.into_iter().filter(|set| *set).count() == 1
}

fn read_group(row: &Row<'_>, outcome: OutcomeKind) -> rusqlite::Result<CauseGroup> {
    Ok(CauseGroup {
        mapping: row.get::<_, Parsed<_>>(0)?.0,
        outcome,
        code: row.get(2)?,
        rows: row.get(3)?,
        first: Ordinal(row.get(4)?),
        messages_differ: row.get(5)?,
    })
}

#[cfg(test)]
mod tests;
