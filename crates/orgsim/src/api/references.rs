//! Reference fields: ids of live rows of the right object, or parents named by an external id.

use serde_json::Value;

use crate::api::error::ApiError;
use crate::api::transaction::Transaction;
use crate::api::values;
use crate::ids;
use crate::rows::RowId;
use crate::schema::{Field, Object};

/// The record type that stands for none.
const MASTER_RECORD_TYPE: &str = "012000000000000AAA";

/// Checks an id in a reference field and gives its 18-character form.
///
/// # Errors
/// `MALFORMED_ID` for a text that is no id of a possible parent, `INVALID_CROSS_REFERENCE_KEY` when there is no such
/// row, `ENTITY_IS_DELETED` when it was deleted, `INACTIVE_OWNER_OR_USER` for an owner who is not active.
pub(crate) fn check(
    transaction: &Transaction<'_>,
    object: &Object,
    field: &Field,
    value: &Value,
) -> Result<Value, ApiError> {
    let Some(text) = value.as_str() else { return Ok(Value::Null) };
    let malformed = || ApiError::malformed_id(&field.label, text, &field.name);
    let id = ids::to_18(text).ok_or_else(malformed)?;
    if field.name == "RecordTypeId" {
        return check_record_type(object, field, &id);
    }
    let target = field
        .reference_to
        .iter()
        .filter_map(|name| transaction.schema.object(name))
        .find(|target| id.starts_with(&target.key_prefix));
    let target = target.ok_or_else(malformed)?;
    if transaction.is_concealed(target, &id) {
        let message = format!("insufficient access rights on cross-reference id: {}", &id[..15]);
        let code = "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY";
        return Err(ApiError::data(code, message, &[]));
    }
    match transaction.stored(target, &id) {
        None => Err(with_field(ApiError::no_row(400), field)),
        Some(row) if row.deleted_date.is_some() => {
            Err(with_field(ApiError::is_deleted(400), field))
        }
        Some(row) if is_inactive_owner(field, &row.row) => {
            let message = format!(
                "operation performed with inactive user [{}] as owner of {}",
                &id[..15],
                object.name
            );
            Err(ApiError::data("INACTIVE_OWNER_OR_USER", message, &[&field.name]))
        }
        Some(_) => Ok(Value::String(id)),
    }
}

/// The id of the parent that an object such as `{"ERP_Key__c": "A-1"}` names; null for null.
///
/// # Errors
/// `INVALID_FIELD` when the key is no external id of a possible parent, or when no parent or several hold the value.
pub(crate) fn by_external_id(
    transaction: &Transaction<'_>,
    field: &Field,
    value: &Value,
) -> Result<Value, ApiError> {
    let named = match value {
        Value::Null => return Ok(Value::Null),
        Value::Object(named) => named,
        other => return Err(ApiError::wrong_json("SObject", other)),
    };
    let wanted_type =
        named.get("attributes").and_then(|own| own.get("type")).and_then(Value::as_str);
    let mut keys = named.iter().filter(|(name, _)| name.as_str() != "attributes");
    let (Some((key, value)), None) = (keys.next(), keys.next()) else {
        let message =
            format!("A reference to {} must name exactly one external id field", field.label);
        return Err(ApiError::data("INVALID_FIELD", message, &[&field.name]));
    };
    let mut targets = field
        .reference_to
        .iter()
        .filter(|name| wanted_type.is_none_or(|wanted| name.eq_ignore_ascii_case(wanted)))
        .filter_map(|name| transaction.schema.object(name));
    let parent = targets.find_map(|target| {
        let key = target.field(key).filter(|own| own.external_id || own.id_lookup)?;
        Some((target, key))
    });
    let Some((target, key)) = parent else {
        let message =
            format!("Foreign key external ID field {key} does not exist for {}", field.label);
        return Err(ApiError::data("INVALID_FIELD", message, &[&field.name]));
    };
    only_parent(transaction, field, target, key, value)
}

fn only_parent(
    transaction: &Transaction<'_>,
    field: &Field,
    target: &Object,
    key: &Field,
    value: &Value,
) -> Result<Value, ApiError> {
    let value = values::fit(key, &values::read(key, value)?)?;
    let found = match &value {
        Value::Null => Vec::new(),
        value => {
            let found = transaction.rows_holding(target, key, value).into_iter();
            found.filter(|id| !transaction.is_concealed(target, id)).collect()
        }
    };
    match found.as_slice() {
        [only] => Ok(Value::String(only.to_string())),
        [] => {
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let message = format!(
                "Foreign key external ID: {} not found for field {} in entity {}",
                shown.to_lowercase(),
                key.name,
                target.name
            );
            Err(ApiError::data("INVALID_FIELD", message, &[&field.name]))
        }
        several => Err(ApiError::data("INVALID_FIELD", several_found(several), &[&field.name])),
    }
}

/// The words for an external id that several rows hold.
pub(crate) fn several_found(rows: &[RowId]) -> String {
    let ids: Vec<&str> = rows.iter().map(|id| &**id).collect();
    format!("more than one record found for external id field: [{}]", ids.join(", "))
}

fn check_record_type(object: &Object, field: &Field, id: &str) -> Result<Value, ApiError> {
    if id == MASTER_RECORD_TYPE {
        return Ok(Value::Null);
    }
    if object.record_types.iter().any(|own| own.id == id && !own.master) {
        return Ok(Value::from(id));
    }
    let message = format!("{}: this ID value isn't valid for the user: {id}", field.label);
    Err(ApiError::data("INVALID_CROSS_REFERENCE_KEY", message, &[&field.name]))
}

fn is_inactive_owner(field: &Field, row: &crate::rows::Row) -> bool {
    field.name == "OwnerId" && row.get("IsActive") == Some(&Value::Bool(false))
}

fn with_field(error: ApiError, field: &Field) -> ApiError {
    ApiError { fields: Some(vec![field.name.clone()]), ..error }
}
