//! Records as JSON to typed values and back (wire reference 9; REST API Developer Guide, "Primitive Data Types").

mod encode;
mod read;
mod value;

use std::sync::Arc;

use isthmus_model::ids::RecordId;
use isthmus_model::schema::{FieldName, FieldType, ObjectSchema};
use isthmus_model::value::Value;
use serde_json::value::RawValue;

use crate::error::Error;
use crate::soql::Name;

pub(crate) use crate::row::encode::{EncodedFields, path_segment};
pub use crate::row::value::json_text;
pub(crate) use crate::row::value::{csv_value, timestamp_of};

/// Which fields a record is read into, in which order, each with its type.
///
/// Parent fields are dotted (`Account.ERP_Key__c`); a null parent makes them null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowShape {
    fields: Arc<[FieldName]>,
    /// `None`: taken as it comes, since no describe tells the type.
    kinds: Vec<Option<FieldType>>,
    /// Where `Id` stands among the fields.
    id: Option<usize>,
}

/// One typed record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    shape: RowId,
    /// The values, in the order of [`RowShape::fields`].
    pub values: Vec<Value>,
}

/// Where a row's id stands.
type RowId = Option<usize>;

/// One record whose fields are not known beforehand: columns in the order they came, parents flattened to dotted names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LooseRow {
    /// Names and values. Texts stay texts: without a describe a date cannot be told from one.
    pub columns: Vec<(String, Value)>,
}

impl RowShape {
    /// A shape of fields of one object. Fields the describe does not know keep the type they come with; a name that is
    /// no (dotted) name is refused.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a malformed name or one that comes twice.
    pub fn new(fields: &[FieldName], schema: &ObjectSchema) -> Result<Self, Error> {
        let kind = |name: &FieldName| schema.field(name).map(|field| field.kind.clone());
        Self::with_kinds(fields, fields.iter().map(kind).collect())
    }

    /// A shape whose types are given, for parent fields whose objects were described too.
    ///
    /// # Errors
    /// As [`RowShape::new`]; also when the counts differ.
    pub fn with_kinds(fields: &[FieldName], kinds: Vec<Option<FieldType>>) -> Result<Self, Error> {
        if fields.len() != kinds.len() {
            return Err(Error::invalid("row shape", "as many types as fields are needed"));
        }
        let mut seen = std::collections::BTreeSet::new();
        for name in fields {
            Name::parse_path(name)?;
            if !seen.insert(name.to_ascii_lowercase()) {
                return Err(Error::invalid("row shape", format!("{name} comes twice")));
            }
        }
        let id = fields.iter().position(|name| name.eq_ignore_ascii_case("Id"));
        Ok(Self { fields: fields.into(), kinds, id })
    }

    /// The fields, in order.
    #[must_use]
    pub fn fields(&self) -> &[FieldName] {
        &self.fields
    }

    /// The fields, shared.
    #[must_use]
    pub fn shared_fields(&self) -> Arc<[FieldName]> {
        Arc::clone(&self.fields)
    }

    /// The position of a field.
    #[must_use]
    pub fn position(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|name| name.eq_ignore_ascii_case(field))
    }

    /// Reads one record.
    ///
    /// # Errors
    /// [`Error::Decode`] when the record lacks a field or a value is not of its type. A field that is left out is never
    /// taken for null: that would blank the other side.
    pub fn read(&self, json: &RawValue) -> Result<Row, Error> {
        let values = read::typed(self, json)?;
        Ok(Row { shape: self.id, values })
    }
}

impl Row {
    /// The record's own id, where the shape has `Id`.
    #[must_use]
    pub fn id(&self) -> Option<RecordId> {
        match self.values.get(self.shape?)? {
            Value::Id(id) => Some(*id),
            _ => None,
        }
    }
}

impl LooseRow {
    /// Reads one record.
    ///
    /// # Errors
    /// [`Error::Decode`] when it is no JSON object.
    pub fn read(json: &RawValue) -> Result<Self, Error> {
        Ok(Self { columns: read::loose(json)? })
    }
}

#[cfg(test)]
mod tests;
