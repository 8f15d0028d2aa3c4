//! query, queryAll and their further pages (wire reference 5.1).

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::api::Answered;
use crate::api::error::ApiError;
use crate::org::Org;
use crate::rows::{Cursor, RowId};
use crate::soql::{Answer, CheckedQuery, Columns, Deleted, Reader, World, check, parse};
use crate::wire::{ApiRequest, ApiResponse};

/// Rows per page when the caller asks for none, and the most it can ask for.
const BATCH_SIZE_MAX: usize = 2_000;

/// The fewest rows per page that a caller can ask for.
const BATCH_SIZE_MIN: usize = 200;

/// `/query`, `/queryAll` and `/query/<locator>`.
pub(crate) fn route(org: &mut Org, request: &ApiRequest, rest: &[&str]) -> Answered {
    if request.method != "GET" {
        return Err(ApiError::no_method(&request.method, "GET,HEAD"));
    }
    match rest {
        [] => {
            let first = request.segments.first().map(String::as_str).unwrap_or_default();
            let all = first.eq_ignore_ascii_case("queryAll");
            run(org, request, if all { Deleted::Included } else { Deleted::Hidden })
        }
        [locator] => next_page(org, request, locator),
        _ => Err(ApiError::no_resource()),
    }
}

fn run(org: &mut Org, request: &ApiRequest, deleted: Deleted) -> Answered {
    let source = request.parameter("q").unwrap_or_default();
    if source.trim().is_empty() {
        let message = "A query string has to be specified";
        return Err(ApiError::call(400, "MALFORMED_QUERY", message));
    }
    let now = org.clock.now();
    let query = check(source, &parse(source)?, &org.schema, now)?;
    let answer = query.run(&World::new(&org.schema, &org.tables), deleted);
    let ids = match answer {
        Answer::Count(count) => return Ok(whole(count, &[])),
        Answer::Aggregates(groups) => return Ok(whole(groups.len(), &groups)),
        Answer::Rows(ids) => ids,
    };
    let cursor = Cursor {
        query: Arc::new(query),
        ids,
        include_deleted: deleted == Deleted::Included,
        batch_size: batch_size(request).unwrap_or(BATCH_SIZE_MAX),
        opened: now,
    };
    let more = cursor.ids.len() > cursor.batch_size;
    let locator = if more { org.cursors.open(cursor.clone(), &org.id) } else { String::new() };
    Ok(page(org, request, &cursor, &locator, 0))
}

fn next_page(org: &Org, request: &ApiRequest, locator: &str) -> Answered {
    let invalid = || ApiError::call(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    let (locator, offset) = locator.rsplit_once('-').ok_or_else(invalid)?;
    let offset: usize = offset.parse().map_err(|_| invalid())?;
    let cursor = org.cursors.get(locator, org.clock.now()).ok_or_else(invalid)?;
    if offset >= cursor.ids.len() {
        return Err(invalid());
    }
    let batch_size = batch_size(request).unwrap_or(cursor.batch_size);
    let cursor = Cursor { batch_size, ..cursor.clone() };
    Ok(page(org, request, &cursor, locator, offset))
}

fn page(
    org: &Org,
    request: &ApiRequest,
    cursor: &Cursor,
    locator: &str,
    from: usize,
) -> ApiResponse {
    let to = cursor.ids.len().min(from + cursor.batch_size);
    let records = show(org, request, cursor, &cursor.ids[from..to]);
    let mut body = Map::new();
    body.insert("totalSize".to_owned(), json!(cursor.ids.len()));
    body.insert("done".to_owned(), Value::Bool(to == cursor.ids.len()));
    if to < cursor.ids.len() {
        let url = format!("/services/data/v{}/query/{locator}-{to}", request.version);
        body.insert("nextRecordsUrl".to_owned(), Value::String(url));
    }
    body.insert("records".to_owned(), Value::Array(records));
    ApiResponse::json(200, Value::Object(body))
}

/// Rows as they stand now; a row that was deleted since the query ran is left out, so a page can be short.
fn show(org: &Org, request: &ApiRequest, cursor: &Cursor, ids: &[RowId]) -> Vec<Value> {
    let query: &CheckedQuery = &cursor.query;
    let (Columns::Rows(shape, _), Some(table)) = (&query.columns, org.tables.get(&query.object))
    else {
        return Vec::new();
    };
    let world = World::new(&org.schema, &org.tables);
    let reader = Reader { world: &world, version: &request.version };
    let rows = ids.iter().filter_map(|id| table.stored(id));
    let seen = rows.filter(|row| cursor.include_deleted || row.deleted_date.is_none());
    seen.map(|stored| reader.show(&query.object, &stored.row, shape)).collect()
}

fn whole(total: usize, records: &[Value]) -> ApiResponse {
    ApiResponse::json(200, json!({ "totalSize": total, "done": true, "records": records }))
}

/// `Sforce-Query-Options: batchSize=500`; a hint, pulled into the allowed range.
fn batch_size(request: &ApiRequest) -> Option<usize> {
    let options = request.header("sforce-query-options")?;
    let size = options.split([',', ';']).find_map(|option| {
        let (name, value) = option.split_once('=')?;
        name.trim().eq_ignore_ascii_case("batchSize").then(|| value.trim().parse().ok()).flatten()
    });
    size.map(|size: usize| size.clamp(BATCH_SIZE_MIN, BATCH_SIZE_MAX))
}
