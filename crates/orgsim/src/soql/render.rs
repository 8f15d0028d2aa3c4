//! Rows as the REST API shows them: `attributes`, fields, nested parents and lists of children.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::rows::{Row, RowId};
use crate::schema::FieldType;
use crate::soql::checked::{CheckedQuery, Children, Columns, Entry, Hop, Path, Shape};
use crate::soql::run::Deleted;
use crate::soql::world::World;

/// Shows rows in the paths of one API version.
#[derive(Debug)]
pub(crate) struct Reader<'org> {
    pub(crate) world: &'org World<'org>,
    pub(crate) version: &'org str,
}

/// Keeps the further pages of long lists of children.
pub(crate) trait ChildPages {
    /// Whether deleted children are listed.
    fn deleted(&self) -> Deleted;

    /// Rows in one page of children.
    fn page_size(&self) -> usize;

    /// Keeps the whole list, and names its second page.
    fn keep(&self, query: &Arc<CheckedQuery>, ids: Vec<RowId>) -> String;
}

impl Reader<'_> {
    /// One row with the fields and parents of `shape`, which names no children.
    pub(crate) fn show(&self, object: &str, row: &Row, shape: &Shape) -> Value {
        self.show_with(object, row, shape, None)
    }

    /// One row with fields, parents and children.
    pub(crate) fn show_with(
        &self,
        object: &str,
        row: &Row,
        shape: &Shape,
        pages: Option<&dyn ChildPages>,
    ) -> Value {
        let mut shown = Map::new();
        shown.insert("attributes".to_owned(), self.attributes(object, row));
        for entry in &shape.entries {
            let value = match entry {
                Entry::Value { path, .. } => self.value(row, path),
                Entry::Parent { hop, shape } => self.parent(row, hop, |_| shape),
                Entry::TypeOf { hop, cases, otherwise } => self.parent(row, hop, |object| {
                    let case = cases.iter().find(|(own, _)| own == object);
                    case.map_or(otherwise, |(_, shape)| shape)
                }),
                Entry::Children(children) => {
                    pages.map_or(Value::Null, |pages| self.children(row, children, pages))
                }
            };
            shown.insert(entry.key().clone(), value);
        }
        Value::Object(shown)
    }

    fn value(&self, row: &Row, path: &Path) -> Value {
        match path.column.kind {
            FieldType::Address | FieldType::Location => compound_value(row, &path.column.parts),
            kind => match self.world.value(row, path) {
                Some(value) => value.into_owned(),
                None if kind == FieldType::Boolean => Value::Bool(false),
                None => Value::Null,
            },
        }
    }

    fn parent<'shape>(&self, row: &Row, hop: &Hop, shape: impl Fn(&str) -> &'shape Shape) -> Value {
        let id = row.get(&hop.reference).and_then(Value::as_str);
        let parent = id.and_then(|id| self.world.row(id));
        parent
            .map_or(Value::Null, |(object, row)| self.show(&object.name, row, shape(&object.name)))
    }

    /// A nested result, or null when there are no children.
    fn children(&self, row: &Row, children: &Children, pages: &dyn ChildPages) -> Value {
        let query = &children.query;
        let (Some(id), Some(table), Columns::Rows(shape, _)) = (
            row.get("Id").and_then(Value::as_str),
            self.world.tables.get(&query.object),
            &query.columns,
        ) else {
            return Value::Null;
        };
        let ids = query.run_below(children, id, self.world, pages.deleted());
        if ids.is_empty() {
            return Value::Null;
        }
        let (total, size) = (ids.len(), pages.page_size());
        let stored = ids.iter().take(size).filter_map(|id| table.stored(id));
        let records: Vec<Value> =
            stored.map(|stored| self.show(&query.object, &stored.row, shape)).collect();
        let mut list = Map::new();
        list.insert("totalSize".to_owned(), json!(total));
        list.insert("done".to_owned(), Value::Bool(total <= size));
        list.insert("records".to_owned(), Value::Array(records));
        if total > size {
            let url = pages.keep(query, ids);
            list.insert("nextRecordsUrl".to_owned(), Value::String(url));
        }
        Value::Object(list)
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
