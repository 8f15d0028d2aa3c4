//! The part of an org that a write touches, and the moment at which it happens.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api::derived;
use crate::api::error::ApiError;
use crate::api::journal::{Change, Journal};
use crate::api::moments::stamp;
use crate::api::options::SaveOptions;
use crate::faults::Plan;
use crate::org::{Org, User};
use crate::rows::{Row, RowId, Stored, Table};
use crate::schema::{Field, Object, Schema};
use crate::setup::Setup;
use crate::wire::ApiRequest;

/// One write in progress. All its rows get the same stamp.
pub(crate) struct Transaction<'org> {
    pub(crate) schema: &'org Schema,
    pub(crate) tables: &'org mut BTreeMap<String, Table>,
    pub(crate) user: &'org User,
    pub(crate) stamp: String,
    pub(crate) journal: &'org mut Journal,
    pub(crate) setup: &'org mut Setup,
    /// What the caller's headers ask of each save.
    pub(crate) options: SaveOptions,
    faults: &'org mut Plan,
    organization_id: &'org str,
}

impl<'org> Transaction<'org> {
    /// Begins at the org's present moment, with the options of a call without headers.
    pub(crate) fn begin(org: &'org mut Org, journal: &'org mut Journal) -> Self {
        let stamp = stamp(org.clock.now());
        Self {
            schema: &org.schema,
            tables: &mut org.tables,
            user: &org.user,
            stamp,
            journal,
            setup: &mut org.setup,
            options: SaveOptions::default(),
            faults: &mut org.faults,
            organization_id: &org.id,
        }
    }

    /// Takes the options from a call's headers.
    pub(crate) fn heeding(self, request: &ApiRequest) -> Self {
        Self { options: SaveOptions::read(request), ..self }
    }

    /// An object's table; made when the org has none yet.
    pub(crate) fn table(&mut self, object: &Object) -> &mut Table {
        let organization_id = self.organization_id;
        self.tables
            .entry(object.name.clone())
            .or_insert_with(|| Table::new(object, organization_id))
    }

    /// A stored row, live or deleted, whether the user may see it or not.
    pub(crate) fn stored(&self, object: &Object, id: &str) -> Option<&Stored> {
        self.tables.get(&object.name)?.stored_for_org(id)
    }

    /// A live row of any object, whether the user may see it or not.
    pub(crate) fn live_anywhere(&self, id: &str) -> Option<&Row> {
        let object = id.get(..3).and_then(|prefix| self.schema.by_key_prefix(prefix))?;
        let stored = self.stored(object, id).filter(|stored| stored.deleted_date.is_none());
        stored.map(|stored| &stored.row)
    }

    /// True when the row is there and the user may not see it.
    pub(crate) fn is_concealed(&self, object: &Object, id: &str) -> bool {
        self.tables.get(&object.name).is_some_and(|table| table.is_concealed(id))
    }

    /// True when sharing lets the user change the row.
    pub(crate) fn may_edit(&self, object: &Object, row: &Row) -> bool {
        let access = self.setup.access.get(&self.user.id);
        access.is_none_or(|access| access.may_edit(&object.name, row))
    }

    /// Live rows that hold a value in a field, whether the user may see them or not. Indexed fields are looked up, all
    /// others searched.
    pub(crate) fn rows_holding(&self, object: &Object, field: &Field, value: &Value) -> Vec<RowId> {
        let Some(table) = self.tables.get(&object.name) else { return Vec::new() };
        let is_live = |id: &RowId| {
            table.stored_for_org(id).is_some_and(|stored| stored.deleted_date.is_none())
        };
        if table.has_index(&field.name) {
            return table.find_for_org(&field.name, value).into_iter().filter(is_live).collect();
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
        let found = table.find_for_org(&field.name, &Value::from(master));
        let with_it = |id: &RowId| {
            table.stored_for_org(id).is_some_and(|own| own.deleted_date.as_deref() == Some(date))
        };
        found.into_iter().filter(with_it).collect()
    }

    /// Puts a row into its table, notes the change, and lets everything follow that is computed from the row.
    pub(crate) fn put(&mut self, object: &Object, id: &RowId, mut stored: Stored, change: Change) {
        let computes = derived::are_used(self.setup);
        if computes {
            derived::compute(self, object, &mut stored.row);
        }
        let before = self.table(object).put(id, Some(stored));
        let row_before = before.as_ref().filter(|_| computes).map(|stored| stored.row.clone());
        self.journal.note(&object.name, id, before, change);
        if computes {
            derived::follow(self, object, id, row_before.as_ref());
        }
    }

    /// Takes a row out of its table for good: queryAll does not find it, getDeleted still does.
    pub(crate) fn erase(&mut self, object: &Object, id: &RowId, change: Change) {
        let stamp = self.stamp.clone();
        let before = self.table(object).erase(id, &stamp);
        let row_before = before.as_ref().map(|stored| stored.row.clone());
        self.journal.note(&object.name, id, before, change);
        if derived::are_used(self.setup) {
            derived::follow(self, object, id, row_before.as_ref());
        }
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
