//! What the console says about itself.

use serde::{Deserialize, Serialize};

/// The build that answers, and where a person's files go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The version of Isthmus, as in its manifest.
    pub version: String,
    /// The folder that exports are offered to.
    pub downloads: String,
}
