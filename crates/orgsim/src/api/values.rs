//! JSON values of a write to the values a row keeps: types, trimming, lengths, ranges, formats (wire reference 5.2, 9).

use rust_decimal::Decimal;
use serde_json::Value;

use crate::api::error::ApiError;
use crate::api::moments::{read_date, read_datetime, read_time, stamp, time_text};
use crate::api::picklists;
use crate::schema::{Field, FieldType};
use crate::soql::{Family, family, type_name};

/// Checks the JSON type of a value; the text of strings is trimmed, and an empty one is null.
///
/// # Errors
/// `JSON_PARSER_ERROR` for a wrong JSON type or an unreadable number, boolean, date or time;
/// `INVALID_TYPE_ON_FIELD_IN_RECORD` for a boolean that is null.
pub(crate) fn read(field: &Field, value: &Value) -> Result<Value, ApiError> {
    let wrong = || ApiError::wrong_json(&type_name(field.kind).to_lowercase(), value);
    let trimmed = match value {
        Value::String(text) => Value::from(text.trim()),
        other => other.clone(),
    };
    if trimmed.is_null() || trimmed.as_str().is_some_and(str::is_empty) {
        return null(field);
    }
    match family(field.kind) {
        Family::Text | Family::Id => Some(trimmed).filter(Value::is_string).ok_or_else(wrong),
        Family::Boolean => read_boolean(&trimmed).map(Value::Bool).ok_or_else(wrong),
        Family::Number => read_number(field, &trimmed).ok_or_else(wrong),
        Family::Date => {
            let date = trimmed.as_str().and_then(read_date);
            date.map(|date| Value::String(date.to_string())).ok_or_else(wrong)
        }
        Family::DateTime => {
            let moment = trimmed.as_str().and_then(read_datetime);
            moment.map(|moment| Value::String(stamp(moment))).ok_or_else(wrong)
        }
        Family::Time => {
            let time = trimmed.as_str().and_then(read_time);
            time.map(|time| Value::String(time_text(time))).ok_or_else(wrong)
        }
        Family::Compound => Ok(trimmed),
    }
}

/// Checks a value that [`read`] accepted against the field's limits and gives the value to store.
///
/// # Errors
/// `STRING_TOO_LONG`, `NUMBER_OUTSIDE_VALID_RANGE`, `INVALID_EMAIL_ADDRESS`,
/// `INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST`.
pub(crate) fn fit(field: &Field, value: &Value) -> Result<Value, ApiError> {
    match (field.kind, value) {
        (FieldType::Picklist, Value::String(text)) => {
            check_length(field, text)?;
            picklists::one(field, text)
        }
        (FieldType::MultiPicklist, Value::String(text)) => picklists::several(field, text),
        (FieldType::Email, Value::String(text)) => fit_email(field, text),
        (FieldType::Id | FieldType::Reference, _) => Ok(value.clone()),
        (_, Value::String(text)) if family(field.kind) == Family::Text => {
            check_length(field, text)?;
            Ok(value.clone())
        }
        (_, Value::Number(number)) => {
            check_range(field, &number.to_string())?;
            Ok(value.clone())
        }
        _ => Ok(value.clone()),
    }
}

fn null(field: &Field) -> Result<Value, ApiError> {
    if field.kind == FieldType::Boolean {
        let message = format!("{}: value not of required type: ", field.label);
        return Err(ApiError::data("INVALID_TYPE_ON_FIELD_IN_RECORD", message, &[&field.name]));
    }
    Ok(Value::Null)
}

fn read_boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// Numbers may come as texts. Decimals beyond the field's scale are cut, not rounded.
fn read_number(field: &Field, value: &Value) -> Option<Value> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    if matches!(field.kind, FieldType::Int | FieldType::Long) {
        return read_integer(&text).map(Value::from);
    }
    let cut = match decimal(&text) {
        Some(number) => number.trunc_with_scale(field.scale).to_string().parse().ok()?,
        // Beyond 28 digits there is no scale left to cut; the range check refuses what is too large.
        None => text.parse::<f64>().ok().filter(|number| number.is_finite())?,
    };
    // Adding zero turns a negative zero into zero.
    Some(Value::from(cut + 0.0))
}

fn read_integer(text: &str) -> Option<i64> {
    let number = decimal(text)?;
    let whole = number.trunc();
    (whole == number).then(|| i64::try_from(whole).ok()).flatten()
}

fn decimal(text: &str) -> Option<Decimal> {
    text.parse().ok().or_else(|| Decimal::from_scientific(text).ok())
}

fn check_range(field: &Field, text: &str) -> Result<(), ApiError> {
    let whole_digits_max = match field.kind {
        FieldType::Int | FieldType::Long => field.digits.max(field.precision),
        _ => field.precision.saturating_sub(field.scale),
    };
    let number = decimal(text).map(|number| number.trunc().abs());
    let digits = number.map_or(u32::MAX, |number| {
        let text = number.normalize().to_string();
        if text == "0" { 0 } else { u32::try_from(text.len()).unwrap_or(u32::MAX) }
    });
    let fits_int = field.kind != FieldType::Int || text.parse::<i32>().is_ok();
    if fits_int && (whole_digits_max == 0 || digits <= whole_digits_max) {
        return Ok(());
    }
    let message = format!("{}: value outside of valid range on numeric field: {text}", field.label);
    Err(ApiError::data("NUMBER_OUTSIDE_VALID_RANGE", message, &[&field.name]))
}

fn check_length(field: &Field, text: &str) -> Result<(), ApiError> {
    let length_max = usize::try_from(field.length).unwrap_or(usize::MAX);
    if length_max == 0 || text.chars().count() <= length_max {
        return Ok(());
    }
    let message =
        format!("{}: data value too large: {text} (max length={length_max})", field.label);
    Err(ApiError::data("STRING_TOO_LONG", message, &[&field.name]))
}

/// The service stores addresses in lower case; recordings show it.
fn fit_email(field: &Field, text: &str) -> Result<Value, ApiError> {
    check_length(field, text)?;
    if is_email(text) {
        return Ok(Value::String(text.to_lowercase()));
    }
    let message = format!("{}: invalid email address: {text}", field.label);
    Err(ApiError::data("INVALID_EMAIL_ADDRESS", message, &[&field.name]))
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let labels: Vec<&str> = domain.split('.').collect();
    let is_label =
        |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let is_local = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    !local.is_empty()
        && local.chars().all(is_local)
        && labels.len() > 1
        && labels.iter().all(is_label)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
    use serde_json::{Value, json};

    use super::{fit, is_email, read};
    use crate::schema::{Field, FieldType, Schema, standard};

    fn field(kind: FieldType, precision: u32, scale: u32, length: u32) -> Field {
        let schema: Schema = standard::schema();
        let field = schema.object("Account").and_then(|object| object.field("Name")).unwrap();
        let label = "Value".to_owned();
        Field { kind, precision, scale, length, label, digits: 0, ..field.clone() }
    }

    #[test]
    fn decimals_are_cut_and_not_rounded() {
        let amount = field(FieldType::Currency, 18, 2, 0);
        assert_eq!(read(&amount, &json!(1.999)).unwrap(), json!(1.99));
        assert_eq!(read(&amount, &json!(-1.999)).unwrap(), json!(-1.99));
        assert_eq!(read(&amount, &json!("23")).unwrap(), json!(23.0));
        assert_eq!(read(&amount, &json!(1e3)).unwrap(), json!(1000.0));
        assert_eq!(read(&amount, &json!(-0.001)).unwrap().to_string(), "0.0");
    }

    #[test]
    fn too_many_digits_are_refused() {
        let percent = field(FieldType::Percent, 3, 0, 0);
        assert!(fit(&percent, &json!(999.0)).is_ok());
        let error = fit(&percent, &json!(1000.0)).unwrap_err();
        assert_eq!(error.code, "NUMBER_OUTSIDE_VALID_RANGE");
        assert_eq!(fit(&percent, &json!(1e300)).unwrap_err().code, "NUMBER_OUTSIDE_VALID_RANGE");
    }

    #[test]
    fn wrong_json_types_are_parser_errors() {
        for (kind, value) in [
            (FieldType::String, json!(5)),
            (FieldType::Double, json!("five")),
            (FieldType::Boolean, json!(1)),
            (FieldType::Date, json!("2026-11-20T00:00:00Z")),
            (FieldType::DateTime, json!("yesterday")),
            (FieldType::Int, json!(1.5)),
            (FieldType::Picklist, json!(["a"])),
        ] {
            let error = read(&field(kind, 18, 2, 80), &value).unwrap_err();
            assert_eq!((error.status, error.code), (400, "JSON_PARSER_ERROR"), "{kind:?}");
        }
    }

    #[test]
    fn checkboxes_are_never_null() {
        let error = read(&field(FieldType::Boolean, 0, 0, 0), &Value::Null).unwrap_err();
        assert_eq!(error.code, "INVALID_TYPE_ON_FIELD_IN_RECORD");
    }

    #[test]
    fn email_addresses_need_a_domain_with_a_dot() {
        assert!(is_email("ann.lee+1@mail.example.com"));
        for wrong in ["123", "ann@", "@example.com", "ann@example", "a b@example.com", "a@b..c"] {
            assert!(!is_email(wrong), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn text_is_trimmed_and_empty_text_is_null(text in "[ \ta-c]{0,12}") {
            let stored = read(&field(FieldType::String, 0, 0, 255), &json!(text)).unwrap();
            match text.trim() {
                "" => prop_assert!(stored.is_null()),
                trimmed => prop_assert_eq!(stored, json!(trimmed)),
            }
        }

        #[test]
        fn a_stored_number_never_changes_when_it_is_written_again(
            whole in -999_999_i64..999_999, cents in 0_u32..100_000, scale in 0_u32..5,
        ) {
            let double = field(FieldType::Double, 18, scale, 0);
            let once = read(&double, &json!(format!("{whole}.{cents:05}"))).unwrap();
            prop_assert_eq!(&read(&double, &once).unwrap(), &once);
            prop_assert_eq!(&fit(&double, &once).unwrap(), &once);
        }
    }
}
