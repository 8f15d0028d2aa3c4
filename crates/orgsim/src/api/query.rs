//! query, queryAll, their further pages, and what can be asked about a query (wire reference 5.1).

mod pages;

use std::sync::Arc;

use serde_json::Value;

use crate::api::Answered;
use crate::api::error::ApiError;
use crate::api::query::pages::{Pages, whole};
use crate::org::Org;
use crate::rows::Cursor;
use crate::soql::{Answer, CheckedQuery, Context, Deleted, World, check, metadata, parse};
use crate::wire::{ApiRequest, ApiResponse};

/// Rows per page when the caller asks for none, and the most it can ask for.
const BATCH_SIZE_MAX: usize = 2_000;

/// The fewest rows per page that a caller can ask for.
const BATCH_SIZE_MIN: usize = 200;

/// Most groups of an aggregate query: it has no further pages.
const GROUPS_MAX: usize = 2_000;

/// `/query`, `/queryAll` and `/query/<locator>`.
pub(crate) fn route(org: &mut Org, request: &ApiRequest, rest: &[&str]) -> Answered {
    if request.method != "GET" {
        return Err(ApiError::no_method(&request.method, "GET,HEAD"));
    }
    match rest {
        [] => {
            let first = request.segments.first().map(String::as_str).unwrap_or_default();
            let all = first.eq_ignore_ascii_case("queryAll");
            first_page(org, request, if all { Deleted::Included } else { Deleted::Hidden })
        }
        [locator] => next_page(org, request, locator),
        _ => Err(ApiError::no_resource()),
    }
}

fn first_page(org: &mut Org, request: &ApiRequest, deleted: Deleted) -> Answered {
    let source = match (request.parameter("q"), request.parameter("explain")) {
        (Some(source), _) => source,
        (None, Some(source)) => return explain(org, source),
        (None, None) => "",
    };
    let query = compile(org, source)?;
    if request.parameter("columns").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Ok(ApiResponse::json(200, metadata(&query, &org.schema)));
    }
    let ids = match query.run(&World::new(&org.schema, &org.tables), deleted) {
        Answer::Count(count) => return Ok(whole(count, &[])),
        Answer::Aggregates(groups) if groups.len() > GROUPS_MAX => {
            let message = "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a \
                single batch";
            return Err(ApiError::call(400, "EXCEEDED_ID_LIMIT", message));
        }
        Answer::Aggregates(groups) => return Ok(whole(groups.len(), &groups)),
        Answer::Rows(ids) => org.faults.query.reordered(ids, !query.order.is_empty()),
    };
    let cursor = Cursor {
        query: Arc::new(query),
        ids,
        include_deleted: deleted == Deleted::Included,
        batch_size: page_rows(org, request).unwrap_or(BATCH_SIZE_MAX),
        opened: org.clock.now(),
    };
    let more = cursor.ids.len() > cursor.batch_size;
    let locator = if more { org.cursors.open(cursor.clone(), &org.id) } else { String::new() };
    Ok(Pages::of(org, request).page(&cursor, &locator, 0))
}

fn compile(org: &Org, source: &str) -> Result<CheckedQuery, ApiError> {
    if source.trim().is_empty() {
        let message = "A query string has to be specified";
        return Err(ApiError::call(400, "MALFORMED_QUERY", message));
    }
    let context = Context { schema: &org.schema, now: org.clock.now(), user: &org.user.id };
    Ok(check(source, &parse(source)?, context)?)
}

fn explain(org: &Org, source: &str) -> Answered {
    let query = compile(org, source)?;
    let plans: Value = query.explain(source, &World::new(&org.schema, &org.tables));
    Ok(ApiResponse::json(200, plans))
}

fn next_page(org: &mut Org, request: &ApiRequest, locator: &str) -> Answered {
    let invalid = || ApiError::call(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    let (locator, offset) = locator.rsplit_once('-').ok_or_else(invalid)?;
    let offset: usize = offset.parse().map_err(|_| invalid())?;
    let cursor = org.cursors.get(locator, org.clock.now()).ok_or_else(invalid)?;
    if offset >= cursor.ids.len() {
        return Err(invalid());
    }
    let batch_size = page_rows(org, request).unwrap_or(cursor.batch_size);
    let cursor = Cursor { batch_size, ..cursor.clone() };
    Ok(Pages::of(org, request).page(&cursor, locator, offset))
}

/// Rows per page: what a fault wants, else what the caller asked for.
fn page_rows(org: &Org, request: &ApiRequest) -> Option<usize> {
    org.faults.query.page_rows.or_else(|| batch_size(request))
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
