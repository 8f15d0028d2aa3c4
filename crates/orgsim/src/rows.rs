//! The rows of an org in memory: tables with indexes, soft deletes, and the cursors of open queries.
//!
//! Rows hold only what is not null, keyed by exact API names with values as the REST API writes them. Everything that
//! validates, stamps or counts stands in [`crate::api`]; a table only keeps its indexes true.

mod cursors;
mod index;
mod table;

pub use cursors::{Cursor, Cursors};
pub use table::{Stored, Table};

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

/// One row: exact API name to REST JSON value. A missing key and null mean the same.
pub type Row = BTreeMap<String, Value>;

/// An 18-character id that tables, indexes and cursors share.
pub type RowId = Arc<str>;

/// The text of a row's field; `None` when it is null or no text.
#[must_use]
pub fn text<'row>(row: &'row Row, field: &str) -> Option<&'row str> {
    row.get(field).and_then(Value::as_str)
}
