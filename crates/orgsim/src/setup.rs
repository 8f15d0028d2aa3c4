//! What an org's administrator set up beside objects and fields, and what the org remembers for its own behaviour.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The setup of one org. A fresh one has nothing switched on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Setup {
    /// Lookups that a deletion cleared, by the id of the deleted row: undeleting it restores them.
    pub recycled_lookups: BTreeMap<String, Vec<RecycledLookup>>,
}

/// A lookup that pointed to a row before it was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecycledLookup {
    /// The object whose row held the lookup.
    pub object: String,
    /// That row, 18 characters.
    pub id: String,
    /// The field that was cleared.
    pub field: String,
}
