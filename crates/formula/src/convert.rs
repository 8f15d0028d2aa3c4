//! Converting a value of one field into a value of another, possibly of another type.
//!
//! [`rule`] answers for a pair of types before any value is seen (the map shows it); [`convert`] answers for one value.

mod matrix;
mod parse;

#[cfg(test)]
mod tests;

use isthmus_model::schema::{FieldSchema, FieldType};
use isthmus_model::value::Value;

pub use matrix::{Conversion, rule};

/// Why one value cannot become a value of the target field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConvertError {
    /// The pair of types is never converted.
    #[error("a {from} field cannot be written to a {to} field: {why}")]
    Types {
        /// The source type.
        from: FieldType,
        /// The target type.
        to: FieldType,
        /// What speaks against it.
        why: &'static str,
    },
    /// The types convert, this value does not.
    #[error("this value is no {wanted}")]
    Value {
        /// What the target needs, in words.
        wanted: &'static str,
    },
}

/// Converts one value. Null stays null, except that a checkbox is never null.
///
/// Lookups are not converted here: an id means nothing in another org, links translate it.
///
/// # Errors
/// [`ConvertError::Types`] when the pair of types is never converted, [`ConvertError::Value`] when this value does
/// not fit. Length, scale and picklist values are checked by the planner, which names the field and the remedy.
pub fn convert(value: &Value, from: &FieldSchema, to: &FieldSchema) -> Result<Value, ConvertError> {
    if let Conversion::Impossible(why) = rule(&from.kind, &to.kind) {
        return Err(ConvertError::Types { from: from.kind.clone(), to: to.kind.clone(), why });
    }
    if value.is_blank() {
        return Ok(if to.kind == FieldType::Boolean { Value::Boolean(false) } else { Value::Null });
    }
    parse::into_kind(value, &to.kind)
}
