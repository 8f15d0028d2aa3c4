//! The base: what each side held when both last agreed, per link and side.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::canonical::Fingerprint;
use crate::ids::{LaneId, LinkId, MappingVersion, Side};
use crate::schema::FieldName;
use crate::value::Value;

/// What one side of one link held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseRow {
    /// The link.
    pub link: LinkId,
    /// The side.
    pub side: Side,
    /// The lane.
    pub lane: LaneId,
    /// The mapping version the values were mapped under.
    pub mapping_version: MappingVersion,
    /// Whether a read has shown the values yet.
    pub state: BaseState,
    /// Fingerprint of all mapped values.
    pub fingerprint: Fingerprint,
    /// The mapped values by field name. A field that is not here has [`FieldBase::NoBase`].
    pub values: BTreeMap<FieldName, Value>,
}

/// How far a base row can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BaseState {
    /// We wrote the row; no later read has shown yet what the org made of it.
    Settling,
    /// A read has shown these values.
    Settled,
}

/// What the base says of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldBase<'a> {
    /// First contact, or a field mapped later: nothing is known.
    NoBase,
    /// The side held this value when both last agreed.
    Held(&'a Value),
}

impl BaseRow {
    /// What the base says of one field.
    #[must_use]
    pub fn field(&self, name: &str) -> FieldBase<'_> {
        self.values.get(name).map_or(FieldBase::NoBase, FieldBase::Held)
    }
}
