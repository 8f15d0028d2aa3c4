//! Problems in a mapping file: each with its place, its cause and its remedy.

use serde::{Deserialize, Serialize};

/// One thing wrong, or worth knowing, in a mapping file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileProblem {
    /// Refused or worth knowing.
    pub severity: Severity,
    /// Where in the file.
    pub place: Place,
    /// Where in the document: `objects[1].fields[3].right`; empty for the whole document.
    pub path: String,
    /// What kind of problem.
    pub code: FileCode,
    /// What is wrong, in one sentence without a final period.
    pub text: String,
    /// What to write instead.
    pub remedy: String,
}

/// A place in a text file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Line, from 1; 0 when the place is not known.
    pub line: u64,
    /// Column in characters, from 1; 0 when the place is not known.
    pub column: u64,
}

/// Whether a problem stops the import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The file is not imported.
    Refused,
    /// The file is imported; some rows may be held or cut.
    Warning,
}

/// What kind of problem a mapping file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileCode {
    /// Not YAML, too large, or aliases without end.
    Syntax,
    /// A word that the document format does not have.
    UnknownKey,
    /// A part that must be there is not.
    MissingKey,
    /// A value of another shape (text where a list belongs).
    WrongShape,
    /// A choice that does not exist.
    UnknownChoice,
    /// A document format that this build does not read.
    UnknownFormat,
    /// Names that must differ are the same.
    Duplicate,
    /// A value that may not be empty is.
    Empty,
    /// Something this build cannot run yet.
    NotInThisBuild,
    /// No org is connected under this name.
    UnknownOrg,
    /// Left and right are the same org.
    SameOrg,
    /// The org has no such object, or hides it from the connected user.
    UnknownObject,
    /// The object has no such field, or hides it from the connected user.
    UnknownField,
    /// Rows of the object cannot be read.
    NotReadable,
    /// Rows or fields of the target cannot be written.
    NotWritable,
    /// The match key is no unique external id.
    NotAKey,
    /// Values of one type never fit the other.
    TypeMismatch,
    /// Values may be cut or lose precision.
    Lossy,
    /// The target needs a value that no field mapping gives.
    RequiredUnmapped,
    /// A lookup without a mapping for its parent and without lane values.
    ParentUnmapped,
    /// Record ids that are none.
    BadId,
}
