//! The fields that a write sends: known, writable, of the right type and within limits.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::api::error::ApiError;
use crate::api::transaction::Transaction;
use crate::api::{references, values};
use crate::schema::{Field, FieldType, Object};

/// What a body is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Intent {
    Insert,
    Update,
}

/// Values to store by exact field name; null clears a field.
pub(crate) type Changes = BTreeMap<String, Value>;

/// Reads a body's fields. `attributes` is left out; `Id` must not be there.
///
/// # Errors
/// Names first (`INVALID_FIELD`) together with JSON types (`JSON_PARSER_ERROR`), then read-only fields
/// (`INVALID_FIELD_FOR_INSERT_UPDATE`), then required fields, then limits and references.
pub(crate) fn read(
    transaction: &Transaction<'_>,
    object: &Object,
    body: &Map<String, Value>,
    intent: Intent,
) -> Result<Changes, ApiError> {
    let sent = read_types(transaction, object, body)?;
    check_writable(&sent, intent)?;
    check_required(object, &sent, intent)?;
    let mut changes = Changes::new();
    for (field, value) in sent {
        let value = values::fit(field, &value)?;
        let value = match field.kind {
            FieldType::Reference => references::check(transaction, object, field, &value)?,
            _ => value,
        };
        changes.insert(field.name.clone(), value);
    }
    Ok(changes)
}

fn read_types<'object>(
    transaction: &Transaction<'_>,
    object: &'object Object,
    body: &Map<String, Value>,
) -> Result<Vec<(&'object Field, Value)>, ApiError> {
    let mut sent = Vec::new();
    for (name, value) in body {
        if name == "attributes" {
            continue;
        }
        if let Some(field) = object.field(name) {
            if field.kind == FieldType::Id {
                return Err(not_in_body(&field.name));
            }
            sent.push((field, values::read(field, value)?));
        } else if let Some(field) = object.relationship(name) {
            sent.push((field, references::by_external_id(transaction, field, value)?));
        } else {
            return Err(ApiError::no_column(name, &object.name));
        }
    }
    Ok(sent)
}

/// The refusal of a field that stands in the path already.
pub(crate) fn not_in_body(field: &str) -> ApiError {
    let message = format!("The {field} field should not be specified in the sobject data.");
    ApiError::data("INVALID_FIELD", message, &[field])
}

fn check_writable(sent: &[(&Field, Value)], intent: Intent) -> Result<(), ApiError> {
    let refused: Vec<&str> = sent
        .iter()
        .filter(|(field, _)| match intent {
            Intent::Insert => !field.createable,
            Intent::Update => !field.updateable,
        })
        .map(|(field, _)| field.name.as_str())
        .collect();
    if refused.is_empty() {
        return Ok(());
    }
    let message = format!(
        "Unable to create/update fields: {}. Please check the security settings of this field and verify that it is \
         read/write for your profile or permission set.",
        refused.join(", ")
    );
    Err(ApiError::data("INVALID_FIELD_FOR_INSERT_UPDATE", message, &refused))
}

/// On insert every required field must come with a value; on update none may be cleared.
fn check_required(
    object: &Object,
    sent: &[(&Field, Value)],
    intent: Intent,
) -> Result<(), ApiError> {
    let value = |field: &Field| sent.iter().find(|(own, _)| own.name == field.name).map(|(_, v)| v);
    let missing: Vec<&str> = object
        .fields
        .iter()
        .filter(|field| !is_person_name(object, field, sent))
        .filter(|field| match (intent, value(field)) {
            (Intent::Insert, None | Some(Value::Null)) => is_required(field),
            (Intent::Update, Some(Value::Null)) => !field.nillable,
            _ => false,
        })
        .map(|field| field.name.as_str())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("Required fields are missing: [{}]", missing.join(", "));
    Err(ApiError::data("REQUIRED_FIELD_MISSING", message, &missing))
}

/// A person's account is named after the person, so the last name stands in for the name.
fn is_person_name(object: &Object, field: &Field, sent: &[(&Field, Value)]) -> bool {
    object.name == "Account"
        && field.name == "Name"
        && sent.iter().any(|(own, value)| own.name == "LastName" && !value.is_null())
}

fn is_required(field: &Field) -> bool {
    let filled_by_org = field.defaulted_on_create || field.kind == FieldType::Boolean;
    field.createable && !field.nillable && !filled_by_org
}
