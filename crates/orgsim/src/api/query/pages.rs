//! Pages of records, with the lists of children that open cursors of their own.

use std::cell::RefCell;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::org::Org;
use crate::rows::{Cursor, Cursors, RowId};
use crate::soql::{CheckedQuery, ChildPages, Columns, Deleted, Reader, World};
use crate::wire::{ApiRequest, ApiResponse};

/// Children in a page of a nested list. Live orgs give no fixed number; a small one makes nested pages common.
const CHILDREN_PAGE: usize = 200;

/// Shows pages of one org to one request.
pub(super) struct Pages<'org> {
    org: &'org mut Org,
    version: &'org str,
    now: Timestamp,
}

impl<'org> Pages<'org> {
    pub(super) fn of(org: &'org mut Org, request: &'org ApiRequest) -> Self {
        let now = org.clock.now();
        Self { org, version: &request.version, now }
    }

    /// The page of a cursor that begins at row `from`.
    pub(super) fn page(self, cursor: &Cursor, locator: &str, from: usize) -> ApiResponse {
        let to = cursor.ids.len().min(from + cursor.batch_size);
        let version = self.version;
        let records = self.records(cursor, &cursor.ids[from..to]);
        let mut body = Map::new();
        body.insert("totalSize".to_owned(), json!(cursor.ids.len()));
        body.insert("done".to_owned(), Value::Bool(to == cursor.ids.len()));
        if to < cursor.ids.len() {
            body.insert("nextRecordsUrl".to_owned(), Value::String(page_url(version, locator, to)));
        }
        body.insert("records".to_owned(), Value::Array(records));
        ApiResponse::json(200, Value::Object(body))
    }

    /// Rows as they stand now; a row that was deleted since the query ran is left out, so a page can be short.
    fn records(self, cursor: &Cursor, ids: &[RowId]) -> Vec<Value> {
        let Self { org, version, now } = self;
        let query: &CheckedQuery = &cursor.query;
        let (Columns::Rows(shape, _), Some(table)) =
            (&query.columns, org.tables.get(&query.object))
        else {
            return Vec::new();
        };
        let world = World::new(&org.schema, &org.tables);
        let reader = Reader { world: &world, version };
        let children = Children {
            cursors: RefCell::new(&mut org.cursors),
            organization_id: &org.id,
            version,
            now,
            include_deleted: cursor.include_deleted,
        };
        let rows = ids.iter().filter_map(|id| table.stored(id));
        let seen = rows.filter(|row| cursor.include_deleted || row.deleted_date.is_none());
        seen.map(|stored| reader.show_with(&query.object, &stored.row, shape, Some(&children)))
            .collect()
    }
}

/// The lists of children on one page of parents.
struct Children<'org> {
    cursors: RefCell<&'org mut Cursors>,
    organization_id: &'org str,
    version: &'org str,
    now: Timestamp,
    include_deleted: bool,
}

impl ChildPages for Children<'_> {
    fn deleted(&self) -> Deleted {
        if self.include_deleted { Deleted::Included } else { Deleted::Hidden }
    }

    fn page_size(&self) -> usize {
        CHILDREN_PAGE
    }

    fn keep(&self, query: &Arc<CheckedQuery>, ids: Vec<RowId>) -> String {
        let cursor = Cursor {
            query: Arc::clone(query),
            ids: ids.into(),
            include_deleted: self.include_deleted,
            batch_size: CHILDREN_PAGE,
            opened: self.now,
        };
        let locator = self.cursors.borrow_mut().open(cursor, self.organization_id);
        page_url(self.version, &locator, CHILDREN_PAGE)
    }
}

/// An answer without further pages.
pub(super) fn whole(total: usize, records: &[Value]) -> ApiResponse {
    ApiResponse::json(200, json!({ "totalSize": total, "done": true, "records": records }))
}

fn page_url(version: &str, locator: &str, offset: usize) -> String {
    format!("/services/data/v{version}/query/{locator}-{offset}")
}
