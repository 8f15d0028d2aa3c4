//! Lists of a run's operations by place: any page of any filter, counted, without reading the rows before it.

use isthmus_model::ids::{RecordId, RunId};
use isthmus_model::mapping::MappingName;
use rusqlite::Row;

use crate::column::Parsed;
use crate::error::Result;
use crate::ledger::Reader;
use crate::tables::operation::filter::{Conditions, borrowed};
use crate::tables::operation::search_text::Needle;
use crate::tables::operation::{OperationFilter, Ordinal, OutcomeKind, PlannedOperation};

/// Has every column that a filter asks for.
const BY_MAPPING: &str = "INDEXED BY plan_operation_by_mapping";
/// Has these and every text that is searched.
const BY_TEXT: &str = "INDEXED BY plan_operation_by_text";

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListPage {
    /// Rows to leave out at the start.
    pub offset: u64,
    /// Most rows to give back.
    pub limit: u32,
}

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
    /// One page of a run's operations, wherever it begins: those that pass the filter and whose name, cause or record
    /// id holds `text`, which is blank for all. Of long names and causes only the beginning is searched.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn operations_list(
        &self,
        run: RunId,
        filter: &OperationFilter,
        text: &str,
        page: ListPage,
    ) -> Result<OperationList> {
        let needle = Needle::of(text);
        if needle.is_none() && *filter == OperationFilter::default() {
            return self.whole_list(run, page);
        }
        let found = match needle {
            Some(needle) => self.ordinals_with_text(run, filter, &needle)?,
            None => self.ordinals(run, filter)?,
        };
        let offset = usize::try_from(page.offset).unwrap_or(usize::MAX);
        let places = found.iter().skip(offset).take(page.limit as usize);
        let rows = places.filter_map(|place| self.operation(run, Ordinal(*place)).transpose());
        Ok(OperationList { rows: rows.collect::<Result<_>>()?, total: found.len() as u64 })
    }

    /// Ordinals count from 1 without a gap, so the place is the ordinal.
    fn whole_list(&self, run: RunId, page: ListPage) -> Result<OperationList> {
        let sql = "SELECT max(ordinal) FROM plan_operation WHERE run_id = ?1";
        let total: Option<u64> = self.first(sql, [run.0], |row| row.get(0))?.flatten();
        let after = Ordinal(u32::try_from(page.offset).unwrap_or(u32::MAX));
        let all = OperationFilter::default();
        let rows = self.operations_page(run, &all, Some(after), page.limit)?;
        Ok(OperationList { rows, total: total.unwrap_or(0) })
    }

    /// The places of all rows that pass, in order: four bytes each, so that one pass both counts and finds the page.
    fn ordinals(&self, run: RunId, filter: &OperationFilter) -> Result<Vec<u32>> {
        let Conditions { sql, mut values } = Conditions::of(filter);
        values.push((":run", Box::new(run.0)));
        let index = if has_own_index(filter) { "" } else { BY_MAPPING };
        let sql = format!("SELECT ordinal FROM plan_operation {index} WHERE run_id = :run{sql}");
        let mut found = self.all(&sql, borrowed(&values).as_slice(), |row| row.get(0))?;
        found.sort_unstable();
        Ok(found)
    }

    /// SQLite compares texts letter by letter; here it takes a tenth of the time.
    fn ordinals_with_text(
        &self,
        run: RunId,
        filter: &OperationFilter,
        needle: &Needle,
    ) -> Result<Vec<u32>> {
        let Conditions { sql, mut values } = Conditions::of(filter);
        values.push((":run", Box::new(run.0)));
        let sql = format!(
            "SELECT ordinal, name_text, cause_text, source_id, target_id FROM plan_operation {BY_TEXT} \
             WHERE run_id = :run{sql} ORDER BY ordinal"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(borrowed(&values).as_slice())?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let text = |column| -> rusqlite::Result<&str> {
                Ok(row.get_ref(column)?.as_str_or_null()?.unwrap_or_default())
            };
            let ids = if needle.may_be_id() { [text(3)?, text(4)?] } else { [""; 2] };
            if needle.is_in([text(1)?, text(2)?], ids) {
                found.push(row.get(0)?);
            }
        }
        Ok(found)
    }

    /// Rows that were stopped, by mapping, outcome and cause.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn cause_groups(&self, run: RunId) -> Result<Vec<CauseGroup>> {
        let sql = format!(
            "SELECT mapping, outcome_kind, cause_code, count(*), min(ordinal), min(cause_text) <> max(cause_text) \
             FROM plan_operation {BY_TEXT} WHERE run_id = ?1 \
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
             FROM plan_operation {BY_TEXT} WHERE run_id = ?1 AND action = 'hold' AND cause_code IS NOT NULL \
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

/// One condition that an index of its own serves.
fn has_own_index(filter: &OperationFilter) -> bool {
    let others = !filter.actions.is_empty() || filter.wave.is_some() || filter.mapping.is_some();
    !others && (filter.outcome.is_some() != filter.cause_code.is_some())
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
