//! Query cursors that wait for their next page.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::rows::RowId;
use crate::soql::CheckedQuery;

/// How long a locator lives (wire reference 5.1).
const LIFETIME: SignedDuration = SignedDuration::from_hours(48);

/// Cursors held at once; the oldest goes first. Salesforce evicts too, at a number it does not publish for REST. A page
/// of parents may open one cursor for each of its rows, and all of them must live until they are read.
const CURSORS_MAX: usize = 2_500;

/// One open cursor. It keeps ids, not rows: a page shows each row as it stands when the page is read.
#[derive(Debug, Clone)]
pub struct Cursor {
    /// The query that made it.
    pub query: Arc<CheckedQuery>,
    /// All matching rows in result order.
    pub ids: Arc<[RowId]>,
    /// True for queryAll: rows that were deleted stay in the pages.
    pub include_deleted: bool,
    /// Rows per page.
    pub batch_size: usize,
    /// When the query ran.
    pub opened: Timestamp,
}

/// The open cursors of an org by locator, without the row offset.
#[derive(Debug, Clone, Default)]
pub struct Cursors {
    open: BTreeMap<String, Cursor>,
    next_number: u64,
}

impl Cursors {
    /// Keeps a cursor and returns its locator (an 18-character id with the prefix `0r8`), and drops dead cursors.
    pub fn open(&mut self, cursor: Cursor, organization_id: &str) -> String {
        let now = cursor.opened;
        self.open.retain(|_, other| is_alive(other, now));
        if self.open.len() >= CURSORS_MAX {
            let oldest = self.open.iter().min_by_key(|(key, other)| (other.opened, *key));
            if let Some(key) = oldest.map(|(key, _)| key.clone()) {
                self.open.remove(&key);
            }
        }
        self.next_number += 1;
        let instance = crate::ids::instance_code(organization_id);
        let locator = crate::ids::make("0r8", instance, self.next_number);
        self.open.insert(locator.clone(), cursor);
        locator
    }

    /// The cursor behind a locator while it lives.
    #[must_use]
    pub fn get(&self, locator: &str, now: Timestamp) -> Option<&Cursor> {
        self.open.get(locator).filter(|cursor| is_alive(cursor, now))
    }

    /// Ends every open cursor, as the service does when its cursors are evicted: their locators answer
    /// `INVALID_QUERY_LOCATOR` from now on. The number of cursors that ended.
    pub fn expire_all(&mut self) -> usize {
        std::mem::take(&mut self.open).len()
    }

    /// Ends the cursor behind a locator, with or without its row offset. False when it was not open.
    pub fn expire(&mut self, locator: &str) -> bool {
        let key = locator.split('-').next().unwrap_or_default();
        self.open.remove(key).is_some()
    }

    /// How many cursors are held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// True when no cursor is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }
}

fn is_alive(cursor: &Cursor, now: Timestamp) -> bool {
    now.duration_since(cursor.opened) < LIFETIME
}
