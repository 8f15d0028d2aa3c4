//! Links: which records of two orgs are the same thing.

use serde::{Deserialize, Serialize};

use crate::ids::{LaneId, LinkId, MappingVersion, RecordId, Side};
use crate::mapping::MappingName;

/// "These record ids are the same thing": one entity with an id per org, needing no field in any org.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The ledger's id.
    pub id: LinkId,
    /// The lane whose orgs the ids belong to.
    pub lane: LaneId,
    /// The object mapping that made it.
    pub mapping: MappingName,
    /// The mapping version that made it.
    pub mapping_version: MappingVersion,
    /// The record in the lane's left org.
    pub left: RecordId,
    /// The record in the lane's right org.
    pub right: RecordId,
}

impl Link {
    /// The record on one side.
    #[must_use]
    pub fn record(&self, side: Side) -> RecordId {
        match side {
            Side::Left => self.left,
            Side::Right => self.right,
        }
    }
}
