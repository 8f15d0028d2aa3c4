//! One entry of describe's `fields`: exactly 57 keys.

use serde_json::{Value, json};

use crate::describe::sorted;
use crate::schema::{Field, FieldType, PicklistValue};

/// Keys that are false for every field orgsim has.
const ALWAYS_FALSE: [&str; 10] = [
    "aiPredictionField",
    "dependentPicklist",
    "deprecatedAndHidden",
    "displayLocationInDecimal",
    "encrypted",
    "formulaTreatNullNumberAsZero",
    "highScaleNumber",
    "htmlFormatted",
    "restrictedDelete",
    "writeRequiresMasterRead",
];

/// Keys that are null for every field orgsim has.
const ALWAYS_NULL: [&str; 7] = [
    "controllerName",
    "defaultValueFormula",
    "filteredLookupInfo",
    "inlineHelpText",
    "mask",
    "maskType",
    "referenceTargetField",
];

/// Bytes of one character in the worst case that describe counts with.
const BYTES_PER_CHARACTER: u32 = 3;

/// The describe entry of a field.
pub(crate) fn describe(field: &Field) -> Value {
    let fixed = ALWAYS_FALSE
        .map(|key| (key, Value::Bool(false)))
        .into_iter()
        .chain(ALWAYS_NULL.map(|key| (key, Value::Null)));
    sorted(fixed.chain(identity(field)).chain(shape(field)).chain(behaviour(field)))
}

/// Name, type and what the field refers to.
fn identity(field: &Field) -> Vec<(&'static str, Value)> {
    let polymorphic = field.reference_to.len() > 1;
    // A master-detail field is the first of at most two on an object; orgsim has none with two.
    let relationship_order = is_master_detail(field).then_some(0);
    vec![
        ("compoundFieldName", json!(field.compound_field_name)),
        ("custom", json!(field.custom)),
        ("extraTypeInfo", json!(field.extra_type_info)),
        ("label", json!(field.label)),
        ("name", json!(field.name)),
        ("nameField", json!(field.name_field)),
        ("namePointing", json!(polymorphic)),
        ("polymorphicForeignKey", json!(polymorphic)),
        ("referenceTo", json!(field.reference_to)),
        ("relationshipName", json!(field.relationship_name)),
        ("relationshipOrder", json!(relationship_order)),
        ("soapType", json!(soap_type(field.kind))),
        ("type", json!(type_name(field.kind))),
    ]
}

/// Sizes and allowed values.
fn shape(field: &Field) -> Vec<(&'static str, Value)> {
    let values: Vec<Value> = field.picklist_values.iter().map(picklist_value).collect();
    vec![
        ("byteLength", json!(byte_length(field))),
        ("defaultValue", json!(field.default_value)),
        ("digits", json!(field.digits)),
        ("length", json!(field.length)),
        ("picklistValues", Value::Array(values)),
        ("precision", json!(field.precision)),
        ("restrictedPicklist", json!(field.restricted_picklist)),
        ("scale", json!(field.scale)),
    ]
}

/// What may be done with the field.
fn behaviour(field: &Field) -> Vec<(&'static str, Value)> {
    vec![
        ("aggregatable", json!(is_aggregatable(field))),
        ("autoNumber", json!(field.auto_number)),
        ("calculated", json!(field.calculated)),
        ("calculatedFormula", json!(field.formula)),
        ("cascadeDelete", json!(field.cascade_delete && field.custom)),
        ("caseSensitive", json!(field.case_sensitive)),
        ("createable", json!(field.createable)),
        ("defaultedOnCreate", json!(field.defaulted_on_create)),
        ("externalId", json!(field.external_id)),
        ("filterable", json!(field.filterable)),
        ("groupable", json!(is_groupable(field))),
        ("idLookup", json!(field.id_lookup)),
        ("nillable", json!(field.nillable)),
        ("permissionable", json!(is_permissionable(field))),
        ("queryByDistance", json!(is_place(field.kind))),
        ("searchPrefilterable", json!(is_search_prefilterable(field))),
        ("sortable", json!(field.sortable)),
        ("unique", json!(field.unique)),
        ("updateable", json!(field.updateable)),
    ]
}

fn picklist_value(value: &PicklistValue) -> Value {
    json!({
        "active": value.active,
        "defaultValue": value.default_value,
        "label": value.label,
        "validFor": null,
        "value": value.value,
    })
}

fn byte_length(field: &Field) -> u32 {
    match field.kind {
        FieldType::Id | FieldType::Reference => field.length,
        _ => field.length * BYTES_PER_CHARACTER,
    }
}

fn is_place(kind: FieldType) -> bool {
    matches!(kind, FieldType::Address | FieldType::Location)
}

fn is_master_detail(field: &Field) -> bool {
    field.custom && field.kind == FieldType::Reference && field.cascade_delete
}

fn is_aggregatable(field: &Field) -> bool {
    let unordered =
        matches!(field.kind, FieldType::Boolean | FieldType::MultiPicklist | FieldType::Base64);
    let long_text = field.kind == FieldType::TextArea && !field.filterable;
    !(unordered || long_text || is_place(field.kind))
}

fn is_groupable(field: &Field) -> bool {
    let measured = matches!(
        field.kind,
        FieldType::Double
            | FieldType::Currency
            | FieldType::Percent
            | FieldType::DateTime
            | FieldType::Time
    );
    let plain = is_aggregatable(field) || field.kind == FieldType::Boolean;
    plain && !measured && !field.auto_number
}

/// Field level security can hide a field unless the platform or every row needs it.
fn is_permissionable(field: &Field) -> bool {
    let writable = field.createable && field.updateable;
    let part_of_name = field.compound_field_name.as_deref() == Some("Name");
    let record_type = field.name == "RecordTypeId";
    field.nillable && (writable || is_place(field.kind)) && !part_of_name && !record_type
}

fn is_search_prefilterable(field: &Field) -> bool {
    field.kind == FieldType::Reference && is_permissionable(field)
}

/// The type's name in describe.
pub(crate) fn type_name(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Id => "id",
        FieldType::String => "string",
        FieldType::TextArea => "textarea",
        FieldType::Boolean => "boolean",
        FieldType::Int => "int",
        FieldType::Long => "long",
        FieldType::Double => "double",
        FieldType::Currency => "currency",
        FieldType::Percent => "percent",
        FieldType::Date => "date",
        FieldType::DateTime => "datetime",
        FieldType::Time => "time",
        FieldType::Reference => "reference",
        FieldType::Picklist => "picklist",
        FieldType::MultiPicklist => "multipicklist",
        FieldType::Combobox => "combobox",
        FieldType::Email => "email",
        FieldType::Phone => "phone",
        FieldType::Url => "url",
        FieldType::Address => "address",
        FieldType::Location => "location",
        FieldType::Base64 => "base64",
        FieldType::EncryptedString => "encryptedstring",
    }
}

fn soap_type(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Id | FieldType::Reference => "tns:ID",
        FieldType::Boolean => "xsd:boolean",
        FieldType::Int => "xsd:int",
        FieldType::Long => "xsd:long",
        FieldType::Double | FieldType::Currency | FieldType::Percent => "xsd:double",
        FieldType::Date => "xsd:date",
        FieldType::DateTime => "xsd:dateTime",
        FieldType::Time => "xsd:time",
        FieldType::Address => "urn:address",
        FieldType::Location => "urn:location",
        FieldType::Base64 => "xsd:base64Binary",
        _ => "xsd:string",
    }
}
