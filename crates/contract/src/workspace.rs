//! Views of the workspace itself.

use serde::{Deserialize, Serialize};

use crate::problem::Problem;

/// A workspace's name and place. The recovery key is no part of it: it is shown once, at creation, and kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceView {
    /// The workspace's name.
    pub name: String,
    /// Its folder.
    pub folder: String,
}

/// How the workspace stands when the window opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", content = "of", rename_all = "snake_case")]
pub enum WorkspaceState {
    /// Open, and this window owns it.
    Open(WorkspaceView),
    /// There is none yet under this name.
    Missing {
        /// What would be created.
        workspace: WorkspaceView,
        /// Where the recovery key is offered to be saved.
        recovery_file: String,
    },
    /// There is one, and it does not open: owned by another process, no keychain, damaged, newer.
    Refused {
        /// What was to be opened.
        workspace: WorkspaceView,
        /// Why it does not open.
        problem: Problem,
        /// Where a recovery key may have been saved.
        recovery_file: String,
    },
}

/// The file a recovery key is saved to or read from. The key itself never crosses the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryFile {
    /// Its full path.
    pub path: String,
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
