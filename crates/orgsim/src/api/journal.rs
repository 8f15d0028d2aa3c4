//! What one call changed: undone when the call or a part of it fails, counted when it stays.

use std::collections::BTreeMap;

use crate::org::{Counters, RowsWritten};
use crate::rows::{RowId, Stored, Table};

/// How a row was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Inserted,
    Updated,
    Deleted,
    /// Taken out of the recycle bin.
    Undeleted,
    /// A cascade or a cleared lookup: no write of the caller, and no automation of its own.
    SideEffect,
}

#[derive(Debug)]
struct Entry {
    object: String,
    id: RowId,
    before: Option<Stored>,
    change: Change,
}

/// The changes of one call in order.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    entries: Vec<Entry>,
}

impl Journal {
    /// Notes what stood in a table before a change.
    pub(crate) fn note(
        &mut self,
        object: &str,
        id: &RowId,
        before: Option<Stored>,
        change: Change,
    ) {
        self.entries.push(Entry { object: object.to_owned(), id: id.clone(), before, change });
    }

    /// A point to roll back to.
    pub(crate) fn mark(&self) -> usize {
        self.entries.len()
    }

    /// Undoes everything after `mark`, the last change first.
    pub(crate) fn roll_back(&mut self, tables: &mut BTreeMap<String, Table>, mark: usize) {
        for entry in self.entries.drain(mark..).rev() {
            if let Some(table) = tables.get_mut(&entry.object) {
                table.put(&entry.id, entry.before);
            }
        }
    }

    /// Counts what stayed. Deletes fire no automation here; saves fire one each, also when nothing changed.
    pub(crate) fn commit(self, counters: &mut Counters) {
        for entry in self.entries {
            if matches!(entry.change, Change::SideEffect) {
                continue;
            }
            let written = counters.rows_written.entry(entry.object.clone()).or_default();
            if count(written, entry.change) {
                *counters.automations_fired.entry(entry.object).or_default() += 1;
            }
        }
    }
}

/// Counts one change; true when it was a save.
fn count(written: &mut RowsWritten, change: Change) -> bool {
    match change {
        Change::Inserted => written.inserted += 1,
        Change::Updated => written.updated += 1,
        Change::Deleted => written.deleted += 1,
        // An undelete counts as an update, as the row's stamps move with it.
        Change::Undeleted => written.updated += 1,
        Change::SideEffect => {}
    }
    matches!(change, Change::Inserted | Change::Updated | Change::Undeleted)
}
