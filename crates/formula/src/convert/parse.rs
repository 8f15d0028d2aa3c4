//! Reading a value as another type: through its text where the types differ.
//!
//! Forms: wire reference section 9. Dates and times are read in the API's own forms only; guessing between
//! day-month and month-day would corrupt silently.

use std::str::FromStr;

use isthmus_model::schema::FieldType;
use isthmus_model::value::Value;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::ConvertError;

/// The value as the target type holds it. The pair of types has been allowed by the matrix.
pub(super) fn into_kind(value: &Value, to: &FieldType) -> Result<Value, ConvertError> {
    match to {
        FieldType::Boolean => into_boolean(value),
        FieldType::Int | FieldType::Long => {
            into_number(value).map(|number| Value::Number(number.trunc()))
        }
        FieldType::Double | FieldType::Currency | FieldType::Percent => {
            into_number(value).map(Value::Number)
        }
        FieldType::Date => into_date(value),
        FieldType::DateTime => into_datetime(value),
        FieldType::Time => into_time(value),
        FieldType::Id | FieldType::Reference => Ok(value.clone()),
        FieldType::MultiPicklist => into_choices(value),
        _ => Ok(Value::Text(value.display())),
    }
}

fn wrong(wanted: &'static str) -> ConvertError {
    ConvertError::Value { wanted }
}

fn into_boolean(value: &Value) -> Result<Value, ConvertError> {
    match value {
        Value::Boolean(_) => Ok(value.clone()),
        other => match other.display().trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Ok(Value::Boolean(true)),
            "false" | "no" | "0" => Ok(Value::Boolean(false)),
            _ => Err(wrong("checkbox value (true, false, yes, no, 1 or 0)")),
        },
    }
}

fn into_number(value: &Value) -> Result<Decimal, ConvertError> {
    match value {
        Value::Number(number) => Ok(*number),
        other => {
            let text = other.display();
            let text = text.trim();
            Decimal::from_str(text)
                .or_else(|_| Decimal::from_scientific(text))
                .map_err(|_| wrong("number (digits with a point before the decimals)"))
        }
    }
}

fn into_date(value: &Value) -> Result<Value, ConvertError> {
    match value {
        Value::Date(_) => Ok(value.clone()),
        Value::DateTime(moment) => Ok(Value::Date(moment.to_zoned(TimeZone::UTC).date())),
        other => Date::from_str(other.display().trim())
            .map(Value::Date)
            .map_err(|_| wrong("date in the form 2026-11-20")),
    }
}

fn into_datetime(value: &Value) -> Result<Value, ConvertError> {
    let wanted = "date and time in the form 2026-11-20T10:00:00Z";
    match value {
        Value::DateTime(_) => Ok(value.clone()),
        Value::Date(date) => {
            let midnight = date.to_zoned(TimeZone::UTC).map_err(|_| wrong(wanted))?;
            Ok(Value::DateTime(midnight.timestamp()))
        }
        other => Timestamp::from_str(other.display().trim())
            .map(Value::DateTime)
            .map_err(|_| wrong(wanted)),
    }
}

fn into_time(value: &Value) -> Result<Value, ConvertError> {
    match value {
        Value::Time(_) => Ok(value.clone()),
        Value::DateTime(moment) => Ok(Value::Time(moment.to_zoned(TimeZone::UTC).time())),
        other => Time::from_str(other.display().trim().trim_end_matches('Z'))
            .map(Value::Time)
            .map_err(|_| wrong("time in the form 10:30:00")),
    }
}

/// A single choice is a list of one; text lists are taken as they are.
fn into_choices(value: &Value) -> Result<Value, ConvertError> {
    let text = value.display();
    let parts: Vec<&str> = text.split(';').map(str::trim).filter(|part| !part.is_empty()).collect();
    Ok(Value::Text(parts.join(";")))
}
