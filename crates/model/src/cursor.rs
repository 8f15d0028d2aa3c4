//! Cursors: how far an object of an org has been read.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{LaneId, MappingVersion, OrgId};
use crate::schema::ObjectName;

/// The two marks of one object of one org (design, 3.6). Both are the org's time, not the machine's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The org.
    pub org: OrgId,
    /// The object.
    pub object: ObjectName,
    /// The lane it was read for.
    pub lane: LaneId,
    /// The mapping version it was read under.
    pub mapping_version: MappingVersion,
    /// Everything visible up to here has been read.
    pub read: Option<Timestamp>,
    /// The org certifies (`latestDateCovered`) that nothing older can still appear.
    pub settled: Option<Timestamp>,
}
