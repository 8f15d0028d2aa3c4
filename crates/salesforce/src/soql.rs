//! Queries built from checked names and encoded literals: no text of a record or a file ever becomes SOQL by itself.
//!
//! Source: SOQL and SOSL Reference, "SELECT", "Quoted String Escape Sequences", "Date Formats".

use std::fmt;

use isthmus_model::ids::RecordId;
use isthmus_model::value::Value;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::error::Error;

/// The longest API name, namespace and suffix included, is far below this.
const MAX_NAME: usize = 120;
/// Steps of a parent path.
const MAX_STEPS: usize = 6;

/// An API name (`Account`, `ERP_Key__c`) or a dotted path of them (`Account.ERP_Key__c`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// Reads one name: a letter, then letters, digits and underscores.
    ///
    /// # Errors
    /// [`Error::Invalid`] for everything else.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if is_name(text) { Ok(Self(text.to_owned())) } else { Err(no_name(text)) }
    }

    /// Reads a name or a dotted path.
    ///
    /// # Errors
    /// As [`Name::parse`]; also for more than six steps.
    pub fn parse_path(text: &str) -> Result<Self, Error> {
        let fits = text.split('.').count() <= MAX_STEPS && text.split('.').all(is_name);
        if fits { Ok(Self(text.to_owned())) } else { Err(no_name(text)) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_name(text: &str) -> bool {
    text.len() <= MAX_NAME
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn no_name(text: &str) -> Error {
    let shown: String = text.chars().take(MAX_NAME).collect();
    Error::invalid(
        "query",
        format!("{shown:?} is no API name; take names from the object's describe"),
    )
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A value in a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// `null`.
    Null,
    /// A quoted text.
    Text(String),
    /// A text after LIKE, its own `%` and `_` taken as they are; then anything may follow (`prefix%`).
    StartsWith(String),
    /// A text after LIKE, its own `%` and `_` taken as they are; anything may stand before and after (`%part%`).
    Contains(String),
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(Decimal),
    /// A day.
    Date(Date),
    /// A moment, in whole seconds as SOQL compares them.
    DateTime(Timestamp),
    /// A record id, quoted.
    Id(RecordId),
}

impl Literal {
    /// The literal of a value; `None` for what cannot stand in a condition (compound values, times).
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(Self::Null),
            Value::Text(text) => Some(Self::Text(text.clone())),
            Value::Boolean(flag) => Some(Self::Boolean(*flag)),
            Value::Number(number) => Some(Self::Number(*number)),
            Value::Date(date) => Some(Self::Date(*date)),
            Value::DateTime(moment) => Some(Self::DateTime(*moment)),
            Value::Id(id) => Some(Self::Id(*id)),
            Value::Time(_) | Value::Raw(_) => None,
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("null"),
            Self::Text(text) => write!(formatter, "'{}'", escaped(text, Marks::Plain)),
            Self::StartsWith(text) => write!(formatter, "'{}%'", escaped(text, Marks::Escaped)),
            Self::Contains(text) => write!(formatter, "'%{}%'", escaped(text, Marks::Escaped)),
            Self::Boolean(flag) => write!(formatter, "{flag}"),
            Self::Number(number) => write!(formatter, "{}", number.normalize()),
            Self::Date(date) => write!(formatter, "{date}"),
            Self::DateTime(moment) => {
                write!(formatter, "{}", moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
            }
            Self::Id(id) => write!(formatter, "'{id}'"),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Marks {
    Plain,
    Escaped,
}

/// Quotes, backslashes and control characters in the escapes SOQL knows; all else as it is.
fn escaped(text: &str, marks: Marks) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\'' => out.push_str("\\'"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '%' | '_' if marks == Marks::Escaped => {
                out.push('\\');
                out.push(character);
            }
            // Format and line separators could end a line or a quote for a parser that normalises them.
            '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                out.push_str(&format!("\\u{:04X}", u32::from(character)));
            }
            _ if character.is_control() => {
                out.push_str(&format!("\\u{:04X}", u32::from(character)));
            }
            _ => out.push(character),
        }
    }
    out
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `LIKE`
    Like,
}

impl Comparison {
    fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::Like => "LIKE",
        }
    }
}

/// A condition of WHERE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// A field against one value.
    Compare(Name, Comparison, Literal),
    /// A field against several values; with none of them no row fits.
    In(Name, Vec<Literal>),
    /// All of these; with none, every row.
    All(Vec<Self>),
    /// Any of these; with none, no row.
    Any(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
}

impl Condition {
    /// A field against one value.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a malformed name.
    pub fn compare(field: &str, comparison: Comparison, literal: Literal) -> Result<Self, Error> {
        Ok(Self::Compare(Name::parse_path(field)?, comparison, literal))
    }

    /// A field against several values.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a malformed name.
    pub fn within(field: &str, literals: Vec<Literal>) -> Result<Self, Error> {
        Ok(Self::In(Name::parse_path(field)?, literals))
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compare(field, comparison, literal) => {
                write!(formatter, "{field} {} {literal}", comparison.as_str())
            }
            // SOQL has no empty list; every row has an id, so this fits none.
            Self::In(_, literals) if literals.is_empty() => formatter.write_str("Id = null"),
            Self::In(field, literals) => {
                write!(formatter, "{field} IN (")?;
                for (index, literal) in literals.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(formatter, "{comma}{literal}")?;
                }
                formatter.write_str(")")
            }
            Self::All(parts) => joined(formatter, parts, " AND ", "Id != null"),
            Self::Any(parts) => joined(formatter, parts, " OR ", "Id = null"),
            Self::Not(part) => write!(formatter, "(NOT {part})"),
        }
    }
}

fn joined(
    formatter: &mut fmt::Formatter<'_>,
    parts: &[Condition],
    word: &str,
    empty: &str,
) -> fmt::Result {
    if parts.is_empty() {
        return formatter.write_str(empty);
    }
    formatter.write_str("(")?;
    for (index, part) in parts.iter().enumerate() {
        let word = if index == 0 { "" } else { word };
        write!(formatter, "{word}{part}")?;
    }
    formatter.write_str(")")
}

/// Which way rows are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// A query; [`fmt::Display`] writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Select {
    object: Name,
    fields: Vec<Name>,
    condition: Option<Condition>,
    order: Vec<(Name, Direction)>,
    limit: Option<u32>,
}

impl Select {
    /// `SELECT fields FROM object`; without fields `SELECT COUNT()`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a malformed name.
    pub fn new<N: AsRef<str>>(object: &str, fields: &[N]) -> Result<Self, Error> {
        let fields = fields.iter().map(|field| Name::parse_path(field.as_ref()));
        Ok(Self {
            object: Name::parse(object)?,
            fields: fields.collect::<Result<_, _>>()?,
            condition: None,
            order: Vec::new(),
            limit: None,
        })
    }

    /// Adds a condition; several must all hold.
    #[must_use]
    pub fn filter(mut self, condition: Condition) -> Self {
        self.condition = Some(match self.condition.take() {
            None => condition,
            Some(Condition::All(mut parts)) => {
                parts.push(condition);
                Condition::All(parts)
            }
            Some(first) => Condition::All(vec![first, condition]),
        });
        self
    }

    /// Adds a field to order by.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a malformed name.
    pub fn order_by(mut self, field: &str, direction: Direction) -> Result<Self, Error> {
        self.order.push((Name::parse_path(field)?, direction));
        Ok(self)
    }

    /// At most so many rows.
    #[must_use]
    pub fn limit(mut self, rows: u32) -> Self {
        self.limit = Some(rows);
        self
    }
}

impl fmt::Display for Select {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SELECT ")?;
        if self.fields.is_empty() {
            formatter.write_str("COUNT()")?;
        }
        for (index, field) in self.fields.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(formatter, "{comma}{field}")?;
        }
        write!(formatter, " FROM {}", self.object)?;
        if let Some(condition) = &self.condition {
            write!(formatter, " WHERE {condition}")?;
        }
        for (index, (field, direction)) in self.order.iter().enumerate() {
            let word = if index == 0 { " ORDER BY " } else { "," };
            let suffix = if *direction == Direction::Descending { " DESC" } else { "" };
            write!(formatter, "{word}{field}{suffix}")?;
        }
        match self.limit {
            Some(rows) => write!(formatter, " LIMIT {rows}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
