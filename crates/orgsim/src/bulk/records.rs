//! A batch of JSON records, as only Bulk v1 takes it (API guide, "Prepare JSON Files"): one array; a key that is left
//! out leaves its field as it is, null clears it, and a lookup may name its parent by a key of its own.

use serde_json::{Map, Value};

use crate::bulk::layout::{Line, NO_FIELD};
use crate::bulk::row::Operation;
use crate::schema::{FieldType, Object};

/// The rows of a batch.
///
/// # Errors
/// The batch's `stateMessage`: the text is no array of records, or one names a field that the object does not have. Only
/// the first such field is named, as with the columns of CSV; the words about JSON are UNCONFIRMED.
pub(crate) fn read(
    object: &Object,
    operation: &Operation,
    data: &[u8],
) -> Result<Vec<Line>, String> {
    let records: Vec<Map<String, Value>> = serde_json::from_slice(data)
        .map_err(|error| format!("InvalidBatch : Unable to parse JSON: {error}"))?;
    records.into_iter().map(|record| line(object, operation, record)).collect()
}

fn line(
    object: &Object,
    operation: &Operation,
    record: Map<String, Value>,
) -> Result<Line, String> {
    let deletes = matches!(operation, Operation::Delete | Operation::HardDelete);
    let mut line = Line::default();
    for (key, value) in record {
        let not_found = || format!("{NO_FIELD}{key}");
        if key == "attributes" {
            continue;
        }
        if key.eq_ignore_ascii_case("Id") {
            line.id = id(&value);
            continue;
        }
        if deletes {
            return Err(not_found());
        }
        let name = match object.field(&key) {
            Some(field) if field.kind == FieldType::Base64 => return Err(not_found()),
            Some(field) => Some(&field.name),
            None => object.relationship(&key).and_then(|lookup| lookup.relationship_name.as_ref()),
        };
        line.body.insert(name.ok_or_else(not_found)?.clone(), value);
    }
    Ok(line)
}

fn id(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        other => Some(other.to_string()),
    }
}
