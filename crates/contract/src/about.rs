//! What the console says about itself.

use serde::{Deserialize, Serialize};

/// The build that answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The version of Isthmus, as in its manifest.
    pub version: String,
}
