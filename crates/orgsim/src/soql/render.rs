//! Rows as the REST API shows them: `attributes`, fields, nested parents.

use serde_json::{Map, Value, json};

use crate::rows::Row;
use crate::schema::FieldType;
use crate::soql::checked::{Column, Shape};
use crate::soql::run::World;

/// Shows rows in the paths of one API version.
#[derive(Debug)]
pub(crate) struct Reader<'org> {
    pub(crate) world: &'org World<'org>,
    pub(crate) version: &'org str,
}

impl Reader<'_> {
    /// One row with the fields and parents of `shape`.
    pub(crate) fn show(&self, object: &str, row: &Row, shape: &Shape) -> Value {
        let mut shown = Map::new();
        shown.insert("attributes".to_owned(), self.attributes(object, row));
        for column in &shape.fields {
            shown.insert(column.name.clone(), field_value(row, column));
        }
        for (hop, inner) in &shape.parents {
            let id = row.get(&hop.reference).and_then(Value::as_str);
            let parent = id.and_then(|id| self.world.row(id));
            let value =
                parent.map_or(Value::Null, |(object, row)| self.show(&object.name, row, inner));
            shown.insert(hop.relationship.clone(), value);
        }
        Value::Object(shown)
    }

    fn attributes(&self, object: &str, row: &Row) -> Value {
        let id = row.get("Id").and_then(Value::as_str).unwrap_or_default();
        json!({ "type": object, "url": record_url(self.version, object, id) })
    }
}

/// The path of one record.
pub(crate) fn record_url(version: &str, object: &str, id: &str) -> String {
    format!("/services/data/v{version}/sobjects/{object}/{id}")
}

/// An address or location from its parts; null when every part is.
pub(crate) fn compound_value(row: &Row, parts: &[(String, String)]) -> Value {
    let shown: Map<String, Value> = parts
        .iter()
        .map(|(key, field)| (key.clone(), row.get(field).cloned().unwrap_or(Value::Null)))
        .collect();
    if shown.values().all(Value::is_null) { Value::Null } else { Value::Object(shown) }
}

fn field_value(row: &Row, column: &Column) -> Value {
    match (column.kind, row.get(&column.name)) {
        (FieldType::Address | FieldType::Location, _) => compound_value(row, &column.parts),
        (FieldType::Boolean, None | Some(Value::Null)) => Value::Bool(false),
        (_, value) => value.cloned().unwrap_or(Value::Null),
    }
}
