//! Describe: `GET /sobjects` and `GET /sobjects/X/describe` (REST API Developer Guide, "Describe Global", "sObject Describe").

pub mod cache;
pub mod conditional;

use isthmus_model::schema::{
    FieldSchema, FieldType, ObjectName, ObjectSchema, PicklistValue, RecordTypeSchema,
};
use serde::Deserialize;

use crate::client::{Call, Client};
use crate::error::Error;
use crate::soql::Name;

/// One object of the org's list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "describe has these switches, each on its own")]
pub struct ObjectSummary {
    /// API name.
    pub name: ObjectName,
    /// Label.
    #[serde(default)]
    pub label: String,
    /// First three characters of its ids; about half of all objects have none.
    pub key_prefix: Option<String>,
    /// Made in this org or by a package.
    #[serde(default)]
    pub custom: bool,
    /// The user may insert.
    #[serde(default)]
    pub createable: bool,
    /// The user may update.
    #[serde(default)]
    pub updateable: bool,
    /// The user may delete.
    #[serde(default)]
    pub deletable: bool,
    /// The user may query.
    #[serde(default)]
    pub queryable: bool,
    /// Answers getUpdated and getDeleted.
    #[serde(default)]
    pub replicateable: bool,
}

#[derive(Deserialize)]
struct GlobalDescribe {
    sobjects: Vec<ObjectSummary>,
}

impl Client {
    /// All objects the user can see, in the org's order.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn describe_global(&self) -> Result<Vec<ObjectSummary>, Error> {
        let answer: GlobalDescribe =
            self.fetch(Call::get(self.data_path("sobjects"), "sobjects")).await?;
        Ok(answer.sobjects)
    }

    /// One object with its fields, as the user sees them.
    ///
    /// # Errors
    /// `NOT_FOUND` for an object the user cannot see; [`Error::Invalid`] for a name that is none.
    pub async fn describe(&self, object: &str) -> Result<ObjectSchema, Error> {
        let object = Name::parse(object)?;
        let path = format!("sobjects/{object}/describe");
        let described: Described = self.fetch(Call::get(self.data_path(&path), path)).await?;
        Ok(described.into())
    }
}

/// Reads a recorded or cached describe body.
///
/// # Errors
/// [`Error::Decode`] when it is none.
pub fn schema_from_describe(body: &[u8]) -> Result<ObjectSchema, Error> {
    let described: Described =
        serde_json::from_slice(body).map_err(|cause| Error::decode("describe", cause))?;
    Ok(described.into())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    name: String,
    #[serde(default)]
    label: String,
    key_prefix: Option<String>,
    #[serde(default)]
    createable: bool,
    #[serde(default)]
    updateable: bool,
    #[serde(default)]
    deletable: bool,
    #[serde(default)]
    queryable: bool,
    #[serde(default)]
    replicateable: bool,
    fields: Vec<DescribedField>,
    #[serde(default)]
    record_type_infos: Vec<DescribedRecordType>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescribedField {
    name: String,
    #[serde(default)]
    label: String,
    #[serde(rename = "type")]
    kind: FieldType,
    #[serde(default)]
    length: u32,
    #[serde(default)]
    precision: u32,
    #[serde(default)]
    scale: u32,
    #[serde(default)]
    digits: u32,
    #[serde(default)]
    nillable: bool,
    #[serde(default)]
    createable: bool,
    #[serde(default)]
    updateable: bool,
    #[serde(default)]
    defaulted_on_create: bool,
    #[serde(default)]
    unique: bool,
    #[serde(default)]
    case_sensitive: bool,
    #[serde(default)]
    external_id: bool,
    #[serde(default)]
    id_lookup: bool,
    #[serde(default)]
    filterable: bool,
    #[serde(default)]
    sortable: bool,
    #[serde(default)]
    calculated: bool,
    #[serde(default)]
    auto_number: bool,
    #[serde(default)]
    name_field: bool,
    #[serde(default)]
    restricted_picklist: bool,
    #[serde(default)]
    picklist_values: Option<Vec<DescribedValue>>,
    #[serde(default)]
    reference_to: Option<Vec<String>>,
    #[serde(default)]
    relationship_name: Option<String>,
}

#[derive(Deserialize)]
struct DescribedValue {
    /// Null for a value that was never given an API name.
    value: Option<String>,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    active: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescribedRecordType {
    #[serde(default)]
    active: bool,
    #[serde(default)]
    master: bool,
    record_type_id: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    developer_name: String,
}

impl From<Described> for ObjectSchema {
    fn from(described: Described) -> Self {
        Self {
            name: described.name,
            label: described.label,
            key_prefix: described.key_prefix,
            createable: described.createable,
            updateable: described.updateable,
            deletable: described.deletable,
            queryable: described.queryable,
            replicateable: described.replicateable,
            fields: described.fields.into_iter().map(FieldSchema::from).collect(),
            record_types: described.record_type_infos.into_iter().filter_map(record_type).collect(),
        }
    }
}

impl From<DescribedField> for FieldSchema {
    fn from(field: DescribedField) -> Self {
        Self {
            name: field.name,
            label: field.label,
            kind: field.kind,
            length: field.length,
            precision: field.precision,
            scale: field.scale,
            digits: field.digits,
            nillable: field.nillable,
            createable: field.createable,
            updateable: field.updateable,
            defaulted_on_create: field.defaulted_on_create,
            unique: field.unique,
            case_sensitive: field.case_sensitive,
            external_id: field.external_id,
            id_lookup: field.id_lookup,
            filterable: field.filterable,
            sortable: field.sortable,
            calculated: field.calculated,
            auto_number: field.auto_number,
            name_field: field.name_field,
            restricted_picklist: field.restricted_picklist,
            picklist_values: picklist(field.picklist_values.unwrap_or_default()),
            reference_to: field.reference_to.unwrap_or_default(),
            relationship_name: field.relationship_name,
        }
    }
}

fn picklist(values: Vec<DescribedValue>) -> Vec<PicklistValue> {
    let known = |entry: DescribedValue| {
        let value = entry.value?;
        let label = entry.label.unwrap_or_else(|| value.clone());
        Some(PicklistValue { value, label, active: entry.active })
    };
    values.into_iter().filter_map(known).collect()
}

fn record_type(described: DescribedRecordType) -> Option<RecordTypeSchema> {
    let id = described.record_type_id.filter(|_| described.active && !described.master)?;
    Some(RecordTypeSchema { id, name: described.name, developer_name: described.developer_name })
}
