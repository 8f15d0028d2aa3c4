//! What an org's objects and fields are: the types behind describe, validation and SOQL.

pub(crate) mod build;
pub mod standard;

use serde::{Deserialize, Serialize};

/// All objects of an org.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Schema {
    /// In the order of the global describe (alphabetical by name).
    pub objects: Vec<Object>,
    /// When objects or fields were last changed; `None` in an org that is as it was made. Describes go by it for 304.
    pub changed: Option<jiff::Timestamp>,
}

impl Schema {
    /// Finds an object by API name; names are not case-sensitive in paths and SOQL.
    #[must_use]
    pub fn object(&self, name: &str) -> Option<&Object> {
        self.objects.iter().find(|object| object.name.eq_ignore_ascii_case(name))
    }

    /// Finds an object by the first three characters of its ids.
    #[must_use]
    pub fn by_key_prefix(&self, prefix: &str) -> Option<&Object> {
        self.objects.iter().find(|object| object.key_prefix == prefix)
    }
}

/// One object (an sObject type).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// API name, for example `Account` or `Site__c`.
    pub name: String,
    /// Label, singular.
    pub label: String,
    /// Label, plural; also a lookup's default child relationship label.
    pub label_plural: String,
    /// The first three characters of every id.
    pub key_prefix: String,
    /// True for objects that end in `__c`.
    pub custom: bool,
    /// May be inserted through the API.
    pub createable: bool,
    /// May be updated through the API.
    pub updateable: bool,
    /// May be deleted through the API.
    pub deletable: bool,
    /// Answers getUpdated and getDeleted.
    pub replicateable: bool,
    /// Every field, compound ones included.
    pub fields: Vec<Field>,
    /// Record types, the master record type included.
    pub record_types: Vec<RecordType>,
}

impl Object {
    /// Finds a field by API name, without case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// Finds the lookup field behind a parent relationship name (`Account`, `Site__r`), without case.
    #[must_use]
    pub fn relationship(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| {
            field.relationship_name.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name))
        })
    }
}

/// A field's `type` in describe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the variants are the REST names of describe's `type`")]
pub enum FieldType {
    Id,
    String,
    TextArea,
    Boolean,
    Int,
    Long,
    Double,
    Currency,
    Percent,
    Date,
    DateTime,
    Time,
    Reference,
    Picklist,
    MultiPicklist,
    Combobox,
    Email,
    Phone,
    Url,
    Address,
    Location,
    Base64,
    EncryptedString,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "describe has these switches, each on its own")]
pub struct Field {
    /// API name.
    pub name: String,
    /// Label.
    pub label: String,
    /// Describe's `type`.
    pub kind: FieldType,
    /// Maximum characters of text; 18 for ids and references; 0 where it does not apply.
    pub length: u32,
    /// Total digits of a number.
    pub precision: u32,
    /// Digits right of the decimal point.
    pub scale: u32,
    /// Maximum digits of an int.
    pub digits: u32,
    /// May hold null.
    pub nillable: bool,
    /// May be set on insert.
    pub createable: bool,
    /// May be set on update.
    pub updateable: bool,
    /// The org fills it on insert when it is left out.
    pub defaulted_on_create: bool,
    /// The value the org fills in when `defaulted_on_create` (or for booleans and default picklist values).
    pub default_value: Option<serde_json::Value>,
    /// No two rows may hold the same value.
    pub unique: bool,
    /// Compared with case.
    pub case_sensitive: bool,
    /// An external id.
    pub external_id: bool,
    /// Describe's `idLookup`.
    pub id_lookup: bool,
    /// Allowed values.
    pub picklist_values: Vec<PicklistValue>,
    /// Only active listed values are accepted.
    pub restricted_picklist: bool,
    /// Objects a reference may point to; more than one means polymorphic.
    pub reference_to: Vec<String>,
    /// The parent relationship's name, for example `Account` or `Account__r`.
    pub relationship_name: Option<String>,
    /// The name of the list of such children on the parent, for example `Contacts` or `Sites__r`.
    pub child_relationship_name: Option<String>,
    /// A master-detail child: deleted with its parent, never reparented.
    pub cascade_delete: bool,
    /// The parent cannot be deleted while it has such children.
    pub restricted_delete: bool,
    /// A formula or roll-up.
    pub calculated: bool,
    /// The text of a formula, describe's `calculatedFormula`.
    #[serde(default)]
    pub formula: Option<String>,
    /// An auto number.
    pub auto_number: bool,
    /// The object's name field.
    pub name_field: bool,
    /// The compound field this is a part of (`BillingAddress`, `Name`).
    pub compound_field_name: Option<String>,
    /// Describe's `extraTypeInfo`, for example `plaintextarea` or `personname`.
    pub extra_type_info: Option<String>,
    /// True for fields that end in `__c`.
    pub custom: bool,
    /// May stand in WHERE.
    pub filterable: bool,
    /// May stand in ORDER BY.
    pub sortable: bool,
}

/// One picklist value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PicklistValue {
    /// The API value.
    pub value: String,
    /// The label.
    pub label: String,
    /// Can be chosen.
    pub active: bool,
    /// Chosen when nothing is given.
    pub default_value: bool,
}

/// One record type of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordType {
    /// 18-character id, prefix 012; the master record type is 012000000000000AAA.
    pub id: String,
    /// Label.
    pub name: String,
    /// Developer name.
    pub developer_name: String,
    /// The one used when a row names none.
    pub default: bool,
    /// The master record type.
    pub master: bool,
}
