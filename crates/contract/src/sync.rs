//! Views of syncs and their mapping files.

use isthmus_model::ids::MappingVersion;
use serde::{Deserialize, Serialize};

use crate::file::FileProblem;

/// One sync of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncView {
    /// Its name.
    pub name: String,
    /// What it is for, in the admin's words.
    pub description: Option<String>,
    /// Runs are possible.
    pub enabled: bool,
    /// The mapping's version.
    pub version: MappingVersion,
    /// The left org's name.
    pub left: String,
    /// The right org's name.
    pub right: String,
    /// Object mappings in document order: name, left object, right object.
    pub objects: Vec<ObjectView>,
}

/// One object mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectView {
    /// Its name.
    pub name: String,
    /// The left object.
    pub left: String,
    /// The right object.
    pub right: String,
    /// Field mappings.
    pub fields: u64,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportView {
    /// The sync as it is now.
    pub sync: SyncView,
    /// What changed.
    pub change: ImportChange,
    /// What is worth knowing.
    pub warnings: Vec<FileProblem>,
}

/// What an import changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportChange {
    /// A new sync.
    Created,
    /// A new version of the mapping.
    Changed,
    /// The same meaning: at most comments or order of words differ, and the version stays.
    Unchanged,
}

/// What deleting a sync did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncDeletedView {
    /// The sync's name.
    pub name: String,
}

/// A proposed mapping file with the reasons for each line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuggestionView {
    /// The document, ready to be imported.
    pub document: String,
    /// The proposals in document order.
    pub objects: Vec<ObjectSuggestion>,
}

/// A proposed object mapping.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectSuggestion {
    /// The left object.
    pub left: String,
    /// The right object.
    pub right: String,
    /// How sure, 0 to 1.
    pub score: f64,
    /// Why.
    pub reason: String,
    /// The proposed fields.
    pub fields: Vec<FieldSuggestion>,
}

/// A proposed field mapping.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldSuggestion {
    /// The left field.
    pub left: String,
    /// The right field.
    pub right: String,
    /// How sure, 0 to 1.
    pub score: f64,
    /// Why.
    pub reason: String,
}
