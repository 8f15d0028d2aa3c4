//! What the planner is told besides the rows: the base, the links, the parents, the repeated keys.

use std::collections::{BTreeMap, BTreeSet};

use isthmus_model::base::BaseRow;
use isthmus_model::ids::{LinkId, RecordId, Side};
use isthmus_model::mapping::MappingName;

/// Base rows by link and side. Empty at first contact: every field then has `NoBase`.
#[derive(Debug, Clone, Default)]
pub struct Base {
    /// The rows.
    pub rows: BTreeMap<(LinkId, Side), BaseRow>,
}

impl Base {
    /// What one side of one link held, if anything is known.
    #[must_use]
    pub fn row(&self, link: LinkId, side: Side) -> Option<&BaseRow> {
        self.rows.get(&(link, side))
    }
}

/// What is known of identities: the mapping's own links, the parents' links, and keys that name several source rows.
#[derive(Debug, Clone, Default)]
pub struct Links {
    /// Links of this mapping by left record.
    pub by_left: BTreeMap<RecordId, (LinkId, RecordId)>,
    /// Left records of this mapping's links by right record: a right row has one partner at most.
    pub by_right: BTreeMap<RecordId, RecordId>,
    /// What a left parent has become on the right, by the parent's mapping and left id.
    pub parents: BTreeMap<(MappingName, RecordId), Parent>,
    /// Match keys (see [`super::key`]) that more than one left row carries, in this page or in another.
    pub repeated_keys: BTreeSet<String>,
}

/// What a left parent record has become on the right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parent {
    /// It exists there.
    Exists(RecordId),
    /// This plan creates it.
    Planned,
    /// It is held, quarantined or pending: its children wait.
    Waiting,
}
