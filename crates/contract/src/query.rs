//! Views of queries and single records.

use serde::{Deserialize, Serialize};

/// A query's result as a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueryView {
    /// The columns, in the order of the query's field list.
    pub columns: Vec<String>,
    /// The rows' cells, in the order of the columns.
    pub rows: Vec<Vec<serde_json::Value>>,
    /// How many rows the org has for this query.
    pub total: u64,
    /// True when the limit cut the result.
    pub cut: bool,
}

/// One record with every field the connected user may see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordView {
    /// The org's name.
    pub org: String,
    /// The object.
    pub object: String,
    /// The record's id.
    pub id: String,
    /// Fields in the order of describe.
    pub fields: Vec<FieldValue>,
    /// Records of other orgs that the ledger links to it.
    pub links: Vec<LinkedRecord>,
}

/// One field of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldValue {
    /// API name.
    pub field: String,
    /// Label.
    pub label: String,
    /// The value as the org sent it.
    pub value: serde_json::Value,
}

/// A record of another org that is the same thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedRecord {
    /// The other org's name.
    pub org: String,
    /// The other record's id.
    pub id: String,
    /// The sync and mapping that linked them.
    pub mapping: String,
}
