//! The sync document: one YAML file per sync, as an admin writes, reviews and shares it.
//!
//! It names everything a sync can be. What this build cannot run is refused at import by name, never ignored;
//! the import lives in `isthmus-app`, this is the shape alone. The JSON schema is made from these types.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The document format this build reads and writes.
pub const DOCUMENT_VERSION: u32 = 1;

/// One sync: a named set of object mappings and the lanes they run in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SyncDocument {
    /// The document format: 1.
    pub isthmus: u32,
    /// The sync's name, unique in the workspace.
    pub sync: String,
    /// What the sync is for, in the admin's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Pairs of orgs the mappings run between.
    pub lanes: Vec<LaneDocument>,
    /// Object mappings; parents and children may stand in any order.
    pub objects: Vec<ObjectDocument>,
    /// When the sync runs by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<ScheduleDocument>,
    /// Released by itself inside the guards, or by a person.
    #[serde(default, skip_serializing_if = "is_default")]
    pub release: Release,
    /// How fresh the other side must be, and how long a run may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetDocument>,
}

/// One pair of orgs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LaneDocument {
    /// The lane's name inside the sync.
    #[serde(default = "default_lane_name")]
    pub name: String,
    /// The left org, by the name it was connected under.
    pub left: String,
    /// The right org, by the name it was connected under.
    pub right: String,
    /// Per-lane values for lookups to records that no mapping covers (users, record types, price books):
    /// object name, then left id to right id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
}

/// One left object and one right object that correspond.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectDocument {
    /// The mapping's name inside the sync; the left object's name where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The left object's API name.
    pub left: String,
    /// The right object's API name.
    pub right: String,
    /// How a left and a right row are recognised as the same thing.
    #[serde(rename = "match")]
    pub match_rule: MatchDocument,
    /// Which rows take part, per side, as conditions in the formula language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filters: Option<FiltersDocument>,
    /// Field mappings.
    pub fields: Vec<FieldDocument>,
    /// What starts it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub trigger: Trigger,
    /// What may be done, and how differences are settled.
    #[serde(default, skip_serializing_if = "is_default")]
    pub policies: PoliciesDocument,
}

/// A match rule: exactly one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum MatchDocument {
    /// By an external id that is unique on the right.
    Key(FieldPairDocument),
    /// By several fields that together name one row.
    Fields(Vec<FieldPairDocument>),
}

/// A left field and a right field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldPairDocument {
    /// The left field's API name.
    pub left: String,
    /// The right field's API name.
    pub right: String,
}

/// Which rows take part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FiltersDocument {
    /// Condition on left rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<String>,
    /// Condition on right rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<String>,
}

/// One left field and one right field that correspond.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldDocument {
    /// The left field's API name.
    pub left: String,
    /// The right field's API name.
    pub right: String,
    /// Which way values flow.
    #[serde(default, skip_serializing_if = "is_default")]
    pub flow: Flow,
    /// A formula per direction instead of the plain value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<FormulaDocument>,
    /// Left value to right value, for picklists whose values differ.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub value_map: BTreeMap<String, String>,
    /// Which side wins this field when both changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub winner: Option<ConflictPolicy>,
    /// What an empty source value does.
    #[serde(default, skip_serializing_if = "is_default")]
    pub nulls: NullPolicy,
    /// Keep only a keyed fingerprint of this field in the ledger.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sensitive: bool,
}

/// Formulas in the Salesforce formula language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormulaDocument {
    /// The right value from the left row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_to_right: Option<String>,
    /// The left value from the right row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right_to_left: Option<String>,
}

/// What may be done with rows, and how differences are settled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PoliciesDocument {
    /// Rows that only the source has.
    pub create: CreatePolicy,
    /// Rows that both sides have.
    pub update: UpdatePolicy,
    /// A target that was edited since both last agreed (one-way mappings).
    pub edited_target: EditedTargetPolicy,
    /// Rows deleted on one side.
    pub delete: DeletePolicy,
    /// Fields that both sides changed (two-way mappings).
    pub conflict: ConflictPolicy,
    /// Fields that differ when two rows meet for the first time; chosen before the first run.
    pub first_contact: FirstContactPolicy,
}

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }
    };
}

/// Which way a field's values flow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Flow {
    /// Left is the source.
    #[default]
    LeftToRight,
    /// Right is the source.
    RightToLeft,
    /// Either side may change it.
    Both,
}

choice! {
    /// What an empty source value does.
    NullPolicy {
        /// It clears the target.
        #[default]
        Clear,
        /// It leaves the target as it is.
        Keep,
    }
}

choice! {
    /// Rows that only the source has.
    CreatePolicy {
        /// Create them.
        #[default]
        Create,
        /// Leave them out, and say so.
        Skip,
    }
}

choice! {
    /// Rows that both sides have.
    UpdatePolicy {
        /// Changed fields are written.
        #[default]
        Update,
        /// The target row stays as it is.
        Skip,
    }
}

choice! {
    /// A one-way target that was edited since both last agreed.
    EditedTargetPolicy {
        /// The source's value is written again.
        #[default]
        Overwrite,
        /// The edit stays.
        Leave,
        /// The edit stays and the row is held for a person.
        Report,
    }
}

choice! {
    /// Rows deleted on one side.
    DeletePolicy {
        /// The other side keeps its row.
        #[default]
        Ignore,
        /// The other side's row is deleted too.
        Delete,
    }
}

choice! {
    /// Fields that both sides changed.
    ConflictPolicy {
        /// A person decides.
        #[default]
        Ask,
        /// The left value.
        Left,
        /// The right value.
        Right,
        /// The value of the row that was changed last.
        Newest,
    }
}

choice! {
    /// Fields that differ when two rows meet for the first time.
    FirstContactPolicy {
        /// A person decides.
        #[default]
        Ask,
        /// The left value.
        Left,
        /// The right value.
        Right,
        /// The value of the row that was changed last.
        Newest,
        /// Only fields that are empty on the target are filled.
        FillBlanks,
    }
}

choice! {
    /// What starts an object mapping.
    Trigger {
        /// A person or a command.
        #[default]
        Manual,
        /// The sync's schedule.
        Schedule,
        /// Changes as they happen.
        RealTime,
    }
}

choice! {
    /// Who releases a plan.
    Release {
        /// A person.
        #[default]
        Attended,
        /// It releases itself while it stays inside the guards.
        Unattended,
    }
}

/// When a sync runs by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleDocument {
    /// A cron expression.
    pub cron: String,
    /// The time zone it is read in, for example `Europe/Berlin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// What the sync promises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetDocument {
    /// Longest time from a change to its arrival, in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lag_minutes: Option<u32>,
    /// Longest duration of a run, in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_minutes: Option<u32>,
}

fn default_lane_name() -> String {
    "main".to_owned()
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
