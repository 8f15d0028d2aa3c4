//! What the target is known to refuse, from its describe alone: said before anything is sent.

use isthmus_model::cause::Cause;
use isthmus_model::schema::{FieldSchema, FieldType};
use isthmus_model::value::Value;
use rust_decimal::Decimal;

use super::hold::cause;

/// Whether the field would be set by an insert or by an update.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Write {
    /// Insert.
    Create,
    /// Update.
    Update,
}

/// Checks one value against the target field. Nothing is ever shortened or rounded to make it fit.
pub(super) fn check(value: &Value, field: &FieldSchema, write: Write) -> Result<(), Cause> {
    writable(field, write)?;
    match value {
        Value::Null if !field.nillable && !field.defaulted_on_create => Err(blank(field)),
        Value::Text(text) => check_length(text, field).and_then(|()| check_choice(text, field)),
        Value::Number(number) => check_size(*number, field),
        _ => Ok(()),
    }
}

fn writable(field: &FieldSchema, write: Write) -> Result<(), Cause> {
    let allowed = if write == Write::Create { field.createable } else { field.updateable };
    if allowed {
        return Ok(());
    }
    Err(cause(
        "field_read_only",
        &[&field.name],
        format!(
            "{} may not be set in the target org once the record exists or by this user",
            field.name
        ),
        "give the connected user edit access to the field, or take the field out of the mapping",
    ))
}

fn blank(field: &FieldSchema) -> Cause {
    cause(
        "required_missing",
        &[&field.name],
        format!("{} is required in the target org and the source value is empty", field.name),
        "fill the source field, or set its null policy to keep",
    )
}

fn check_length(text: &str, field: &FieldSchema) -> Result<(), Cause> {
    // Salesforce counts UTF-16 code units, as its Apex and JavaScript do.
    let length = text.encode_utf16().count();
    if field.length == 0 || length <= field.length as usize {
        return Ok(());
    }
    Err(cause(
        "text_too_long",
        &[&field.name],
        format!("the text has {length} characters, {} takes {}", field.name, field.length),
        "shorten the source value, or lengthen the target field",
    ))
}

fn check_choice(text: &str, field: &FieldSchema) -> Result<(), Cause> {
    if !field.restricted_picklist || field.picklist_values.is_empty() {
        return Ok(());
    }
    let parts: Vec<&str> = match field.kind {
        FieldType::MultiPicklist => text.split(';').map(str::trim).collect(),
        _ => vec![text],
    };
    let known = |part: &str| {
        field
            .picklist_values
            .iter()
            .any(|own| own.active && own.value.to_lowercase() == part.to_lowercase())
    };
    match parts.into_iter().find(|part| !known(part)) {
        None => Ok(()),
        Some(unknown) => Err(cause(
            "picklist_value_unknown",
            &[&field.name],
            format!(
                "{} has no active value \"{unknown}\" and takes listed values only",
                field.name
            ),
            "add the value to the target's picklist, or change it on the source record",
        )),
    }
}

fn check_size(number: Decimal, field: &FieldSchema) -> Result<(), Cause> {
    let digits = match field.kind {
        FieldType::Int => field.digits,
        FieldType::Double | FieldType::Currency | FieldType::Percent => {
            field.precision.saturating_sub(field.scale)
        }
        _ => 0,
    };
    let integer_digits = number.trunc().abs().to_string().trim_start_matches('0').len();
    if digits == 0 || integer_digits <= digits as usize {
        return Ok(());
    }
    Err(cause(
        "number_too_large",
        &[&field.name],
        format!(
            "the number has {integer_digits} digits before the point, {} takes {digits}",
            field.name
        ),
        "correct the source value, or widen the target field",
    ))
}
