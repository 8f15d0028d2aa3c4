//! Causes: why a row was held, refused or left pending, and what to do about it.

use serde::{Deserialize, Serialize};

use crate::schema::FieldName;

/// Why something did not happen, in words a person can act on.
///
/// `message` may quote record values (the org's error texts do), so causes are never logged; `code` may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The org's `errorCode` as sent (`REQUIRED_FIELD_MISSING`), or one of Isthmus's own in lower case (`parent_missing`).
    pub code: String,
    /// What happened, in one sentence; the org's own text where it sent one.
    pub message: String,
    /// The fields at fault; empty when not known.
    #[serde(default)]
    pub fields: Vec<FieldName>,
    /// The next step.
    pub remedy: String,
}
