//! Comparing values as the org that holds them would: trimmed, at the field's scale and precision, picklists without case.
//!
//! Without this a value that the org normalises on save (wire reference 5.2 and 9) would be written again for ever.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::schema::{FieldSchema, FieldType};
use crate::value::Value;

/// The first 16 bytes of a SHA-256 over a row's canonical values, in mapping order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub [u8; 16]);

/// The value as the field's org would store it.
#[must_use]
pub fn canonical(value: &Value, field: &FieldSchema) -> Value {
    match value {
        Value::Text(text) => canonical_text(text, field),
        Value::Number(number) => Value::Number(cut_to_scale(*number, field)),
        // Datetime fields have one-second precision in filters and on the wire (wire reference 5.1).
        Value::DateTime(moment) => {
            Value::DateTime(jiff::Timestamp::from_second(moment.as_second()).unwrap_or(*moment))
        }
        Value::Null if field.kind == FieldType::Boolean => Value::Boolean(false),
        other => other.clone(),
    }
}

/// True when both values are the same thing to the field's org; picklist values are compared without case.
#[must_use]
pub fn same(left: &Value, right: &Value, field: &FieldSchema) -> bool {
    comparable(left, field) == comparable(right, field)
}

/// The row's fingerprint: values and fields in the same (mapping) order.
#[must_use]
pub fn fingerprint<'a>(row: impl IntoIterator<Item = (&'a Value, &'a FieldSchema)>) -> Fingerprint {
    let mut hasher = Sha256::new();
    for (value, field) in row {
        let encoded = serde_json::to_vec(&comparable(value, field)).unwrap_or_default();
        hasher.update((encoded.len() as u64).to_be_bytes());
        hasher.update(&encoded);
    }
    let digest = hasher.finalize();
    let mut short = [0_u8; 16];
    short.copy_from_slice(&digest[..16]);
    Fingerprint(short)
}

/// The canonical value with what the org ignores when it compares taken away.
fn comparable(value: &Value, field: &FieldSchema) -> Value {
    match (canonical(value, field), &field.kind) {
        (Value::Text(text), FieldType::Picklist) => Value::Text(text.to_lowercase()),
        (Value::Text(text), FieldType::MultiPicklist) => {
            let mut parts: Vec<String> = text
                .split(';')
                .map(|part| part.trim().to_lowercase())
                .filter(|part| !part.is_empty())
                .collect();
            parts.sort();
            parts.dedup();
            Value::Text(parts.join(";"))
        }
        (canonical, _) => canonical,
    }
}

fn canonical_text(text: &str, field: &FieldSchema) -> Value {
    let unified = text.replace("\r\n", "\n");
    let trimmed = unified.trim();
    if trimmed.is_empty() {
        return Value::Null;
    }
    // An id in a reference field compares by identity, also where it came as text.
    if matches!(field.kind, FieldType::Reference | FieldType::Id)
        && let Ok(id) = crate::ids::RecordId::parse(trimmed)
    {
        return Value::Id(id);
    }
    Value::Text(trimmed.to_owned())
}

/// Decimals beyond the field's scale are cut by the org, not rounded (wire reference 9).
fn cut_to_scale(number: Decimal, field: &FieldSchema) -> Decimal {
    let numeric =
        matches!(field.kind, FieldType::Double | FieldType::Currency | FieldType::Percent);
    let cut = match field.kind {
        FieldType::Int | FieldType::Long => number.trunc(),
        _ if numeric => number.round_dp_with_strategy(field.scale, RoundingStrategy::ToZero),
        _ => number,
    };
    cut.normalize()
}
