//! Picklist values: their spelling, order and restrictions.

use serde_json::Value;

use crate::api::error::ApiError;
use crate::schema::{Field, PicklistValue};

/// Most values of one multipicklist (wire reference, section 9).
const CHOSEN_MAX: usize = 100;

/// The one value of a picklist. Values match without case and are stored as defined.
pub(crate) fn one(field: &Field, text: &str) -> Result<Value, ApiError> {
    choice(field, text).map(Value::String)
}

/// The values of a multipicklist, in the order of their definition, each once.
pub(crate) fn several(field: &Field, text: &str) -> Result<Value, ApiError> {
    let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
    let mut chosen = parts.map(|part| choice(field, part)).collect::<Result<Vec<_>, _>>()?;
    if chosen.len() > CHOSEN_MAX {
        let message = format!("{}: too many values selected (max {CHOSEN_MAX})", field.label);
        return Err(ApiError::data("STRING_TOO_LONG", message, &[&field.name]));
    }
    let place = |value: &String| {
        let defined = field.picklist_values.iter().position(|own| own.value == *value);
        (defined.unwrap_or(usize::MAX), value.clone())
    };
    chosen.sort_by_key(place);
    chosen.dedup();
    let joined = chosen.join(";");
    Ok(if joined.is_empty() { Value::Null } else { Value::String(joined) })
}

/// The value that a row without one gets.
pub(crate) fn default_value(field: &Field) -> Option<Value> {
    let defined = field.picklist_values.iter().find(|value| value.default_value && value.active);
    defined.map(|value| Value::String(value.value.clone()))
}

fn choice(field: &Field, text: &str) -> Result<String, ApiError> {
    let defined = field.picklist_values.iter().find(|own| is_same(own, text));
    match defined {
        Some(defined) if defined.active || !field.restricted_picklist => Ok(defined.value.clone()),
        None if !field.restricted_picklist => Ok(text.to_owned()),
        _ => {
            let message =
                format!("{}: bad value for restricted picklist field: {text}", field.label);
            Err(ApiError::data("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, &[&field.name]))
        }
    }
}

fn is_same(defined: &PicklistValue, text: &str) -> bool {
    defined.value.to_lowercase() == text.to_lowercase()
}
