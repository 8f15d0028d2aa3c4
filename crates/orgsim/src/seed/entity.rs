//! One row of the world before it is in any org.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::seed::world::{World, chance};

/// Field values by API name, as the REST API writes them.
pub(super) type Facts = BTreeMap<&'static str, Value>;

/// A reference from a row of the world to another.
#[derive(Debug, Clone)]
pub(super) struct Parent {
    /// The reference field.
    pub(super) field: &'static str,
    /// The parent's object.
    pub(super) object: &'static str,
    /// The parent's number in the world.
    pub(super) number: u64,
    /// Without this parent the row is not in an org; otherwise the field stays empty there.
    pub(super) required: bool,
}

/// One row of the world.
#[derive(Debug, Clone, Default)]
pub(super) struct Entity {
    pub(super) facts: Facts,
    /// Values that only the first org has, in place of those in `facts`.
    pub(super) first_org_only: Facts,
    pub(super) parents: Vec<Parent>,
    /// Developer name of the record type.
    pub(super) record_type: Option<&'static str>,
    /// The datetime field that takes the last change's stamp, for work that has ended.
    pub(super) ended: Option<&'static str>,
    /// True for rows that every org has.
    pub(super) everywhere: bool,
}

impl Entity {
    /// Sets a field.
    pub(super) fn set(mut self, field: &'static str, value: impl Into<Value>) -> Self {
        self.facts.insert(field, value.into());
        self
    }

    /// Sets a field of some rows.
    pub(super) fn set_if(
        self,
        condition: bool,
        field: &'static str,
        value: impl Into<Value>,
    ) -> Self {
        if condition { self.set(field, value) } else { self }
    }

    /// Refers to a parent without which the row cannot be.
    pub(super) fn under(self, field: &'static str, object: &'static str, number: u64) -> Self {
        self.refer(field, object, number, true)
    }

    /// Refers to another row where that is in the same org.
    pub(super) fn beside(self, field: &'static str, object: &'static str, number: u64) -> Self {
        self.refer(field, object, number, false)
    }

    fn refer(
        mut self,
        field: &'static str,
        object: &'static str,
        number: u64,
        required: bool,
    ) -> Self {
        self.parents.push(Parent { field, object, number, required });
        self
    }
}

/// How rows of one object are made.
pub(super) struct Kind {
    pub(super) object: &'static str,
    /// Rows of the first org when the request names no number.
    pub(super) records: u64,
    /// Chance in percent that a further org holds the row too.
    pub(super) overlap: u32,
    /// True when further orgs have some rows twice.
    pub(super) duplicates: bool,
    /// Makes row `number`; the same number gives the same row.
    pub(super) make: fn(&World, u64) -> Entity,
    /// Changes a row as people in another org would have.
    pub(super) drift: fn(&mut ChaCha8Rng, &mut Facts),
}

/// The same company or person entered a second time: no ERP key, and the name in another case.
pub(super) fn duplicate(rng: &mut ChaCha8Rng, facts: &Facts) -> Facts {
    let mut twin = facts.clone();
    twin.remove("ERP_Key__c");
    let upper = chance(rng, 50);
    for field in ["Name", "LastName"] {
        if let Some(Value::String(name)) = twin.get_mut(field) {
            *name = if upper { name.to_uppercase() } else { name.to_lowercase() };
        }
    }
    twin
}
