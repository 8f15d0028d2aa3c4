//! One value: JSON text to [`Value`] and back, numbers exact.

use isthmus_model::ids::RecordId;
use isthmus_model::schema::FieldType;
use isthmus_model::value::Value;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use rust_decimal::Decimal;
use serde_json::Value as Json;

use crate::error::Error;

/// Longer number texts cannot be exact in 28 digits and are kept as they came.
const MAX_NUMBER_TEXT: usize = 40;
/// Exponents beyond this cannot be held either; checked before anything is expanded.
const MAX_EXPONENT: i32 = 28;

/// Reads a value of a described type; without one, as [`loose_value`].
pub(super) fn typed_value(
    name: &str,
    text: &str,
    kind: Option<&FieldType>,
) -> Result<Value, Error> {
    if text == "null" {
        return Ok(Value::Null);
    }
    let wrong = |what: &str| Error::decode("record", format!("{name} holds no {what}"));
    match kind {
        None | Some(FieldType::Other(_)) => loose_value(text),
        Some(FieldType::Boolean) => match text {
            "true" => Ok(Value::Boolean(true)),
            "false" => Ok(Value::Boolean(false)),
            _ => Err(wrong("checkbox value")),
        },
        Some(
            FieldType::Int
            | FieldType::Long
            | FieldType::Double
            | FieldType::Currency
            | FieldType::Percent,
        ) => number(text).ok_or_else(|| wrong("number")),
        Some(FieldType::Address | FieldType::Location) => raw(text),
        Some(kind) => {
            let text: String = serde_json::from_str(text).map_err(|_| wrong("text"))?;
            text_value(text, kind).ok_or_else(|| wrong(kind.as_str()))
        }
    }
}

/// Reads a cell of a Bulk result (wire reference 9): empty is null, numbers and check boxes stand without quotes.
pub(crate) fn csv_value(name: &str, text: &str, kind: &FieldType) -> Result<Value, Error> {
    let wrong = || Error::decode("Bulk results", format!("{name} holds no {}", kind.as_str()));
    if text.is_empty() {
        return Ok(Value::Null);
    }
    match kind {
        FieldType::Boolean => match text {
            "true" => Ok(Value::Boolean(true)),
            "false" => Ok(Value::Boolean(false)),
            _ => Err(wrong()),
        },
        FieldType::Int
        | FieldType::Long
        | FieldType::Double
        | FieldType::Currency
        | FieldType::Percent => number(text).ok_or_else(wrong),
        _ => text_value(text.to_owned(), kind).ok_or_else(wrong),
    }
}

fn text_value(text: String, kind: &FieldType) -> Option<Value> {
    match kind {
        FieldType::Date => text.parse::<Date>().ok().map(Value::Date),
        FieldType::DateTime => timestamp_of(&text).map(Value::DateTime),
        FieldType::Time => text.trim_end_matches('Z').parse::<Time>().ok().map(Value::Time),
        FieldType::Id => RecordId::parse(&text).ok().map(Value::Id),
        // Some references hold what is no record id (polymorphic virtual keys): kept as text.
        FieldType::Reference => Some(RecordId::parse(&text).map_or(Value::Text(text), Value::Id)),
        _ => Some(Value::Text(text)),
    }
}

/// Reads a value by its JSON type alone.
pub(super) fn loose_value(text: &str) -> Result<Value, Error> {
    match text.as_bytes().first() {
        Some(b'n') => Ok(Value::Null),
        Some(b't') => Ok(Value::Boolean(true)),
        Some(b'f') => Ok(Value::Boolean(false)),
        Some(b'"') => serde_json::from_str(text)
            .map(Value::Text)
            .map_err(|_| Error::decode("record", "a text with broken characters")),
        Some(b'{' | b'[') => raw(text),
        _ => number(text).ok_or_else(|| Error::decode("record", "a value of no JSON type")),
    }
}

/// A number from its own digits, never through a binary fraction; beyond 28 digits it is kept as it came.
fn number(text: &str) -> Option<Value> {
    if !text.starts_with(|first: char| first.is_ascii_digit() || first == '-') {
        return None;
    }
    if let Some(exact) = exact_decimal(text) {
        return Some(Value::Number(exact));
    }
    // A number beyond a double's range is kept as its text.
    let kept = serde_json::from_str(text).unwrap_or_else(|_| Json::String(text.to_owned()));
    Some(Value::Raw(kept))
}

fn exact_decimal(text: &str) -> Option<Decimal> {
    if text.len() > MAX_NUMBER_TEXT {
        return None;
    }
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return Decimal::from_str_exact(text).ok();
    };
    let exponent: i32 = exponent.parse().ok()?;
    if exponent.abs() > MAX_EXPONENT {
        return None;
    }
    let mantissa = Decimal::from_str_exact(mantissa).ok()?;
    let power = Decimal::from_i128_with_scale(10_i128.pow(exponent.unsigned_abs()), 0);
    let shifted =
        if exponent < 0 { mantissa.checked_div(power) } else { mantissa.checked_mul(power) };
    let shifted = shifted?.normalize();
    // A division may round: taken only if it goes back to where it came from.
    let back = if exponent < 0 { shifted.checked_mul(power) } else { shifted.checked_div(power) };
    (back? == mantissa).then_some(shifted)
}

fn raw(text: &str) -> Result<Value, Error> {
    serde_json::from_str(text)
        .map(Value::Raw)
        .map_err(|_| Error::decode("record", "a broken compound value"))
}

/// `2026-11-20T10:00:00.000+0000` (REST), also with `Z` or a colon in the offset.
pub(crate) fn timestamp_of(text: &str) -> Option<Timestamp> {
    if let Ok(moment) = text.parse() {
        return Some(moment);
    }
    Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", text).ok()
}

/// The value as JSON text for a write: dates and numbers as the API takes them, numbers digit by digit.
///
/// # Errors
/// [`Error::Invalid`] for a raw value that cannot be written as JSON.
pub fn json_text(value: &Value) -> Result<String, Error> {
    let text =
        |text: &str| serde_json::to_string(text).map_err(|cause| Error::invalid("record", cause));
    match value {
        Value::Null => Ok("null".to_owned()),
        Value::Text(content) => text(content),
        Value::Boolean(flag) => Ok(flag.to_string()),
        Value::Number(number) => Ok(number.normalize().to_string()),
        Value::Date(date) => text(&date.to_string()),
        Value::DateTime(moment) => text(&moment.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()),
        Value::Time(time) => text(&time.strftime("%H:%M:%S%.3fZ").to_string()),
        Value::Id(id) => text(id.as_str()),
        Value::Raw(json) => {
            serde_json::to_string(json).map_err(|cause| Error::invalid("record", cause))
        }
    }
}
