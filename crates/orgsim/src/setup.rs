//! What an org's administrator set up beside objects and fields, and what the org remembers for its own behaviour.
//!
//! Everything here is data of one org: the control endpoint changes it ([`crate::control`]), and it survives a restart
//! with the rest of the org. A fresh org has nothing of it, so that it behaves like a plain one.

mod access;
mod condition;
mod currency;
mod features;
mod formula;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use access::{Access, Sharing};
pub use condition::Condition;
pub use currency::Currencies;
pub use features::Feature;
pub use formula::{Expression, Formula, RollUp, RollUpFunction};
pub use rules::{
    Action, AssignmentRule, AutoNumber, Automation, DuplicateAction, DuplicateRule, LookupFilter,
    ValidationRule,
};

pub(crate) use access::as_user;
pub(crate) use features::{PERSON_RECORD_TYPE, add_object, enable, enable_currencies, reindex};

/// The setup of one org. A fresh one has nothing switched on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Setup {
    /// Rules that refuse rows.
    pub validation_rules: Vec<ValidationRule>,
    /// Rules that find rows which are there already.
    pub duplicate_rules: Vec<DuplicateRule>,
    /// Before-save automations, in the order in which they run.
    pub automations: Vec<Automation>,
    /// Rules that choose an owner.
    pub assignment_rules: Vec<AssignmentRule>,
    /// Parents that a lookup accepts.
    pub lookup_filters: Vec<LookupFilter>,
    /// Fields computed from others.
    pub formulas: Vec<Formula>,
    /// Fields computed from children.
    pub roll_ups: Vec<RollUp>,
    /// Fields numbered by the org in a format of their own.
    pub auto_numbers: Vec<AutoNumber>,
    /// Picklist values of a record type: `Object.DeveloperName` to field to values; fields left out have all values.
    pub record_type_values: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Currencies; `None` in an org with one currency.
    pub currencies: Option<Currencies>,
    /// Further parts of the platform that were switched on.
    pub features: BTreeSet<Feature>,
    /// Users beside the connected one, and restrictions of any user, by 18-character user id.
    pub access: BTreeMap<String, Access>,
    /// Rows that an approval locked, by 18-character id.
    pub locked_rows: BTreeSet<String>,
    /// Record counts as `/limits/recordCount` shows them instead of the real ones, by object.
    pub cached_counts: BTreeMap<String, u64>,
    /// Binary contents by `<id>.<field>`, in base64.
    #[serde(skip)]
    pub blobs: BTreeMap<String, String>,
    /// Keys of [`Setup::blobs`] that changed since they were written down last.
    #[serde(skip)]
    pub(crate) changed_blobs: BTreeSet<String>,
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

impl Setup {
    /// True when a feature is switched on.
    #[must_use]
    pub fn has(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
    }

    /// The values of a field that rows of a record type may hold; `None` when all are allowed.
    #[must_use]
    pub fn values_of_record_type(
        &self,
        object: &str,
        developer_name: &str,
        field: &str,
    ) -> Option<&[String]> {
        let fields = self.record_type_values.get(&format!("{object}.{developer_name}"))?;
        fields.get(field).map(Vec::as_slice)
    }
}
