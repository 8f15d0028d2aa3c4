//! One object's rows, live and deleted, with indexes on ids, external ids, references and stamps.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use serde_json::Value;

use crate::ids;
use crate::rows::index::{Comparison, FieldIndex};
use crate::rows::{Row, RowId, text};
use crate::schema::{Field, FieldType, Object};

/// The stamp that getUpdated and incremental reads go by; indexed for ranges.
pub(crate) const SYSTEM_MODSTAMP: &str = "SystemModstamp";

/// Digits in the order in which ids count up.
const BASE_62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A row and whether it lies in the recycle bin.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Stored {
    /// The row; keys with null are left out.
    pub row: Row,
    /// When it was deleted, as a REST datetime; `None` while it lives.
    pub deleted_date: Option<String>,
}

/// The rows of one object.
#[derive(Debug, Clone)]
pub struct Table {
    prefix: String,
    instance: String,
    person_name: bool,
    next_number: u64,
    rows: BTreeMap<RowId, Stored>,
    indexes: BTreeMap<String, FieldIndex>,
    references: BTreeSet<String>,
    deletions: BTreeSet<(String, RowId)>,
    /// Deletion dates and ids of rows that are gone for good; getDeleted still names them.
    erased: BTreeSet<(String, RowId)>,
    /// Rows that the user of the present call may not see.
    concealed: BTreeSet<RowId>,
    /// Rows that changed since they were written down last; `None` where nobody writes them down.
    changed: Option<BTreeSet<RowId>>,
    live: usize,
}

impl Table {
    /// An empty table for `object` in the org with this 18-character organization id.
    #[must_use]
    pub fn new(object: &Object, organization_id: &str) -> Self {
        let indexes = object.fields.iter().filter(|field| is_indexed(field));
        let mut indexes: BTreeMap<String, FieldIndex> = indexes
            .map(|field| (field.name.clone(), FieldIndex::new(Comparison::of(field))))
            .collect();
        indexes.insert(SYSTEM_MODSTAMP.to_owned(), FieldIndex::new(Comparison::Exact));
        let references = object.fields.iter().filter(|field| field.kind == FieldType::Reference);
        Self {
            references: references.map(|field| field.name.clone()).collect(),
            prefix: object.key_prefix.clone(),
            instance: ids::instance_code(organization_id).to_owned(),
            person_name: object.field("FirstName").is_some() && object.field("LastName").is_some(),
            next_number: 1,
            rows: BTreeMap::new(),
            indexes,
            deletions: BTreeSet::new(),
            erased: BTreeSet::new(),
            concealed: BTreeSet::new(),
            changed: None,
            live: 0,
        }
    }

    /// Puts a live row in as it is: no validation, no stamps, no counters. The row needs `Id` with 18 characters (one
    /// is made when it has none) and its system fields.
    pub fn insert_seeded(&mut self, mut row: Row) {
        row.retain(|_, value| !value.is_null());
        let id: RowId = match text(&row, "Id") {
            Some(id) => Arc::from(id),
            None => self.next_id(),
        };
        row.insert("Id".to_owned(), Value::String(id.to_string()));
        self.put(&id, Some(Stored { row, deleted_date: None }));
    }

    /// The next free id.
    pub fn next_id(&mut self) -> RowId {
        let id = ids::make(&self.prefix, &self.instance, self.next_number);
        self.next_number += 1;
        Arc::from(id)
    }

    /// The row with this 18-character id, live or deleted.
    #[must_use]
    pub fn stored(&self, id: &str) -> Option<&Stored> {
        self.rows.get(id).filter(|_| !self.concealed.contains(id))
    }

    /// The row with this 18-character id, also when the user of the present call may not see it.
    pub(crate) fn stored_for_org(&self, id: &str) -> Option<&Stored> {
        self.rows.get(id)
    }

    /// True when the row is there, but hidden from the user of the present call.
    pub(crate) fn is_concealed(&self, id: &str) -> bool {
        self.concealed.contains(id)
    }

    /// Hides rows until it is called again with none.
    pub(crate) fn conceal(&mut self, rows: BTreeSet<RowId>) {
        self.concealed = rows;
    }

    /// Adds the indexes of fields that the object got after the table was made.
    pub(crate) fn add_indexes(&mut self, object: &Object) {
        for field in object.fields.iter().filter(|field| is_indexed(field)) {
            if field.kind == FieldType::Reference {
                self.references.insert(field.name.clone());
            }
            if self.indexes.contains_key(&field.name) {
                continue;
            }
            let mut index = FieldIndex::new(Comparison::of(field));
            for (id, stored) in &self.rows {
                index.add(stored.row.get(&field.name), id);
            }
            self.indexes.insert(field.name.clone(), index);
        }
    }

    /// Takes a row away for good; only getDeleted still knows that it was deleted at `date`.
    pub(crate) fn erase(&mut self, id: &RowId, date: &str) -> Option<Stored> {
        let before = self.put(id, None);
        self.erased.insert((date.to_owned(), id.clone()));
        before
    }

    /// All rows with their ids, deleted and concealed ones included.
    pub(crate) fn stored_rows(&self) -> Vec<(&RowId, &Stored)> {
        self.rows.iter().collect()
    }

    /// Takes every row away, as if none had ever been there.
    pub(crate) fn empty(&mut self) {
        let ids: Vec<RowId> = self.rows.keys().cloned().collect();
        ids.iter().for_each(|id| drop(self.put(id, None)));
        self.erased.clear();
        self.next_number = 1;
    }

    /// Everything that [`Table::restore`] needs beside the rows.
    pub(crate) fn remains(&self) -> (u64, Vec<(String, String)>) {
        let erased = self.erased.iter().map(|(date, id)| (date.clone(), id.to_string()));
        (self.next_number, erased.collect())
    }

    /// Takes over what [`Table::remains`] gave.
    pub(crate) fn restore(&mut self, next_number: u64, erased: Vec<(String, String)>) {
        self.next_number = self.next_number.max(next_number);
        self.erased = erased.into_iter().map(|(date, id)| (date, Arc::from(id))).collect();
    }

    /// True when changes are kept: the table stands in a state file already.
    pub(crate) fn is_tracked(&self) -> bool {
        self.changed.is_some()
    }

    /// Forgets that the table stands in a state file, as it is taken out of the org.
    pub(crate) fn untrack(&mut self) {
        self.changed = None;
    }

    /// Ids of the rows that changed since the last call; from the first call on, changes are kept.
    pub(crate) fn take_changed(&mut self) -> BTreeSet<RowId> {
        self.changed.replace(BTreeSet::new()).unwrap_or_default()
    }

    /// The table's own copy of an id; `None` when no row has it.
    pub(crate) fn own_id(&self, id: &str) -> Option<&RowId> {
        self.rows.get_key_value(id).map(|(own, _)| own).filter(|own| self.is_seen(own))
    }

    /// The live row with this 18-character id.
    #[must_use]
    pub fn live(&self, id: &str) -> Option<&Row> {
        self.stored(id).filter(|stored| stored.deleted_date.is_none()).map(|stored| &stored.row)
    }

    /// All rows in the order of their ids, deleted ones included.
    pub fn all(&self) -> impl Iterator<Item = (&RowId, &Stored)> {
        self.rows.iter().filter(|(id, _)| self.is_seen(id))
    }

    /// How many rows are there, deleted and concealed ones included.
    #[must_use]
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// Ids from a bound on, in their order, deleted ones included.
    pub(crate) fn ids_from<'table>(
        &'table self,
        from: Bound<&str>,
    ) -> impl Iterator<Item = &'table RowId> + use<'table> {
        let ids = self.rows.range::<str, _>((from, Bound::Unbounded)).map(|(id, _)| id);
        ids.filter(|id| self.is_seen(id))
    }

    /// The live rows in the order of their ids.
    pub fn live_rows(&self) -> impl Iterator<Item = &Row> {
        let live = self.all().filter(|(_, stored)| stored.deleted_date.is_none());
        live.map(|(_, stored)| &stored.row)
    }

    /// How many rows live.
    #[must_use]
    pub fn len(&self) -> usize {
        self.live
    }

    /// True when no row lives.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Replaces a stored row, or takes it away with `None`, and returns what stood there before.
    pub(crate) fn put(&mut self, id: &RowId, stored: Option<Stored>) -> Option<Stored> {
        if let Some(changed) = &mut self.changed {
            changed.insert(id.clone());
        }
        let before = self.rows.remove(&**id);
        if let Some(before) = &before {
            self.unindex(id, before);
        }
        if let Some(mut stored) = stored {
            self.derive_name(&mut stored.row);
            self.index(id, &stored);
            self.rows.insert(id.clone(), stored);
        }
        before
    }

    /// True when `field` can be asked through [`Table::find_all`].
    pub(crate) fn has_index(&self, field: &str) -> bool {
        self.indexes.contains_key(field)
    }

    /// True when `field` is an indexed reference, whose keys are 18-character ids.
    pub(crate) fn indexes_references(&self, field: &str) -> bool {
        self.references.contains(field)
    }

    /// Ids of the rows that hold `value` in an indexed field, as that field compares values, deleted ones included.
    pub(crate) fn find_all(&self, field: &str, value: &Value) -> Vec<RowId> {
        let found = self.find_for_org(field, value);
        found.into_iter().filter(|id| self.is_seen(id)).collect()
    }

    /// Like [`Table::find_all`], with the rows that the user of the present call may not see.
    pub(crate) fn find_for_org(&self, field: &str, value: &Value) -> Vec<RowId> {
        let index = self.indexes.get(field);
        index.map(|index| index.find(value).cloned().collect()).unwrap_or_default()
    }

    /// Ids of the rows whose SystemModstamp lies between the bounds, deleted ones included, by stamp and id.
    pub(crate) fn modified_between(&self, from: Bound<&str>, to: Bound<&str>) -> Vec<RowId> {
        let index = self.indexes.get(SYSTEM_MODSTAMP);
        let found = index.map(|index| index.between(from, to)).into_iter().flatten();
        found.filter(|id| self.is_seen(id)).cloned().collect()
    }

    /// Deletion dates and ids from `from` (included) to `to` (not included), by date.
    pub(crate) fn deleted_between(&self, from: &str, to: &str) -> Vec<(String, RowId)> {
        let rows = self.deletions.union(&self.erased);
        let rows = rows.skip_while(|(date, _)| date.as_str() < from);
        let rows = rows.take_while(|(date, _)| date.as_str() < to);
        rows.filter(|(_, id)| self.is_seen(id)).cloned().collect()
    }

    fn is_seen(&self, id: &str) -> bool {
        self.concealed.is_empty() || !self.concealed.contains(id)
    }

    /// True when rows and indexes are the same; ids that are used up do not count.
    #[cfg(test)]
    pub(crate) fn holds_the_same_as(&self, other: &Self) -> bool {
        self.rows == other.rows
            && self.indexes == other.indexes
            && self.deletions == other.deletions
            && self.live == other.live
    }

    fn index(&mut self, id: &RowId, stored: &Stored) {
        for (field, index) in &mut self.indexes {
            index.add(stored.row.get(field), id);
        }
        match &stored.deleted_date {
            Some(date) => {
                self.deletions.insert((date.clone(), id.clone()));
            }
            None => self.live += 1,
        }
        self.next_number = self.next_number.max(self.number_of(id) + 1);
    }

    fn unindex(&mut self, id: &RowId, stored: &Stored) {
        for (field, index) in &mut self.indexes {
            index.remove(stored.row.get(field), id);
        }
        match &stored.deleted_date {
            Some(date) => {
                self.deletions.remove(&(date.clone(), id.clone()));
            }
            None => self.live -= 1,
        }
    }

    /// The number part of an id of this table, so that new ids go on behind seeded ones; 0 for foreign ids.
    fn number_of(&self, id: &str) -> u64 {
        let made_here = id.starts_with(&self.prefix) && id[3..].starts_with(&self.instance);
        let digits = id.get(6..15).filter(|_| made_here).unwrap_or_default().bytes();
        digits.fold(0, |number, digit| {
            let position = BASE_62.iter().position(|own| *own == digit).unwrap_or_default();
            number * 62 + position as u64
        })
    }

    /// People have no name of their own: it is always first and last name.
    fn derive_name(&self, row: &mut Row) {
        if !self.person_name {
            return;
        }
        let parts = [text(row, "FirstName"), text(row, "LastName")];
        let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        if !name.is_empty() {
            row.insert("Name".to_owned(), Value::String(name));
        }
    }
}

fn is_indexed(field: &Field) -> bool {
    let looked_up = field.unique || field.external_id || field.id_lookup;
    (looked_up && field.kind != FieldType::Id) || field.kind == FieldType::Reference
}
