//! Plans: the ordered operations a run would carry out. Pure data, shown before anything is written.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::canonical::Fingerprint;
use crate::cause::Cause;
use crate::ids::{LinkId, MappingVersion, RecordId, Side};
use crate::mapping::MappingName;
use crate::schema::{FieldName, ObjectName};
use crate::value::Value;

/// What one source row comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// The object mapping.
    pub mapping: MappingName,
    /// The mapping version it was planned under.
    pub mapping_version: MappingVersion,
    /// The side that would be written.
    pub target: Side,
    /// The object that would be written.
    pub target_object: ObjectName,
    /// The record the values come from.
    pub source_id: RecordId,
    /// What would be done.
    pub action: Action,
    /// Why, in one sentence.
    pub why: String,
}

impl Operation {
    /// What a person calls the row: its name where the mapping writes one, else its key; `None` where the operation
    /// holds neither, so that only the record's id is left.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        let (fields, key) = match &self.action {
            Action::Create { key, fields, .. } => (fields.as_slice(), Some(key)),
            Action::Update { fields, .. } => (fields.as_slice(), None),
            _ => return None,
        };
        written_name(fields).or_else(|| key.and_then(RowKey::display))
    }
}

/// The name among values to be written. Persons have a name in two fields; activities and files have a subject or title.
fn written_name(fields: &[FieldChange]) -> Option<String> {
    let written = |wanted: &str| {
        let change = fields.iter().find(|change| change.field.eq_ignore_ascii_case(wanted))?;
        (!change.after.is_blank()).then(|| change.after.display())
    };
    let person = || {
        let last = written("LastName")?;
        Some(written("FirstName").map_or_else(|| last.clone(), |first| format!("{first} {last}")))
    };
    written("Name").or_else(person).or_else(|| written("Subject")).or_else(|| written("Title"))
}

/// What would be done with one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Insert a row on the target.
    Create {
        /// The key the row is upserted by and read back by.
        key: RowKey,
        /// Every value that would be sent.
        fields: Vec<FieldChange>,
        /// Parents that this plan creates first.
        waits_for: Vec<ParentReference>,
    },
    /// Update fields of a linked or matched row.
    Update {
        /// The target row.
        target_id: RecordId,
        /// The link, or `None` when the match makes it.
        link: Option<LinkId>,
        /// The fields that would change.
        fields: Vec<FieldChange>,
        /// What the target must still hold when it is written.
        expectation: Expectation,
        /// Parents that this plan creates first.
        waits_for: Vec<ParentReference>,
    },
    /// Delete the target row.
    Delete {
        /// The target row.
        target_id: RecordId,
        /// What the target must still hold.
        expectation: Expectation,
    },
    /// Both rows agree already; only the ledger learns that they are the same thing.
    Link {
        /// The target row.
        target_id: RecordId,
    },
    /// Nothing to do: linked, and no mapped field would change.
    Unchanged {
        /// The target row; `None` where there is none and policy leaves it so.
        target_id: Option<RecordId>,
        /// The link where there is one.
        link: Option<LinkId>,
    },
    /// Not done, and why; other rows go on.
    Hold {
        /// The target row where one is known.
        target_id: Option<RecordId>,
        /// The cause and its remedy.
        cause: Cause,
    },
}

/// One field's change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The target field.
    pub field: FieldName,
    /// What the target holds; null for a create.
    pub before: Value,
    /// What it would hold. For a lookup whose parent this plan creates: null, and named in `waits_for`.
    pub after: Value,
}

/// A lookup that can be filled only once another row of this plan has been written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParentReference {
    /// The target field that would hold the parent's id.
    pub field: FieldName,
    /// The parent's mapping.
    pub mapping: MappingName,
    /// The parent's source record.
    pub source_id: RecordId,
}

/// How a row is found again on the target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RowKey {
    /// By a unique external id: creates are upserts by it.
    External {
        /// The target's external id field.
        field: FieldName,
        /// Its value.
        value: Value,
    },
    /// By the match fields together: creates are inserts, and a lost answer is read back by these.
    Fields {
        /// Target field and value pairs.
        fields: Vec<(FieldName, Value)>,
    },
}

impl RowKey {
    /// Its values as text; `None` where all are empty.
    #[must_use]
    pub fn display(&self) -> Option<String> {
        let text = match self {
            Self::External { value, .. } => value.display(),
            Self::Fields { fields } => {
                let values: Vec<String> = fields.iter().map(|(_, value)| value.display()).collect();
                values.join(" ")
            }
        };
        (!text.trim().is_empty()).then_some(text)
    }
}

/// What the target must still hold when an operation is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectation {
    /// Fingerprint of the target's mapped values as planned.
    pub fingerprint: Fingerprint,
    /// The target's LastModifiedDate as planned.
    pub last_modified: Option<Timestamp>,
}

/// How many rows come to what; the first thing a person sees of a plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCounts {
    /// Rows read from the source.
    pub rows_read: u64,
    /// Rows that would be created.
    pub creates: u64,
    /// Rows that would be updated.
    pub updates: u64,
    /// Rows that would be deleted.
    pub deletes: u64,
    /// Rows that agree, newly linked ones included.
    pub unchanged: u64,
    /// Rows that would be held.
    pub held: u64,
}

impl PlanCounts {
    /// Counts one operation.
    pub fn add(&mut self, action: &Action) {
        self.rows_read += 1;
        match action {
            Action::Create { .. } => self.creates += 1,
            Action::Update { .. } => self.updates += 1,
            Action::Delete { .. } => self.deletes += 1,
            Action::Link { .. } | Action::Unchanged { .. } => self.unchanged += 1,
            Action::Hold { .. } => self.held += 1,
        }
    }

    /// Rows that would be written to an org.
    #[must_use]
    pub fn writes(&self) -> u64 {
        self.creates + self.updates + self.deletes
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, FieldChange, Operation, RowKey};
    use crate::ids::{MappingVersion, RecordId, Side};
    use crate::mapping::MappingName;
    use crate::value::Value;

    fn create(values: &[(&str, &str)]) -> Operation {
        let change = |(field, after): &(&str, &str)| FieldChange {
            field: (*field).to_owned(),
            before: Value::Null,
            after: Value::from(*after),
        };
        let key = RowKey::External { field: "ERP_Key__c".to_owned(), value: Value::from("K-1") };
        let fields = values.iter().map(change).collect();
        Operation {
            mapping: MappingName::new("Contact"),
            mapping_version: MappingVersion(1),
            target: Side::Right,
            target_object: "Contact".to_owned(),
            source_id: RecordId::parse("003000000000001").unwrap(),
            action: Action::Create { key, fields, waits_for: Vec::new() },
            why: String::new(),
        }
    }

    #[test]
    fn a_row_is_called_by_its_name_else_by_its_key() {
        let name = |values: &[(&str, &str)]| create(values).name().unwrap();
        assert_eq!(name(&[("LastName", "Abel"), ("FirstName", "Mia")]), "Mia Abel");
        assert_eq!(name(&[("LastName", "Abel"), ("name", "Mia A.")]), "Mia A.");
        assert_eq!(name(&[("Name", " "), ("Subject", "Call")]), "Call");
        assert_eq!(name(&[("Phone", "1")]), "K-1");
    }

    #[test]
    fn a_row_that_is_not_written_has_no_name_of_its_own() {
        let action = Action::Unchanged { target_id: None, link: None };
        assert_eq!(Operation { action, ..create(&[]) }.name(), None);
    }
}
