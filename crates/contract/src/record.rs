//! Searching records of an org.

use serde::{Deserialize, Serialize};

/// A search among an object's records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordSearch {
    /// The org's name.
    pub org: String,
    /// The object's API name.
    pub object: String,
    /// What is looked for.
    pub by: SearchBy,
    /// Most rows to give back.
    pub limit: u32,
}

/// How records are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum SearchBy {
    /// A part of the name, or a record id; empty for the newest records.
    NameOrId(String),
    /// What follows WHERE, with or without ORDER BY.
    Condition(String),
}

/// Records as a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordsView {
    /// The object's label.
    pub label: String,
    /// Columns after the name: API name and label.
    pub columns: Vec<RecordColumn>,
    /// The records.
    pub rows: Vec<RecordRow>,
    /// How many the org has for this search.
    pub total: u64,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordColumn {
    /// API name.
    pub field: String,
    /// Label.
    pub label: String,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRow {
    /// Its id.
    pub id: String,
    /// Its name; the id where the object has no name field.
    pub name: String,
    /// Cells in the order of the columns, as text; empty for no value.
    pub cells: Vec<String>,
    /// The orgs that the ledger links it to, by name.
    pub linked: Vec<String>,
    /// When it was changed last, where the object says so (RFC 3339).
    pub changed_at: Option<String>,
}
