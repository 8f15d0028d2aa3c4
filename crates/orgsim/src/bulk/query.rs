//! `/jobs/query`: create, look, list, abort, delete, results by locator and as pages (wire reference 7.2).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::{Value, json};

use crate::bulk::dialect::Dialect;
use crate::bulk::extract::Extract;
use crate::bulk::ingest::{delete, new_job, read_body, wrong_state};
use crate::bulk::job::{Detail, Job, Kind, State};
use crate::bulk::result_file::{Encoding, ResultFile};
use crate::bulk::task::{Task, Work};
use crate::bulk::{Answered, listing, no_method, not_found, same_version};
use crate::org::Org;
use crate::router::reply::{Content, Pieces, Reply};
use crate::router::request::{Request, first};
use crate::soql::{Deleted, SoqlError};

/// `resultPages` names this many results at once (wire reference 7.2).
const PAGES_AT_ONCE: usize = 5;

/// The version that brought `resultPages`.
const RESULT_PAGES_SINCE: u16 = 58;

/// Answers one call below `/jobs/query`.
pub(crate) fn respond(org: &mut Org, request: &Request, version: &str, rest: &[&str]) -> Answered {
    let method = request.method.as_str();
    let (id, word) = match rest {
        [] => {
            return match method {
                "POST" => create(org, request, version),
                "GET" | "HEAD" => listing::query(org, request, version),
                _ => Err(no_method(request, "GET,HEAD,POST")),
            };
        }
        [id] => (*id, None),
        [id, word] => (*id, Some(word.to_ascii_lowercase())),
        _ => return Err(not_found()),
    };
    let id = crate::ids::to_18(id).ok_or_else(not_found)?;
    let job = org.bulk.by_id.get(&id).filter(|job| matches!(job.kind, Kind::Query { .. }));
    let job = job.ok_or_else(not_found)?;
    match (method, word.as_deref()) {
        ("GET" | "HEAD", None) => Ok(Reply::json(200, job.show(Detail::Full))),
        ("PATCH", None) => abort(org, request, &id),
        ("DELETE", None) => delete(org, &id),
        (_, None) => Err(no_method(request, "DELETE,GET,HEAD,PATCH")),
        ("GET" | "HEAD", Some("results")) => {
            same_version(job, version)?;
            results(job, request, org.bulk.settings.result_page_rows)
        }
        ("GET" | "HEAD", Some("resultpages")) if has_result_pages(version) => {
            same_version(job, version)?;
            result_pages(job, request, org.bulk.settings.result_page_rows)
        }
        (_, Some("results")) => Err(no_method(request, "GET,HEAD")),
        (_, Some("resultpages")) if has_result_pages(version) => {
            Err(no_method(request, "GET,HEAD"))
        }
        _ => Err(not_found()),
    }
}

fn has_result_pages(version: &str) -> bool {
    let number = version.split('.').next().and_then(|number| number.parse::<u16>().ok());
    number.is_some_and(|number| number >= RESULT_PAGES_SINCE)
}

fn create(org: &mut Org, request: &Request, version: &str) -> Answered {
    let body = read_body(&request.body)?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let refused = |message: String| Reply::error(400, "INVALIDJOB", &message);
    let deleted = match text("operation") {
        Some("query") => Deleted::Hidden,
        Some("queryAll") => Deleted::Included,
        other => {
            let other = other.unwrap_or("null");
            return Err(refused(format!("InvalidJob : Unsupported operation: {other}")));
        }
    };
    if let Some(other) = text("contentType").filter(|kind| *kind != "CSV") {
        return Err(refused(format!("InvalidJob : Unsupported content type: {other}")));
    }
    let dialect = Dialect::read(&body)
        .map_err(|(key, value)| refused(format!("InvalidJob : Unsupported {key}: {value}")))?;
    let soql = text("query").unwrap_or_default();
    if soql.trim().is_empty() {
        return Err(refused("InvalidJob : No query specified".to_owned()));
    }
    let extract = Extract::compile(org, soql, deleted, Encoding::Csv(dialect));
    let extract = extract.map_err(|error| refusal(&error))?;
    let object = extract.object.clone();
    let mut job = new_job(org, version, dialect, object, Kind::Query { deleted });
    job.task = Some(Task::submit(org, Work::Extract(Box::new(extract))));
    let shown = job.show(Detail::Brief);
    org.bulk.by_id.insert(job.id.clone(), job);
    Ok(Reply::json(200, shown))
}

/// What Bulk says to a query that it refuses: an unknown object has a code of its own (wire reference 7.2).
pub(crate) fn refusal(error: &SoqlError) -> Reply {
    match error.code {
        "INVALID_TYPE" => Reply::error(400, "INVALIDENTITY", &error.message),
        code => Reply::error(400, code, &error.message),
    }
}

fn abort(org: &mut Org, request: &Request, id: &str) -> Answered {
    let now = org.clock.now();
    let body = read_body(&request.body)?;
    let job = org.bulk.by_id.get_mut(id).ok_or_else(not_found)?;
    let wanted = body.get("state").and_then(Value::as_str).unwrap_or("null");
    match (&mut job.task, wanted) {
        (Some(task), "Aborted") if !task.is_over() => task.abort(now),
        _ => return Err(wrong_state(job, &format!("State {wanted}"))),
    }
    Ok(Reply::json(200, job.show(Detail::Brief)))
}

fn file(job: &Job) -> Result<&ResultFile, Reply> {
    match job.task.as_ref().map(|task| &task.work) {
        Some(Work::Extract(extract)) if job.state() == State::JobComplete => Ok(extract.file()),
        _ => Err(wrong_state(job, "Reading results")),
    }
}

/// One page of results. A page never has more rows than the service's own size.
fn results(job: &Job, request: &Request, page_rows: usize) -> Answered {
    let file = file(job)?;
    let from = match first(&request.query, "locator") {
        Some(locator) => {
            let from = read_locator(locator).filter(|from| *from < file.rows().max(1));
            from.ok_or_else(|| Reply::error(400, "INVALID_QUERY_LOCATOR", "invalid query locator"))?
        }
        None => 0,
    };
    let count = match first(&request.query, "maxRecords").map(str::parse::<usize>) {
        None => page_rows,
        Some(Ok(asked)) if asked > 0 => asked.min(page_rows),
        Some(_) => {
            let message = "maxRecords must be a positive number";
            return Err(Reply::error(400, "INVALID_QUERY_PARAMETER", message));
        }
    };
    let to = file.rows().min(from + count);
    let next = if to < file.rows() { locator(to) } else { "null".to_owned() };
    let reply = Reply {
        status: 200,
        headers: Vec::new(),
        body: Content::Csv(Pieces::new(file.page(from, count).into_iter())),
    };
    Ok(reply
        .with_header("sforce-numberofrecords", &(to - from).to_string())
        .with_header("sforce-locator", &next))
}

/// The URLs of the pages, five at a time, for parallel download.
fn result_pages(job: &Job, request: &Request, page_rows: usize) -> Answered {
    let file = file(job)?;
    let from = first(&request.query, "locator").and_then(read_locator).unwrap_or_default();
    let base = format!("/services/data/v{}/jobs/query/{}", job.version, job.id);
    let starts = (from..file.rows().max(1)).step_by(page_rows.max(1));
    let pages: Vec<Value> = starts
        .take(PAGES_AT_ONCE)
        .map(|start| json!({ "resultUrl": format!("{base}/results?locator={}", locator(start)) }))
        .collect();
    let behind = from + pages.len() * page_rows;
    let done = behind >= file.rows();
    let next = (!done).then(|| format!("{base}/resultPages?locator={}", locator(behind)));
    let answer = json!({ "resultPages": pages, "nextRecordsUrl": next, "done": done });
    Ok(Reply::json(200, answer))
}

/// Locators look like the documented ones: `MTAwMDA` for row 10,000.
fn locator(row: usize) -> String {
    STANDARD_NO_PAD.encode(row.to_string())
}

fn read_locator(locator: &str) -> Option<usize> {
    let bytes = STANDARD_NO_PAD.decode(locator.trim_end_matches('=')).ok()?;
    std::str::from_utf8(&bytes).ok()?.parse().ok()
}
