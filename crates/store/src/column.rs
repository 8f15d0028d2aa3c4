//! How the model's words become columns: times as microseconds, ids as text, structures as JSON text.

use isthmus_model::canonical::Fingerprint;
use isthmus_model::ids::{OrgId, RecordId};
use isthmus_model::mapping::MappingName;
use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// A moment as whole microseconds since 1970: finer than any org's stamps and exact in an SQLite integer.
pub(crate) struct Moment(pub(crate) Timestamp);

impl ToSql for Moment {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.as_microsecond().into())
    }
}

impl FromSql for Moment {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let micros = value.as_i64()?;
        Timestamp::from_microsecond(micros).map(Self).map_err(|_| FromSqlError::OutOfRange(micros))
    }
}

/// Text that is parsed by its own rules.
pub(crate) struct Parsed<T>(pub(crate) T);

impl<T: ParsedColumn> FromSql for Parsed<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        T::parse_column(value.as_str()?).map(Self).ok_or(FromSqlError::InvalidType)
    }
}

/// Model types that are stored as text.
pub(crate) trait ParsedColumn: Sized {
    /// Reads the stored text; `None` where it is damaged.
    fn parse_column(text: &str) -> Option<Self>;
}

impl ParsedColumn for RecordId {
    fn parse_column(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}

impl ParsedColumn for OrgId {
    fn parse_column(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}

impl ParsedColumn for MappingName {
    fn parse_column(text: &str) -> Option<Self> {
        Some(Self::new(text))
    }
}

/// A structure as JSON text, owned or borrowed.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        serde_json::to_string(&self.0)
            .map(ToSqlOutput::from)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        // serde_json's text may quote the value, so only the place is kept.
        serde_json::from_str(value.as_str()?).map(Self).map_err(|error| {
            FromSqlError::Other(format!("JSON of another shape at {}", error.column()).into())
        })
    }
}

impl FromSql for Parsed<Fingerprint> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        <[u8; 16]>::column_result(value).map(|bytes| Self(Fingerprint(bytes)))
    }
}

/// A choice stored by the word that its JSON form has, so that screens, files and columns agree.
macro_rules! word_column {
    ($name:ty { $($variant:ident => $word:literal,)* }) => {
        impl $name {
            /// The word stored and shown.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl crate::column::ParsedColumn for $name {
            fn parse_column(text: &str) -> Option<Self> {
                match text { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}
pub(crate) use word_column;

/// An unsigned count as SQLite's signed integer.
pub(crate) fn signed(count: u64, what: &'static str) -> Result<i64> {
    i64::try_from(count).map_err(|_| Error::TooLarge(what))
}

/// A word of the model that has no column trait of its own, read through its JSON form.
pub(crate) fn word_of<T: DeserializeOwned>(text: &str) -> rusqlite::Result<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned()))
        .map_err(|_| FromSqlError::InvalidType.into())
}
