//! Views of syncs and their mapping files.

use isthmus_model::document::SyncDocument;
use isthmus_model::ids::{MappingVersion, RunId};
use serde::{Deserialize, Serialize};

use crate::file::FileProblem;
use crate::run::RunView;

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

/// One sync with its last run, as a list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SyncListing {
    /// The sync.
    pub sync: SyncView,
    /// Its last run that was carried out.
    pub last_run: Option<RunView>,
    /// A run of it that was interrupted and can be resumed.
    pub interrupted: Option<RunId>,
}

/// One sync with its mapping.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SyncDetail {
    /// The sync.
    pub sync: SyncView,
    /// The mapping as it was stored, comments included.
    pub text: String,
    /// The same as a document.
    pub document: SyncDocument,
}

/// A mapping that is not stored yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "form", content = "draft", rename_all = "snake_case")]
pub enum Draft {
    /// As YAML.
    Text(String),
    /// As a document.
    Document(SyncDocument),
}

/// A draft to check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckRequest {
    /// The draft.
    pub draft: Draft,
}

/// A draft in both forms, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckView {
    /// As YAML; a draft given as text comes back as given.
    pub text: String,
    /// As a document; `None` where the text is none.
    pub document: Option<SyncDocument>,
    /// Every problem with its place in the text and its path in the document.
    pub problems: Vec<FileProblem>,
    /// The text has comments, which a document does not keep.
    pub has_comments: bool,
}

/// A draft to store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveRequest {
    /// The mapping as YAML.
    pub text: String,
    /// The version that the draft was made from; `None` for a new sync.
    pub based_on: Option<MappingVersion>,
    /// The name of the sync that the draft was made from; `None` for a new sync. A draft that calls itself otherwise
    /// is refused: it would take the place of another sync.
    #[serde(default)]
    pub sync: Option<String>,
}

/// A switch of a sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchRequest {
    /// The sync's name.
    pub sync: String,
    /// Runs may happen.
    pub enabled: bool,
}

/// A wish for a proposed mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalRequest {
    /// The left org's name.
    pub left: String,
    /// The right org's name.
    pub right: String,
    /// The sync's name; `None` for one made of both orgs'.
    pub sync: Option<String>,
    /// Only these left objects; empty for all that look alike.
    pub objects: Vec<String>,
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
    /// What the score is made of.
    pub parts: Vec<ScorePart>,
}

/// One reason of a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScorePart {
    /// What was compared.
    pub of: Likeness,
    /// How alike, 0 to 1.
    pub score: f64,
}

/// What two fields are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likeness {
    /// API names.
    Name,
    /// Labels.
    Label,
    /// Types: 1 where nothing can be lost.
    Type,
    /// Picklist values: the share of the left ones that the right one has.
    Values,
}
