//! Walking a record's JSON: `attributes` left out, parents flattened, numbers kept as their text.

use std::borrow::Cow;
use std::fmt;

use isthmus_model::value::Value;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::Error;
use crate::row::RowShape;
use crate::row::value::{loose_value, typed_value};

/// Parent paths have up to five steps in SOQL.
const MAX_PARENT_STEPS: usize = 5;

/// An object's keys in the order they came, each with its value's text.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a record")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::with_capacity(map.size_hint().unwrap_or(16));
                while let Some(entry) = map.next_entry::<Key<'de>, &'de RawValue>()? {
                    members.push((entry.0.0, entry.1));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

pub(super) fn typed(shape: &RowShape, json: &RawValue) -> Result<Vec<Value>, Error> {
    let mut reading = Reading { shape, values: vec![None; shape.fields.len()], expected: 0 };
    reading.object("", json, 0)?;
    let names = shape.fields.iter();
    let complete = reading.values.into_iter().zip(names).map(|(value, name)| {
        value.ok_or_else(|| Error::decode("record", format!("the field {name} is missing")))
    });
    complete.collect()
}

struct Reading<'a> {
    shape: &'a RowShape,
    values: Vec<Option<Value>>,
    /// Fields mostly come in the order they were asked for: looked at before all others.
    expected: usize,
}

impl Reading<'_> {
    fn object(&mut self, prefix: &str, json: &RawValue, depth: usize) -> Result<(), Error> {
        for (key, member) in members(json)?.0 {
            if key == "attributes" {
                continue;
            }
            let name: Cow<'_, str> =
                if prefix.is_empty() { key } else { Cow::Owned(format!("{prefix}.{key}")) };
            if let Some(index) = self.find(&name) {
                let kind = self.shape.kinds[index].as_ref();
                self.values[index] = Some(typed_value(&name, member.get(), kind)?);
            } else if self.is_parent(&name) {
                self.parent(&name, member, depth)?;
            }
        }
        Ok(())
    }

    fn parent(&mut self, name: &str, member: &RawValue, depth: usize) -> Result<(), Error> {
        if member.get() == "null" {
            for (index, field) in self.shape.fields.iter().enumerate() {
                if is_below(field, name) {
                    self.values[index] = Some(Value::Null);
                }
            }
            return Ok(());
        }
        if depth >= MAX_PARENT_STEPS {
            return Err(Error::decode("record", "parents nested deeper than SOQL allows"));
        }
        self.object(name, member, depth + 1)
    }

    fn find(&mut self, name: &str) -> Option<usize> {
        let fields = &self.shape.fields;
        let here = fields.get(self.expected).is_some_and(|field| field.eq_ignore_ascii_case(name));
        let index = if here { self.expected } else { self.shape.position(name)? };
        self.expected = index + 1;
        Some(index)
    }

    fn is_parent(&self, name: &str) -> bool {
        self.shape.fields.iter().any(|field| is_below(field, name))
    }
}

/// True when `field` is a path that goes through `parent`.
fn is_below(field: &str, parent: &str) -> bool {
    field.len() > parent.len()
        && field.as_bytes()[parent.len()] == b'.'
        && field.get(..parent.len()).is_some_and(|front| front.eq_ignore_ascii_case(parent))
}

pub(super) fn loose(json: &RawValue) -> Result<Vec<(String, Value)>, Error> {
    let mut columns = Vec::new();
    flatten("", json, 0, &mut columns)?;
    Ok(columns)
}

fn flatten(
    prefix: &str,
    json: &RawValue,
    depth: usize,
    columns: &mut Vec<(String, Value)>,
) -> Result<(), Error> {
    for (key, member) in members(json)?.0 {
        if key == "attributes" {
            continue;
        }
        let name = if prefix.is_empty() { key.into_owned() } else { format!("{prefix}.{key}") };
        if depth < MAX_PARENT_STEPS && is_parent_record(member) {
            flatten(&name, member, depth + 1, columns)?;
        } else {
            columns.push((name, loose_value(member.get())?));
        }
    }
    Ok(())
}

/// Only a record has `attributes`; compound values and child rows stay one value.
fn is_parent_record(json: &RawValue) -> bool {
    json.get().starts_with('{')
        && members(json).is_ok_and(|inner| inner.0.iter().any(|(key, _)| key == "attributes"))
}

fn members(json: &RawValue) -> Result<Members<'_>, Error> {
    serde_json::from_str(json.get()).map_err(|_| Error::decode("record", "no JSON object"))
}
