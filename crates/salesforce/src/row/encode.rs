//! A row to write: its values as JSON text, with `attributes` and id where a collection needs them.

use isthmus_model::ids::RecordId;
use isthmus_model::schema::FieldName;
use isthmus_model::value::Value;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::error::Error;
use crate::row::value::json_text;
use crate::soql::Name;

/// Fields that name the record itself and so never stand among the values.
const RESERVED: [&str; 2] = ["Id", "attributes"];

/// The fields of one row, encoded.
pub(crate) struct EncodedFields<'a> {
    object: Option<&'a str>,
    id: Option<RecordId>,
    fields: Vec<(&'a str, Box<RawValue>)>,
}

impl<'a> EncodedFields<'a> {
    /// Encodes the values; names are checked, since they become JSON keys of a write.
    pub(crate) fn new(values: &'a [(FieldName, Value)]) -> Result<Self, Error> {
        Self::without(values, "")
    }

    /// Encodes the values but one: the key of an upsert by address must not stand in its body.
    pub(crate) fn without(values: &'a [(FieldName, Value)], left_out: &str) -> Result<Self, Error> {
        let mut fields: Vec<(&str, Box<RawValue>)> = Vec::with_capacity(values.len());
        for (name, value) in values {
            if name.eq_ignore_ascii_case(left_out) {
                continue;
            }
            Name::parse(name)?;
            if RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name)) {
                return Err(Error::invalid(
                    "record",
                    format!("{name} is given apart from the values"),
                ));
            }
            if fields.iter().any(|(present, _)| present.eq_ignore_ascii_case(name)) {
                return Err(Error::invalid("record", format!("{name} comes twice in one row")));
            }
            let text = RawValue::from_string(json_text(value)?);
            fields.push((name, text.map_err(|cause| Error::invalid("record", cause))?));
        }
        Ok(Self { object: None, id: None, fields })
    }

    /// Adds a field whose value is a text that is no record value (a file's content).
    pub(crate) fn with_text(mut self, name: &'a str, text: &str) -> Result<Self, Error> {
        if self.fields.iter().any(|(present, _)| present.eq_ignore_ascii_case(name)) {
            return Err(Error::invalid("record", format!("{name} comes twice in one row")));
        }
        let json = serde_json::value::to_raw_value(text);
        self.fields.push((name, json.map_err(|cause| Error::invalid("record", cause))?));
        Ok(self)
    }

    /// The fields themselves, for bodies of another form.
    pub(crate) fn into_fields(self) -> Vec<(&'a str, Box<RawValue>)> {
        self.fields
    }

    pub(crate) fn of_type(mut self, object: &'a str) -> Self {
        self.object = Some(object);
        self
    }

    pub(crate) fn with_id(mut self, id: RecordId) -> Self {
        self.id = Some(id);
        self
    }
}

#[derive(serde::Serialize)]
struct Attributes<'a> {
    #[serde(rename = "type")]
    object: &'a str,
}

impl Serialize for EncodedFields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(object) = self.object {
            map.serialize_entry("attributes", &Attributes { object })?;
        }
        if let Some(id) = self.id {
            map.serialize_entry("id", &id)?;
        }
        for (name, value) in &self.fields {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// An external id value as one segment of an address, everything but letters, digits, `-` and `_` encoded.
///
/// # Errors
/// [`Error::Invalid`] for a value that no address can carry: blank, or only dots (`..` would climb to another resource).
pub(crate) fn path_segment(value: &str) -> Result<String, Error> {
    if value.trim().is_empty() || value.chars().all(|character| character == '.') {
        let reason = format!("the key {value:?} cannot stand in an address; use a collection call");
        return Err(Error::invalid("record", reason));
    }
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    Ok(encoded)
}
