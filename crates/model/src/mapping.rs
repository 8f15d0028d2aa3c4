//! An object mapping as the planner takes it: the document's words bound to both orgs' schemas.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::document::{
    ConflictPolicy, CreatePolicy, DeletePolicy, EditedTargetPolicy, FirstContactPolicy, Flow,
    NullPolicy,
};
use crate::ids::{LaneId, MappingVersion, RecordId};
use crate::schema::{FieldSchema, ObjectSchema};

/// An object mapping's name, unique in its sync and stable across versions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MappingName(pub Arc<str>);

impl MappingName {
    /// Makes a name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(Arc::from(name))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MappingName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One left object and one right object that correspond, checked against both describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectMapping {
    /// The name.
    pub name: MappingName,
    /// The version of the sync's mapping.
    pub version: MappingVersion,
    /// The lane it is bound to.
    pub lane: LaneId,
    /// The left object.
    pub left: Arc<ObjectSchema>,
    /// The right object.
    pub right: Arc<ObjectSchema>,
    /// How rows are recognised.
    pub match_rule: MatchRule,
    /// The field mappings, in document order.
    pub fields: Vec<FieldMapping>,
}

/// How a left and a right row are recognised as the same thing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    target_pointer_width = "64",
    expect(
        clippy::large_enum_variant,
        reason = "there is one per mapping, and a box would stand in every match"
    )
)]
pub enum MatchRule {
    /// A left field and an external id that is unique on the right.
    UniqueKey(FieldPair),
    /// Fields that together name one row.
    FieldSet(Vec<FieldPair>),
}

impl MatchRule {
    /// The pairs compared, one or several.
    #[must_use]
    pub fn pairs(&self) -> &[FieldPair] {
        match self {
            Self::UniqueKey(pair) => std::slice::from_ref(pair),
            Self::FieldSet(pairs) => pairs,
        }
    }
}

/// A left field and a right field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPair {
    /// The left field.
    pub left: FieldSchema,
    /// The right field.
    pub right: FieldSchema,
}

/// One field mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldMapping {
    /// The left and the right field.
    pub pair: FieldPair,
    /// Which way values flow.
    pub flow: Flow,
    /// What an empty source value does.
    pub nulls: NullPolicy,
    /// How a lookup's id becomes an id of the other org; `None` for fields that hold no id.
    pub reference: Option<ReferenceRule>,
}

/// How a lookup's id becomes an id of the other org.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReferenceRule {
    /// Through the links of the object mappings that cover the parent (several where the lookup is polymorphic).
    Links(Vec<MappingName>),
    /// Through the lane's own values, left id to right id.
    LaneValues(BTreeMap<RecordId, RecordId>),
}

/// What may be done with rows, and how differences are settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Rows that only the source has.
    pub create: CreatePolicy,
    /// A target that was edited since both last agreed.
    pub edited_target: EditedTargetPolicy,
    /// Rows deleted on one side.
    pub delete: DeletePolicy,
    /// Fields that both sides changed.
    pub conflict: ConflictPolicy,
    /// Fields that differ when two rows meet for the first time.
    pub first_contact: FirstContactPolicy,
}
