//! Snapshots: what one side holds now, as read.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::RecordId;
use crate::schema::{FieldName, ObjectName};
use crate::value::Value;

/// Rows of one object of one side, all with the same fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The object.
    pub object: ObjectName,
    /// The names of each row's values, in order.
    pub fields: Arc<[FieldName]>,
    /// The rows.
    pub rows: Vec<SnapshotRow>,
}

/// One record as read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotRow {
    /// The record's id.
    pub id: RecordId,
    /// The values, in the order of [`Snapshot::fields`].
    pub values: Vec<Value>,
    /// LastModifiedDate, where the object has it: what `If-Unmodified-Since` compares.
    pub last_modified: Option<Timestamp>,
    /// The cursor field's value (SystemModstamp where there is one).
    pub modstamp: Option<Timestamp>,
}

impl Snapshot {
    /// The position of a field in each row's values.
    #[must_use]
    pub fn position(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|name| name.eq_ignore_ascii_case(field))
    }
}
