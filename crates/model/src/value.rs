//! A field's value as Isthmus holds it, between any two orgs.
//!
//! Formats: wire reference section 9 (REST API Developer Guide, "Primitive Data Types").

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::ids::RecordId;

/// One field's value. Numbers are decimal: binary fractions would make equal amounts differ.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// No value. Salesforce stores an empty text as null, so there is no empty [`Value::Text`] in a canonical row.
    #[default]
    Null,
    /// Any text: strings, picklist values, e-mail addresses, `a;b;c` of a multi-select picklist.
    Text(String),
    /// True or false.
    Boolean(bool),
    /// Int, double, currency, percent.
    Number(Decimal),
    /// A calendar day.
    Date(Date),
    /// A moment, at most millisecond precision.
    DateTime(Timestamp),
    /// A time of day.
    Time(Time),
    /// A lookup's target or the row's own id, local to one org.
    Id(RecordId),
    /// What no other variant holds (compound addresses, numbers beyond 28 digits), kept as the org sent it.
    Raw(serde_json::Value),
}

impl Value {
    /// True for null and for text without a visible character.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// Text for people and CSV: null is empty, dates and numbers as the API writes them.
    #[must_use]
    pub fn display(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Text(text) => text.clone(),
            Self::Boolean(value) => value.to_string(),
            Self::Number(number) => number.normalize().to_string(),
            Self::Date(date) => date.to_string(),
            Self::DateTime(moment) => moment.to_string(),
            Self::Time(time) => time.to_string(),
            Self::Id(id) => id.to_string(),
            Self::Raw(json) => json.to_string(),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
