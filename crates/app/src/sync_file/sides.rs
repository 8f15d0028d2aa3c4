//! What both orgs say of themselves, as far as a mapping file's check needs it.

use std::collections::BTreeMap;
use std::sync::Arc;

use isthmus_model::ids::{OrgId, Side};
use isthmus_model::schema::{ObjectName, ObjectSchema};

/// Both sides of a lane.
#[derive(Debug, Clone)]
pub(crate) struct Sides {
    pub(crate) left: SideDescribe,
    pub(crate) right: SideDescribe,
}

/// One org's objects: every name, and the describes that the file's objects need.
#[derive(Debug, Clone)]
pub(crate) struct SideDescribe {
    /// The name the org was connected under.
    pub(crate) org: String,
    pub(crate) org_id: OrgId,
    /// Every object the connected user may see.
    pub(crate) names: Vec<ObjectName>,
    /// Describes by object name in lower case.
    pub(crate) schemas: BTreeMap<String, Arc<ObjectSchema>>,
}

impl Sides {
    pub(crate) fn side(&self, side: Side) -> &SideDescribe {
        match side {
            Side::Left => &self.left,
            Side::Right => &self.right,
        }
    }
}

impl SideDescribe {
    /// An object's describe, by name without case.
    pub(crate) fn object(&self, name: &str) -> Option<&Arc<ObjectSchema>> {
        self.schemas.get(&name.to_ascii_lowercase())
    }
}
