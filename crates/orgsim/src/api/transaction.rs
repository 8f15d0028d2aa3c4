//! The part of an org that a write touches, and the moment at which it happens.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api::error::ApiError;
use crate::api::journal::{Change, Journal};
use crate::api::moments::stamp;
use crate::faults::Plan;
use crate::org::{Org, User};
use crate::rows::{Row, RowId, Stored, Table};
use crate::schema::{Field, Object, Schema};
use crate::setup::Setup;

/// One write in progress. All its rows get the same stamp.
pub(crate) struct Transaction<'org> {
    pub(crate) schema: &'org Schema,
    pub(crate) tables: &'org mut BTreeMap<String, Table>,
    pub(crate) user: &'org User,
    pub(crate) stamp: String,
    pub(crate) journal: &'org mut Journal,
    pub(crate) setup: &'org mut Setup,
    faults: &'org mut Plan,
    organization_id: &'org str,
}

impl<'org> Transaction<'org> {
    /// Begins at the org's present moment.
    pub(crate) fn begin(org: &'org mut Org, journal: &'org mut Journal) -> Self {
        let stamp = stamp(org.clock.now());
        Self {
            schema: &org.schema,
            tables: &mut org.tables,
            user: &org.user,
            stamp,
            journal,
            setup: &mut org.setup,
            faults: &mut org.faults,
            organization_id: &org.id,
        }
    }

    /// An object's table; made when the org has none yet.
    pub(crate) fn table(&mut self, object: &Object) -> &mut Table {
        let organization_id = self.organization_id;
        self.tables
            .entry(object.name.clone())
            .or_insert_with(|| Table::new(object, organization_id))
    }

    /// A stored row, live or deleted.
    pub(crate) fn stored(&self, object: &Object, id: &str) -> Option<&Stored> {
        self.tables.get(&object.name)?.stored(id)
    }

    /// Live rows that hold a value in a field. Indexed fields are looked up, all others searched.
    pub(crate) fn rows_holding(&self, object: &Object, field: &Field, value: &Value) -> Vec<RowId> {
        let Some(table) = self.tables.get(&object.name) else { return Vec::new() };
        if table.has_index(&field.name) {
            return table.find(&field.name, value);
        }
        let same =
            |row: &Row| row.get(&field.name).is_some_and(|own| same_value(field, own, value));
        let live = table.all().filter(|(_, stored)| stored.deleted_date.is_none());
        live.filter(|(_, stored)| same(&stored.row)).map(|(id, _)| id.clone()).collect()
    }

    /// Details of a master that were deleted in the given moment, by the field that holds the master.
    pub(crate) fn deleted_holding(
        &self,
        object: &Object,
        field: &Field,
        master: &str,
        date: &str,
    ) -> Vec<RowId> {
        let Some(table) = self.tables.get(&object.name) else { return Vec::new() };
        let found = table.find_all(&field.name, &Value::from(master));
        let with_it = |id: &RowId| {
            table.stored(id).is_some_and(|own| own.deleted_date.as_deref() == Some(date))
        };
        found.into_iter().filter(with_it).collect()
    }

    /// Puts a row into its table and notes the change.
    pub(crate) fn put(&mut self, object: &Object, id: &RowId, stored: Stored, change: Change) {
        let before = self.table(object).put(id, Some(stored));
        self.journal.note(&object.name, id, before, change);
    }

    /// Takes the lock of a row, by its id or by the key it is written with.
    pub(crate) fn lock(&mut self, object: &Object, row: Option<&str>) -> Result<(), ApiError> {
        if !self.faults.take_row_lock(&object.name, row) {
            return Ok(());
        }
        let named = row.map(|row| format!(" or 1 records: {row}")).unwrap_or_default();
        let message = format!("unable to obtain exclusive access to this record{named}");
        Err(ApiError::data("UNABLE_TO_LOCK_ROW", message, &[]))
    }

    /// Undoes everything after `mark`.
    pub(crate) fn roll_back(&mut self, mark: usize) {
        self.journal.roll_back(self.tables, mark);
    }
}

/// True when a field counts two values as the same.
pub(crate) fn same_value(field: &Field, one: &Value, other: &Value) -> bool {
    match (one.as_str(), other.as_str()) {
        (Some(one), Some(other)) if !field.case_sensitive => {
            one.to_lowercase() == other.to_lowercase()
        }
        _ => one == other || one.as_f64().is_some_and(|one| other.as_f64() == Some(one)),
    }
}
