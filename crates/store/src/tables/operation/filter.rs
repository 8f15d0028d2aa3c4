//! Which of a run's operations are asked for, a page at a time.

use isthmus_model::ids::RunId;
use isthmus_model::mapping::MappingName;
use rusqlite::types::ToSql;

use crate::error::Result;
use crate::ledger::Reader;
use crate::tables::operation::{
    ActionKind, COLUMNS, Ordinal, OutcomeKind, PlannedOperation, read_operation,
};

/// Conditions that must all hold; the default lets every operation through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OperationFilter {
    /// With this outcome.
    pub outcome: Option<OutcomeFilter>,
    /// One of these actions; empty lets all through.
    pub actions: Vec<ActionKind>,
    /// Of this wave.
    pub wave: Option<u32>,
    /// Of this mapping.
    pub mapping: Option<MappingName>,
    /// Stopped by this cause.
    pub cause_code: Option<String>,
}

/// A condition on the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutcomeFilter {
    /// None yet.
    Undecided,
    /// This one.
    Is(OutcomeKind),
}

impl OperationFilter {
    /// Operations of one wave that are still to be carried out.
    #[must_use]
    pub fn undecided(wave: u32) -> Self {
        Self { outcome: Some(OutcomeFilter::Undecided), wave: Some(wave), ..Self::default() }
    }

    /// Operations with one outcome.
    #[must_use]
    pub fn with_outcome(outcome: OutcomeKind) -> Self {
        Self { outcome: Some(OutcomeFilter::Is(outcome)), ..Self::default() }
    }
}

impl Reader<'_> {
    /// Operations in order of carrying out, after an ordinal where a page before has been read.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn operations_page(
        &self,
        run: RunId,
        filter: &OperationFilter,
        after: Option<Ordinal>,
        limit: u32,
    ) -> Result<Vec<PlannedOperation>> {
        let after = after.map_or(0, |ordinal| ordinal.0);
        let mut values: Vec<(&str, &dyn ToSql)> =
            vec![(":run", &run.0), (":after", &after), (":limit", &limit)];
        let mut conditions = String::new();
        let outcome_word;
        match filter.outcome {
            None => {}
            Some(OutcomeFilter::Undecided) => conditions.push_str(" AND outcome_kind IS NULL"),
            Some(OutcomeFilter::Is(kind)) => {
                outcome_word = kind.as_str();
                conditions.push_str(" AND outcome_kind = :outcome");
                values.push((":outcome", &outcome_word));
            }
        }
        if !filter.actions.is_empty() {
            conditions.push_str(&actions_condition(&filter.actions));
        }
        let mapping = filter.mapping.as_ref().map(MappingName::as_str);
        for (name, condition, value) in [
            (":wave", " AND wave = :wave", filter.wave.as_ref().map(|wave| wave as &dyn ToSql)),
            (
                ":mapping",
                " AND mapping = :mapping",
                mapping.as_ref().map(|name| name as &dyn ToSql),
            ),
            (
                ":cause",
                " AND cause_code = :cause",
                filter.cause_code.as_ref().map(|code| code as &dyn ToSql),
            ),
        ] {
            if let Some(value) = value {
                conditions.push_str(condition);
                values.push((name, value));
            }
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM plan_operation WHERE run_id = :run AND ordinal > :after{conditions} \
             ORDER BY ordinal LIMIT :limit"
        );
        self.all(&sql, values.as_slice(), read_operation)
    }
}

/// The words are this crate's own, so they need no parameters.
fn actions_condition(actions: &[ActionKind]) -> String {
    let words: Vec<String> =
        actions.iter().map(|action| format!("'{}'", action.as_str())).collect();
    format!(" AND action IN ({})", words.join(", "))
}
