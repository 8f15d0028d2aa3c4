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
        let Conditions { sql, mut values } = Conditions::of(filter);
        values.extend::<[(&str, Box<dyn ToSql>); 3]>([
            (":run", Box::new(run.0)),
            (":after", Box::new(after)),
            (":limit", Box::new(limit)),
        ]);
        let sql = format!(
            "SELECT {COLUMNS} FROM plan_operation WHERE run_id = :run AND ordinal > :after{sql} \
             ORDER BY ordinal LIMIT :limit"
        );
        self.all(&sql, borrowed(&values).as_slice(), read_operation)
    }
}

/// A filter as SQL behind `run_id = :run`, with its parameters.
pub(super) struct Conditions {
    pub(super) sql: String,
    pub(super) values: Vec<(&'static str, Box<dyn ToSql>)>,
}

impl Conditions {
    pub(super) fn of(filter: &OperationFilter) -> Self {
        let mut conditions = Self { sql: String::new(), values: Vec::new() };
        match filter.outcome {
            None => {}
            Some(OutcomeFilter::Undecided) => conditions.sql.push_str(" AND outcome_kind IS NULL"),
            Some(OutcomeFilter::Is(kind)) => {
                conditions.add(" AND outcome_kind = :outcome", ":outcome", kind.as_str());
            }
        }
        if !filter.actions.is_empty() {
            conditions.sql.push_str(&actions_condition(&filter.actions));
        }
        if let Some(wave) = filter.wave {
            conditions.add(" AND wave = :wave", ":wave", wave);
        }
        if let Some(mapping) = &filter.mapping {
            conditions.add(" AND mapping = :mapping", ":mapping", mapping.as_str().to_owned());
        }
        if let Some(code) = &filter.cause_code {
            conditions.add(" AND cause_code = :cause", ":cause", code.clone());
        }
        conditions
    }

    fn add(&mut self, condition: &str, name: &'static str, value: impl ToSql + 'static) {
        self.sql.push_str(condition);
        self.values.push((name, Box::new(value)));
    }
}

/// The parameters as rusqlite takes them.
pub(super) fn borrowed<'a>(
    values: &'a [(&'static str, Box<dyn ToSql>)],
) -> Vec<(&'a str, &'a dyn ToSql)> {
    values.iter().map(|(name, value)| (*name, value.as_ref())).collect()
}

/// The words are this crate's own, so they need no parameters.
fn actions_condition(actions: &[ActionKind]) -> String {
    let words: Vec<String> =
        actions.iter().map(|action| format!("'{}'", action.as_str())).collect();
    format!(" AND action IN ({})", words.join(", "))
}
