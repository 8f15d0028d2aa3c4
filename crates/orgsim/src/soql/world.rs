//! The schema and rows that a query sees, and the values that paths find there.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::rows::{Row, RowId, Table};
use crate::schema::{Object, Schema};
use crate::soql::checked::{Path, Reading};
use crate::soql::functions;

/// The schema and rows that a query sees.
#[derive(Debug)]
pub(crate) struct World<'org> {
    pub(crate) tables: &'org BTreeMap<String, Table>,
    by_prefix: BTreeMap<&'org str, (&'org Object, &'org Table)>,
}

impl<'org> World<'org> {
    pub(crate) fn new(schema: &'org Schema, tables: &'org BTreeMap<String, Table>) -> Self {
        let objects = schema.objects.iter();
        let by_prefix = objects
            .filter_map(|object| {
                let table = tables.get(&object.name)?;
                Some((object.key_prefix.as_str(), (object, table)))
            })
            .collect();
        Self { tables, by_prefix }
    }

    /// The object and row behind an id, also when it was deleted.
    pub(crate) fn row(&self, id: &str) -> Option<(&'org Object, &'org Row)> {
        let (object, table) = self.by_prefix.get(id.get(..3)?)?;
        Some((object, &table.stored(id)?.row))
    }

    /// A field of the row or of a parent; `None` for null.
    pub(crate) fn value<'row>(&self, row: &'row Row, path: &Path) -> Option<Cow<'row, Value>>
    where
        'org: 'row,
    {
        let mut row = row;
        let mut object = None;
        for hop in &path.hops {
            let (parent, parent_row) = self.row(row.get(&hop.reference)?.as_str()?)?;
            (row, object) = (parent_row, Some(parent));
        }
        if path.reading == Reading::ObjectName {
            let id = row.get("Id").and_then(Value::as_str)?;
            let object = object.or_else(|| Some(self.by_prefix.get(id.get(..3)?)?.0))?;
            return Some(Cow::Owned(Value::String(object.name.clone())));
        }
        let value = row.get(&path.column.name).filter(|value| !value.is_null())?;
        if path.reading == Reading::Stored {
            return Some(Cow::Borrowed(value));
        }
        functions::read(&path.reading, &path.column, value).map(Cow::Owned)
    }

    /// Ids of the rows of an object that hold `id` in a reference.
    pub(crate) fn children(&self, object: &str, reference: &str, id: &str) -> Vec<RowId> {
        let table = self.tables.get(object);
        let key = Value::String(id.to_owned());
        table.map(|table| table.find_all(reference, &key)).unwrap_or_default()
    }
}
