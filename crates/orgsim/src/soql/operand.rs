//! A literal turned into something that values of one field type are compared with.

use std::cmp::Ordering;

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;

use crate::schema::FieldType;
use crate::soql::ast::{Literal, LiteralKind};
use crate::soql::checked::Column;
use crate::soql::dates::{self, Days};
use crate::soql::error::SoqlError;
use crate::soql::literal::unescape;

/// The right side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    Null,
    Boolean(bool),
    Number(f64),
    /// Text, in lower case when the field is compared without case.
    Text(String),
    /// The first 15 characters of an id.
    Id(String),
    /// Dates and datetimes as REST texts, which sort like time: from `start` (included) to `end` (not included); one
    /// moment when `end` is `None`.
    Time {
        start: String,
        end: Option<String>,
    },
}

/// Datetimes as the REST API writes them: UTC, milliseconds, no colon in the offset.
pub(crate) fn datetime_text(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S.%3f+0000").to_string()
}

impl Operand {
    /// Fits a literal to a field.
    ///
    /// # Errors
    /// `INVALID_FIELD` when the literal's type does not fit, `INVALID_QUERY_FILTER_OPERATOR` for a text that is no id.
    pub(crate) fn new(
        source: &str,
        column: &Column,
        literal: &Literal,
        now: Timestamp,
    ) -> Result<Self, SoqlError> {
        let operand = match (&literal.kind, family(column.kind)) {
            (LiteralKind::Null, _) => Some(Self::Null),
            (LiteralKind::Boolean(value), Family::Boolean) => Some(Self::Boolean(*value)),
            // Amounts stand in the org's one currency, so the code of a literal changes nothing.
            (LiteralKind::Number(value) | LiteralKind::Currency(_, value), Family::Number) => {
                Some(Self::Number(*value))
            }
            (LiteralKind::Time(time), Family::Time) => {
                Some(Self::Time { start: time.strftime("%H:%M:%S.%3fZ").to_string(), end: None })
            }
            (LiteralKind::Text(raw), Family::Text) => {
                let text = unescape(raw).unwrap_or_default();
                Some(text_operand(column, &text))
            }
            (LiteralKind::Text(raw), Family::Id) => {
                Some(id_operand(source, literal, &unescape(raw).unwrap_or_default())?)
            }
            (LiteralKind::Date(day), Family::Date) => Some(Self::day(*day)),
            (LiteralKind::DateTime(moment), Family::DateTime) => {
                Some(Self::Time { start: datetime_text(*moment), end: None })
            }
            (LiteralKind::Relative(word, count), Family::Date | Family::DateTime) => {
                dates::days(word, *count, now).map(|days| Self::days(days, column.kind))
            }
            _ => None,
        };
        operand.ok_or_else(|| wrong_type(source, column, literal))
    }

    /// How a value stands to this operand; `None` when one of the two is null.
    pub(crate) fn order(&self, value: Option<&Value>) -> Option<Ordering> {
        if let Self::Boolean(own) = self {
            // A checkbox is never null.
            return Some(value.and_then(Value::as_bool).unwrap_or_default().cmp(own));
        }
        match (self, value?) {
            (Self::Number(own), Value::Number(value)) => value.as_f64()?.partial_cmp(own),
            (Self::Text(own), Value::String(value)) => Some(value.as_str().cmp(own.as_str())),
            (Self::Id(own), Value::String(value)) => {
                Some(value.get(..15).unwrap_or(value).cmp(own.as_str()))
            }
            (Self::Time { start, end }, Value::String(value)) => Some(match end {
                _ if value < start => Ordering::Less,
                Some(end) if value >= end => Ordering::Greater,
                None if value > start => Ordering::Greater,
                _ => Ordering::Equal,
            }),
            _ => None,
        }
    }

    fn day(day: Date) -> Self {
        Self::Time { start: day.to_string(), end: None }
    }

    fn days(days: Days, kind: FieldType) -> Self {
        let text = |day: Date| match kind {
            FieldType::Date => day.to_string(),
            _ => day
                .to_zoned(TimeZone::UTC)
                .map_or_else(|_| day.to_string(), |midnight| datetime_text(midnight.timestamp())),
        };
        Self::Time { start: text(days.start), end: Some(text(days.end)) }
    }
}

/// Field types that take the same literals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Id,
    Text,
    Boolean,
    Number,
    Date,
    DateTime,
    Time,
    Compound,
}

/// The family of a field type.
pub(crate) fn family(kind: FieldType) -> Family {
    match kind {
        FieldType::Id | FieldType::Reference => Family::Id,
        FieldType::Boolean => Family::Boolean,
        FieldType::Int
        | FieldType::Long
        | FieldType::Double
        | FieldType::Currency
        | FieldType::Percent => Family::Number,
        FieldType::Date => Family::Date,
        FieldType::DateTime => Family::DateTime,
        FieldType::Time => Family::Time,
        FieldType::Address | FieldType::Location | FieldType::Base64 => Family::Compound,
        FieldType::String
        | FieldType::TextArea
        | FieldType::Picklist
        | FieldType::MultiPicklist
        | FieldType::Combobox
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Url
        | FieldType::EncryptedString => Family::Text,
    }
}

/// A field type's name in messages; also describe's spelling.
pub(crate) fn type_name(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Id => "id",
        FieldType::String => "string",
        FieldType::TextArea => "textarea",
        FieldType::Boolean => "boolean",
        FieldType::Int => "int",
        FieldType::Long => "long",
        FieldType::Double => "double",
        FieldType::Currency => "currency",
        FieldType::Percent => "percent",
        FieldType::Date => "date",
        FieldType::DateTime => "dateTime",
        FieldType::Time => "time",
        FieldType::Reference => "reference",
        FieldType::Picklist => "picklist",
        FieldType::MultiPicklist => "multipicklist",
        FieldType::Combobox => "combobox",
        FieldType::Email => "email",
        FieldType::Phone => "phone",
        FieldType::Url => "url",
        FieldType::Address => "address",
        FieldType::Location => "location",
        FieldType::Base64 => "base64",
        FieldType::EncryptedString => "encryptedstring",
    }
}

fn text_operand(column: &Column, text: &str) -> Operand {
    // There is no empty text in the service: it is stored as null.
    match (text.is_empty(), column.exact) {
        (true, _) => Operand::Null,
        (false, true) => Operand::Text(text.to_owned()),
        (false, false) => Operand::Text(text.to_lowercase()),
    }
}

fn id_operand(source: &str, literal: &Literal, text: &str) -> Result<Operand, SoqlError> {
    if text.is_empty() {
        return Ok(Operand::Null);
    }
    let id = crate::ids::to_18(text).ok_or_else(|| {
        let message = format!("invalid ID field: {text}");
        SoqlError::at("INVALID_QUERY_FILTER_OPERATOR", source, literal.at, &message)
    })?;
    Ok(Operand::Id(id[..15].to_owned()))
}

fn wrong_type(source: &str, column: &Column, literal: &Literal) -> SoqlError {
    let quoting = match family(column.kind) {
        Family::Text | Family::Id => "should be enclosed in quotes",
        _ => "should not be enclosed in quotes",
    };
    let text = format!(
        "value of filter criterion for field '{}' must be of type {} and {quoting}",
        column.name,
        type_name(column.kind)
    );
    SoqlError::at("INVALID_FIELD", source, literal.at, &text)
}
