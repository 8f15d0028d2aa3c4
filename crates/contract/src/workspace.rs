//! Views of the workspace itself.

use serde::{Deserialize, Serialize};

/// A workspace's name and place. The recovery key is no part of it: it is shown once, at creation, and kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceView {
    /// The workspace's name.
    pub name: String,
    /// Its folder.
    pub folder: String,
}

/// Whether the audit trail is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditView {
    /// Entries in the trail.
    pub entries: u64,
    /// True when every entry's hash fits the entry before it and the end is the sealed one.
    pub verified: bool,
    /// What does not fit, in words.
    pub findings: Vec<String>,
    /// The last entry's counter and hash: the figure to compare with one noted earlier.
    pub head: String,
}
