//! `/jobs/ingest`: create, upload, close, abort, look, list, delete (API pages "Create a Job" to "Get Job Failed Record
//! Results").

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::bulk::dialect::Dialect;
use crate::bulk::job::{Detail, Job, Kind, State, Upload};
use crate::bulk::load::{Cargo, ContentType, Load};
use crate::bulk::results::List;
use crate::bulk::row::Operation;
use crate::bulk::settings::HardDelete;
use crate::bulk::task::{Task, Work};
use crate::bulk::{
    Answered, Jobs, listing, multipart, no_method, not_found, results, same_version,
};
use crate::org::Org;
use crate::router::reply::Reply;
use crate::router::request::Request;
use crate::schema::{FieldType, Object};

/// Bytes of one upload: 150 MB in base64 (wire reference, section 6).
const UPLOAD_MAX_BYTES: usize = 150 * 1024 * 1024 / 4 * 3;

/// Characters of the data in a multipart create (wire reference 7.1).
const MULTIPART_CHARACTERS_MAX: usize = 100_000;

/// Answers one call below `/jobs/ingest`.
pub(crate) fn respond(org: &mut Org, request: &Request, version: &str, rest: &[&str]) -> Answered {
    let method = request.method.as_str();
    let (id, word) = match rest {
        [] => {
            return match method {
                "POST" => create(org, request, version),
                "GET" | "HEAD" => listing::ingest(org, request, version),
                _ => Err(no_method(request, "GET,HEAD,POST")),
            };
        }
        [id] => (*id, None),
        [id, word] => (*id, Some(word.to_ascii_lowercase())),
        _ => return Err(not_found()),
    };
    let id = crate::ids::to_18(id).ok_or_else(not_found)?;
    match (method, word.as_deref()) {
        ("GET" | "HEAD", None) => Ok(Reply::json(200, find(org, &id)?.show(Detail::Full))),
        ("PATCH", None) => change_state(org, request, &id),
        ("DELETE", None) => delete(org, &id),
        (_, None) => Err(no_method(request, "DELETE,GET,HEAD,PATCH")),
        ("PUT", Some("batches")) => upload(org, request, version, &id),
        (_, Some("batches")) => Err(no_method(request, "PUT")),
        ("GET" | "HEAD", Some(word)) => {
            let list = List::named(word).ok_or_else(not_found)?;
            let job = find(org, &id)?;
            same_version(job, version)?;
            results::list(job, list)
        }
        (_, Some(word)) if List::named(word).is_some() => Err(no_method(request, "GET,HEAD")),
        _ => Err(not_found()),
    }
}

fn find<'org>(org: &'org Org, id: &str) -> Result<&'org Job, Reply> {
    let job = org.bulk.by_id.get(id).filter(|job| is_ingest(job));
    job.ok_or_else(not_found)
}

fn find_mut<'jobs>(jobs: &'jobs mut Jobs, id: &str) -> Result<&'jobs mut Job, Reply> {
    let job = jobs.by_id.get_mut(id).filter(|job| is_ingest(job));
    job.ok_or_else(not_found)
}

fn is_ingest(job: &Job) -> bool {
    matches!(job.kind, Kind::Ingest { .. })
}

/// `POST /jobs/ingest`, with the data in a second part where the body is multipart.
fn create(org: &mut Org, request: &Request, version: &str) -> Answered {
    let (body, data) = match multipart::read(request)? {
        Some(parts) => (parts.job, Some(parts.content)),
        None => (request.body.clone(), None),
    };
    let job = read_job(org, &body, version)?;
    let id = job.id.clone();
    org.bulk.by_id.insert(id.clone(), job);
    if let Some(data) = data {
        let characters = String::from_utf8_lossy(&data).chars().count();
        if characters > MULTIPART_CHARACTERS_MAX {
            org.bulk.by_id.remove(&id);
            let message = format!(
                "The data of a multipart request may have {MULTIPART_CHARACTERS_MAX} characters"
            );
            return Err(Reply::error(400, "CLIENTINPUTERROR", &message));
        }
        find_mut(&mut org.bulk, &id)?.keep(data);
        submit(org, &id)?;
    }
    Ok(Reply::json(200, find(org, &id)?.show(Detail::Brief)))
}

/// A job's own JSON body as a map.
pub(crate) fn read_body(body: &[u8]) -> Result<Map<String, Value>, Reply> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(body)) => Ok(body),
        Ok(_) => Err(Reply::error(400, "JSON_PARSER_ERROR", "The body is not a JSON object")),
        Err(error) => Err(Reply::error(400, "JSON_PARSER_ERROR", &error.to_string())),
    }
}

fn read_job(org: &mut Org, body: &[u8], version: &str) -> Result<Job, Reply> {
    let body = read_body(body)?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    if let Some(other) = text("contentType").filter(|kind| *kind != "CSV") {
        return Err(invalid_job(&format!("Unsupported content type: {other}")));
    }
    let dialect = Dialect::read(&body)
        .map_err(|(key, value)| invalid_job(&format!("Unsupported {key}: {value}")))?;
    let name = text("object").ok_or_else(|| invalid_job("No object specified"))?;
    let object = org.schema.object(name);
    let object = object.ok_or_else(|| invalid_job(&format!("Unable to find object: {name}")))?;
    let operation = operation(org, object, text("operation"), text("externalIdFieldName"))?;
    let (object, rule) = (object.name.clone(), text("assignmentRuleId").map(str::to_owned));
    let kind = Kind::Ingest { operation, assignment_rule: rule, data: None };
    Ok(new_job(org, version, dialect, object, kind))
}

/// A job that was just created.
pub(crate) fn new_job(
    org: &mut Org,
    version: &str,
    dialect: Dialect,
    object: String,
    kind: Kind,
) -> Job {
    Job {
        id: org.bulk.next_id("750", &org.id),
        version: version.to_owned(),
        created_by: org.user.id.clone(),
        created: org.clock.now(),
        dialect,
        object,
        kind,
        task: None,
        given_up: None,
    }
}

/// What a job body asks for, if the org and the object allow it. Bulk v1 asks the same way.
pub(crate) fn operation(
    org: &Org,
    object: &Object,
    name: Option<&str>,
    key: Option<&str>,
) -> Result<Operation, Reply> {
    match name {
        Some("insert") => Ok(Operation::Insert),
        Some("update") => Ok(Operation::Update),
        Some("upsert") => upsert(object, key.filter(|key| !key.trim().is_empty())),
        Some("delete") => Ok(Operation::Delete),
        Some("hardDelete") if org.bulk.settings.hard_delete == HardDelete::Allowed => {
            Ok(Operation::HardDelete)
        }
        Some("hardDelete") => Err(Reply::error(
            400,
            "FEATURENOTENABLED",
            "hardDelete operation requires special user profile permission, please contact your system administrator",
        )),
        Some(other) => Err(invalid_job(&format!("Unsupported operation: {other}"))),
        None => Err(invalid_job("No operation specified")),
    }
}

fn upsert(object: &Object, key: Option<&str>) -> Result<Operation, Reply> {
    let key = key.ok_or_else(|| {
        invalid_job(&format!(
            "External ID was blank for {}. An External ID must be specified for upsert.",
            object.name
        ))
    })?;
    let field = object
        .field(key)
        .filter(|field| field.external_id || field.id_lookup || field.kind == FieldType::Id);
    let field = field.ok_or_else(|| {
        invalid_job(&format!(
            "Field name provided, {key} does not match an External ID, Salesforce Id, or indexed field for {}",
            object.name
        ))
    })?;
    Ok(Operation::Upsert(field.name.clone()))
}

fn invalid_job(message: &str) -> Reply {
    Reply::error(400, "INVALIDJOB", &format!("InvalidJob : {message}"))
}

/// The refusal of a step that the job's state does not allow.
pub(crate) fn wrong_state(job: &Job, wanted: &str) -> Reply {
    let message =
        format!("{wanted} is not possible for job {} in state {}", job.id, job.state().name());
    Reply::error(400, "INVALIDJOBSTATE", &message)
}

/// `PUT /jobs/ingest/<id>/batches`: 201 whatever the data is; it is looked at when the job starts.
fn upload(org: &mut Org, request: &Request, version: &str, id: &str) -> Answered {
    let job = find_mut(&mut org.bulk, id)?;
    same_version(job, version)?;
    let kind = request.header("content-type").unwrap_or_default().to_ascii_lowercase();
    // Generated clients send their CSV as octets.
    let taken = ["text/csv", "application/octet-stream"];
    if !taken.iter().any(|own| kind.trim_start().starts_with(own)) {
        let message = format!("Content type {kind} is not supported, send text/csv");
        return Err(Reply::error(415, "UNSUPPORTED_MEDIA_TYPE", &message));
    }
    if job.state() != State::Open {
        return Err(wrong_state(job, "Uploading data"));
    }
    if matches!(job.kind, Kind::Ingest { data: Some(_), .. }) {
        let message = format!(
            "Found multiple contents for job: <{id}>, please 'Close' / 'Abort' / 'Delete' the current Job then create \
             a new Job and make sure you only do 'PUT' once on a given Job."
        );
        return Err(Reply::error(400, "CLIENTINPUTERROR", &message));
    }
    if request.body.len() > UPLOAD_MAX_BYTES {
        let message = "The data has more than 150 MB once it is encoded in base64";
        return Err(Reply::error(413, "CLIENTINPUTERROR", message));
    }
    job.keep(request.body.clone());
    Ok(Reply::empty(201))
}

impl Job {
    /// Keeps an upload until it is submitted.
    fn keep(&mut self, content: Bytes) {
        if let Kind::Ingest { data, .. } = &mut self.kind {
            *data = Some(Upload { content });
        }
    }
}

/// `PATCH /jobs/ingest/<id>` with `UploadComplete` or `Aborted`.
fn change_state(org: &mut Org, request: &Request, id: &str) -> Answered {
    let now = org.clock.now();
    let body = read_body(&request.body)?;
    let job = find_mut(&mut org.bulk, id)?;
    match (body.get("state").and_then(Value::as_str), job.state()) {
        (Some("UploadComplete"), State::Open) => submit(org, id)?,
        (Some("Aborted"), State::Open) => job.give_up(now),
        (Some("Aborted"), State::UploadComplete | State::InProgress) => {
            if let Some(task) = &mut job.task {
                task.abort(now);
            }
        }
        (Some(wanted), _) => return Err(wrong_state(job, &format!("State {wanted}"))),
        (None, _) => {
            return Err(Reply::error(400, "INVALIDJOBSTATE", "No state specified"));
        }
    }
    Ok(Reply::json(200, find(org, id)?.show(Detail::Brief)))
}

fn submit(org: &mut Org, id: &str) -> Result<(), Reply> {
    let job = find_mut(&mut org.bulk, id)?;
    let (object, dialect) = (job.object.clone(), job.dialect);
    if let Kind::Ingest { operation, data, assignment_rule } = &mut job.kind {
        let data = data.take().unwrap_or_default().content;
        let rule = assignment_rule.clone();
        let operation = operation.clone();
        let content = ContentType::Csv;
        let cargo = Cargo { object, operation, rule, content, dialect, data };
        let work = Work::Load(Arc::new(Load::new(cargo)));
        let task = Task::submit(org, work);
        find_mut(&mut org.bulk, id)?.task = Some(task);
    }
    Ok(())
}

/// `DELETE /jobs/ingest/<id>`; only a job that is over can go. Shared with query jobs.
pub(crate) fn delete(org: &mut Org, id: &str) -> Answered {
    let job = org.bulk.by_id.get(id).ok_or_else(not_found)?;
    if !job.state().is_final() {
        let message = "Error encountered when deleting the job because the job is not terminated";
        return Err(Reply::error(400, "API_ERROR", message));
    }
    org.bulk.by_id.remove(id);
    Ok(Reply::empty(204))
}
