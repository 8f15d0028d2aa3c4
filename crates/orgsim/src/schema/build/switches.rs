//! What can be special about a field: each method takes a field and gives it back changed.

use serde_json::{Value, json};

use crate::schema::Field;

impl Field {
    /// Another length than the usual one of the type.
    pub(crate) fn of_length(self, length: u32) -> Self {
        Self { length, ..self }
    }

    /// Must be set: null is refused.
    pub(crate) fn required(self) -> Self {
        Self { nillable: false, ..self }
    }

    /// Neither insert nor update may set it.
    pub(crate) fn read_only(self) -> Self {
        Self { createable: false, updateable: false, ..self }
    }

    /// Set by the org on every row: read-only and never null.
    pub(crate) fn system(self) -> Self {
        Self { defaulted_on_create: true, ..self.read_only().required() }
    }

    /// Insert may set it, update may not.
    pub(crate) fn create_only(self) -> Self {
        Self { createable: true, updateable: false, ..self }
    }

    /// Update may set it, insert may not.
    pub(crate) fn update_only(self) -> Self {
        Self { createable: false, updateable: true, ..self }
    }

    /// The org fills it in when insert leaves it out, with a value that depends on the row.
    pub(crate) fn defaulted(self) -> Self {
        Self { defaulted_on_create: true, ..self }
    }

    /// The org fills in this value when insert leaves the field out.
    pub(crate) fn default_to(mut self, value: &str) -> Self {
        for picklist_value in &mut self.picklist_values {
            picklist_value.default_value = picklist_value.value == value;
        }
        Self { default_value: Some(json!(value)), ..self.defaulted() }
    }

    /// True is the value when insert leaves the checkbox out.
    pub(crate) fn default_on(self) -> Self {
        Self { default_value: Some(Value::Bool(true)), ..self }
    }

    /// Upsert may find rows by it.
    pub(crate) fn id_lookup(self) -> Self {
        Self { id_lookup: true, ..self }
    }

    /// An external id, by which upsert finds rows.
    pub(crate) fn external_id(self) -> Self {
        Self { external_id: true, ..self.id_lookup() }
    }

    /// No two rows may hold the same value.
    pub(crate) fn unique(self) -> Self {
        Self { unique: true, ..self }
    }

    /// Part of a compound field.
    pub(crate) fn part_of(self, compound: &str) -> Self {
        Self { compound_field_name: Some(compound.to_owned()), ..self }
    }

    /// Part of a person's name.
    pub(crate) fn part_of_name(self) -> Self {
        self.part_of("Name").extra("personname")
    }

    /// Describe's `extraTypeInfo`.
    pub(crate) fn extra(self, info: &str) -> Self {
        Self { extra_type_info: Some(info.to_owned()), ..self }
    }

    /// Only active listed values are accepted.
    pub(crate) fn restricted(self) -> Self {
        Self { restricted_picklist: true, ..self }
    }

    /// The object's name field.
    pub(crate) fn naming(self) -> Self {
        Self { name_field: true, ..self }
    }

    /// Numbered by the org.
    pub(crate) fn numbered(self) -> Self {
        Self { auto_number: true, ..self.system() }
    }

    /// The name of the list of children on the parent.
    pub(crate) fn children(self, relationship: &str) -> Self {
        Self { child_relationship_name: Some(relationship.to_owned()), ..self }
    }

    /// No name for the parent in SOQL.
    pub(crate) fn without_relationship(self) -> Self {
        Self { relationship_name: None, ..self }
    }

    /// The child is deleted with its parent.
    pub(crate) fn deleted_with_parent(self) -> Self {
        Self { cascade_delete: true, ..self }
    }

    /// The parent cannot be deleted while it has such children.
    pub(crate) fn keeps_parent(self) -> Self {
        Self { restricted_delete: true, ..self }
    }

    /// May stand in ORDER BY although its type may not.
    pub(crate) fn sortable(self) -> Self {
        Self { sortable: true, ..self }
    }

    /// Cannot stand in WHERE.
    pub(crate) fn not_filterable(self) -> Self {
        Self { filterable: false, ..self }
    }

    /// Cannot stand in ORDER BY.
    pub(crate) fn not_sortable(self) -> Self {
        Self { sortable: false, ..self }
    }
}
