//! An index over one field of a table: normalised value to row ids.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use serde_json::Value;

use crate::rows::RowId;
use crate::schema::{Field, FieldType};

/// How an index compares values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// Text without case, numbers by value.
    IgnoringCase,
    /// Text with case.
    Exact,
}

impl Comparison {
    /// How values of `field` are compared.
    pub(crate) fn of(field: &Field) -> Self {
        let exact = field.case_sensitive || field.kind == FieldType::Reference;
        if exact { Self::Exact } else { Self::IgnoringCase }
    }

    /// The key under which a value is found; `None` for null.
    pub(crate) fn key(self, value: &Value) -> Option<String> {
        match (value, self) {
            (Value::Null, _) => None,
            (Value::String(text), Self::IgnoringCase) => Some(text.to_lowercase()),
            (Value::String(text), Self::Exact) => Some(text.clone()),
            (Value::Number(number), _) => Some(number.as_f64().unwrap_or_default().to_string()),
            (other, _) => Some(other.to_string()),
        }
    }
}

/// The index of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldIndex {
    comparison: Comparison,
    rows: BTreeMap<String, BTreeSet<RowId>>,
}

impl FieldIndex {
    pub(crate) fn new(comparison: Comparison) -> Self {
        Self { comparison, rows: BTreeMap::new() }
    }

    pub(crate) fn add(&mut self, value: Option<&Value>, id: &RowId) {
        if let Some(key) = value.and_then(|value| self.comparison.key(value)) {
            self.rows.entry(key).or_default().insert(id.clone());
        }
    }

    pub(crate) fn remove(&mut self, value: Option<&Value>, id: &RowId) {
        let Some(key) = value.and_then(|value| self.comparison.key(value)) else { return };
        if let Some(ids) = self.rows.get_mut(&key) {
            ids.remove(id);
            if ids.is_empty() {
                self.rows.remove(&key);
            }
        }
    }

    /// Ids of the rows that hold `value`, deleted ones included.
    pub(crate) fn find(&self, value: &Value) -> impl Iterator<Item = &RowId> {
        let key = self.comparison.key(value);
        key.and_then(|key| self.rows.get(&key)).into_iter().flatten()
    }

    /// Ids of the rows whose key lies between the bounds, deleted ones included.
    pub(crate) fn between<'index>(
        &'index self,
        from: Bound<&str>,
        to: Bound<&str>,
    ) -> impl Iterator<Item = &'index RowId> + use<'index> {
        self.rows.range::<str, _>((from, to)).flat_map(|(_, ids)| ids)
    }
}
