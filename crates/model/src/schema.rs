//! What one org says of an object and its fields: describe, reduced to what mapping and planning need.
//!
//! Source: REST API Developer Guide, "sObject Describe" (wire reference section 4).

use serde::{Deserialize, Serialize};

/// An object's API name (`Account`, `Site__c`). Compared without case, kept as describe spells it.
pub type ObjectName = String;
/// A field's API name (`Name`, `ERP_Key__c`). Compared without case, kept as describe spells it.
pub type FieldName = String;

/// One object of one org, as the connected user sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "describe has these switches, each on its own")]
pub struct ObjectSchema {
    /// API name.
    pub name: ObjectName,
    /// Label.
    pub label: String,
    /// First three characters of its ids; `None` where describe has null.
    pub key_prefix: Option<String>,
    /// The user may insert.
    pub createable: bool,
    /// The user may update.
    pub updateable: bool,
    /// The user may delete.
    pub deletable: bool,
    /// The user may query.
    pub queryable: bool,
    /// Answers getUpdated and getDeleted.
    pub replicateable: bool,
    /// The fields the user may see. A field hidden by field-level security is absent, not marked.
    pub fields: Vec<FieldSchema>,
    /// Active record types, the master record type left out.
    #[serde(default)]
    pub record_types: Vec<RecordTypeSchema>,
}

impl ObjectSchema {
    /// Finds a field by API name, without case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FieldSchema> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// The field that cursors read by: SystemModstamp, else LastModifiedDate, else CreatedDate (design, 3.6).
    #[must_use]
    pub fn cursor_field(&self) -> Option<&str> {
        ["SystemModstamp", "LastModifiedDate", "CreatedDate"]
            .into_iter()
            .find(|name| self.field(name).is_some_and(|field| field.filterable))
    }
}

/// One record type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordTypeSchema {
    /// Id, local to the org.
    pub id: String,
    /// Label.
    pub name: String,
    /// Developer name, the same in orgs that share their set-up.
    pub developer_name: String,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "describe has these switches, each on its own")]
pub struct FieldSchema {
    /// API name.
    pub name: FieldName,
    /// Label.
    pub label: String,
    /// Describe's `type`.
    pub kind: FieldType,
    /// Maximum characters of text; 0 where it does not apply.
    pub length: u32,
    /// Total digits of a decimal number.
    pub precision: u32,
    /// Digits right of the decimal point.
    pub scale: u32,
    /// Maximum digits of an int; 0 where it does not apply.
    pub digits: u32,
    /// May hold null.
    pub nillable: bool,
    /// May be set on insert.
    pub createable: bool,
    /// May be set on update.
    pub updateable: bool,
    /// The org fills it on insert when it is left out.
    pub defaulted_on_create: bool,
    /// No two rows may hold the same value.
    pub unique: bool,
    /// Compared with case.
    pub case_sensitive: bool,
    /// An external id: rows can be upserted by it when it is also unique.
    pub external_id: bool,
    /// Describe's `idLookup`.
    pub id_lookup: bool,
    /// May stand in WHERE.
    pub filterable: bool,
    /// May stand in ORDER BY.
    pub sortable: bool,
    /// A formula or roll-up: never writable, and it moves no stamp.
    pub calculated: bool,
    /// An auto number.
    pub auto_number: bool,
    /// The object's name field.
    pub name_field: bool,
    /// Only active listed values are accepted.
    pub restricted_picklist: bool,
    /// Picklist values; empty where it does not apply.
    #[serde(default)]
    pub picklist_values: Vec<PicklistValue>,
    /// Objects a reference may point to; several mean polymorphic.
    #[serde(default)]
    pub reference_to: Vec<ObjectName>,
    /// The parent relationship's name (`Account`, `Site__r`).
    pub relationship_name: Option<String>,
}

impl FieldSchema {
    /// A field without traits, named like its label: anybody may fill it or leave it empty, and it has no size.
    #[must_use]
    pub fn plain(name: &str, kind: FieldType) -> Self {
        Self {
            name: name.to_owned(),
            label: name.to_owned(),
            kind,
            length: 0,
            precision: 0,
            scale: 0,
            digits: 0,
            nillable: true,
            createable: true,
            updateable: true,
            defaulted_on_create: false,
            unique: false,
            case_sensitive: false,
            external_id: false,
            id_lookup: false,
            filterable: true,
            sortable: true,
            calculated: false,
            auto_number: false,
            name_field: false,
            restricted_picklist: false,
            picklist_values: Vec::new(),
            reference_to: Vec::new(),
            relationship_name: None,
        }
    }

    /// Must be given on insert: not nillable, createable and without a default (wire reference section 4).
    #[must_use]
    pub fn required_on_create(&self) -> bool {
        !self.nillable && self.createable && !self.defaulted_on_create
    }

    /// A unique external id: creates by it are upserts, and an unknown outcome can be read back by it.
    #[must_use]
    pub fn is_unique_key(&self) -> bool {
        self.external_id && self.unique
    }
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
}

/// Describe's `type` of a field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum FieldType {
    /// The row's own id.
    Id,
    /// A line of text.
    String,
    /// Several lines of text, long or rich text included.
    TextArea,
    /// A checkbox; never null.
    Boolean,
    /// A whole number.
    Int,
    /// A 64-bit whole number.
    Long,
    /// A decimal number.
    Double,
    /// An amount of money, without its currency.
    Currency,
    /// 33.0 means 33 %.
    Percent,
    /// A calendar day.
    Date,
    /// A moment.
    DateTime,
    /// A time of day.
    Time,
    /// A lookup or master-detail.
    Reference,
    /// One value of a list.
    Picklist,
    /// Several values of a list, joined by semicolons.
    MultiPicklist,
    /// A list that also takes free text.
    Combobox,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A web address.
    Url,
    /// A compound address: read only, written by its parts.
    Address,
    /// A compound geolocation: read only, written by its parts.
    Location,
    /// A file body.
    Base64,
    /// Text masked for some users.
    EncryptedString,
    /// A type this build does not know, by the name the org gave; shown, never mapped.
    Other(String),
}

impl FieldType {
    const NAMES: [(&'static str, Self); 23] = [
        ("id", Self::Id),
        ("string", Self::String),
        ("textarea", Self::TextArea),
        ("boolean", Self::Boolean),
        ("int", Self::Int),
        ("long", Self::Long),
        ("double", Self::Double),
        ("currency", Self::Currency),
        ("percent", Self::Percent),
        ("date", Self::Date),
        ("datetime", Self::DateTime),
        ("time", Self::Time),
        ("reference", Self::Reference),
        ("picklist", Self::Picklist),
        ("multipicklist", Self::MultiPicklist),
        ("combobox", Self::Combobox),
        ("email", Self::Email),
        ("phone", Self::Phone),
        ("url", Self::Url),
        ("address", Self::Address),
        ("location", Self::Location),
        ("base64", Self::Base64),
        ("encryptedstring", Self::EncryptedString),
    ];

    /// The name describe uses.
    #[must_use]
    pub fn as_str(&self) -> &str {
        if let Self::Other(name) = self {
            return name;
        }
        Self::NAMES.iter().find(|(_, kind)| kind == self).map_or("", |(name, _)| name)
    }
}

impl std::fmt::Display for FieldType {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl From<String> for FieldType {
    fn from(name: String) -> Self {
        let known = Self::NAMES.iter().find(|(known, _)| *known == name);
        known.map_or(Self::Other(name), |(_, kind)| kind.clone())
    }
}

impl From<FieldType> for String {
    fn from(kind: FieldType) -> Self {
        kind.as_str().to_owned()
    }
}
