//! sObject Collections: up to 200 rows in one call, row by row or all or none (wire reference 5.3).

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::api::error::ApiError;
use crate::api::journal::Journal;
use crate::api::references::several_found;
use crate::api::transaction::Transaction;
use crate::api::upsert::{Insertion, NotUpserted, Upserted, key_field, upsert};
use crate::api::{Answered, body, save};
use crate::ids;
use crate::org::Org;
use crate::schema::{Field, Object, Schema};
use crate::soql::{Reader, World, shape};
use crate::wire::{ApiRequest, ApiResponse};

/// Most rows of one write (wire reference, section 6).
const WRITTEN_MAX: usize = 200;

/// Most rows of one retrieve.
const RETRIEVED_MAX: usize = 2_000;

/// Most runs of rows of the same object in one write.
const CHUNKS_MAX: usize = 10;

/// `/composite/sobjects` and what is below it.
pub(crate) fn route(
    org: &mut Org,
    journal: &mut Journal,
    request: &ApiRequest,
    rest: &[&str],
) -> Answered {
    match (request.method.as_str(), rest) {
        ("POST", []) => write(org, journal, request, Operation::Insert),
        ("PATCH", []) => write(org, journal, request, Operation::Update),
        ("DELETE", []) => delete(org, journal, request),
        (method, []) => Err(ApiError::no_method(method, "DELETE,PATCH,POST")),
        ("POST" | "GET", [name]) => retrieve(org, request, name),
        ("PATCH", [name, key]) => {
            let object = org.schema.object(name).ok_or_else(ApiError::no_resource)?.clone();
            if key.eq_ignore_ascii_case("Id") {
                return write(org, journal, request, Operation::UpsertById(&object));
            }
            let field = key_field(&object, key)?;
            write(org, journal, request, Operation::Upsert(&object, field))
        }
        (method, [_]) => Err(ApiError::no_method(method, "GET,HEAD,POST")),
        (method, [_, _]) => Err(ApiError::no_method(method, "PATCH")),
        _ => Err(ApiError::no_resource()),
    }
}

#[derive(Debug, Clone, Copy)]
enum Operation<'schema> {
    Insert,
    Update,
    UpsertById(&'schema Object),
    Upsert(&'schema Object, &'schema Field),
}

/// What became of one row.
struct Outcome {
    id: Option<String>,
    /// Only upserts say so.
    created: Option<bool>,
    error: Option<ApiError>,
}

fn write(
    org: &mut Org,
    journal: &mut Journal,
    request: &ApiRequest,
    operation: Operation<'_>,
) -> Answered {
    let body = body::object(request)?;
    let records = body::list(&body, "records")?;
    check_count(records.len())?;
    let mark = journal.mark();
    let mut transaction = Transaction::begin(org, journal).heeding(request);
    let records = read_records(transaction.schema, records, operation)?;
    let mut seen = BTreeSet::new();
    let mut outcomes = Vec::new();
    for (object, record) in &records {
        let outcome = write_one(&mut transaction, object, record, operation, &mut seen);
        if let Some(error) = outcome.error.as_ref().filter(|error| error.ends_request()) {
            let error = error.clone();
            transaction.roll_back(mark);
            return Err(error);
        }
        outcomes.push(outcome);
    }
    Ok(finish(&mut transaction, mark, outcomes, body::flag(&body, "allOrNone")))
}

fn write_one(
    transaction: &mut Transaction<'_>,
    object: &Object,
    record: &Map<String, Value>,
    operation: Operation<'_>,
    seen: &mut BTreeSet<String>,
) -> Outcome {
    match operation {
        Operation::Insert => {
            let saved = save::insert(transaction, object, record, None);
            outcome(None, None, saved.map(|id| id.to_string()))
        }
        Operation::Update => {
            let (id, record) = without_id(record);
            let id = id.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
            let saved = update(transaction, object, &id, &record, seen);
            outcome(Some(id).filter(|id| !id.is_empty()), None, saved)
        }
        Operation::UpsertById(_) => match without_id(record) {
            (Some(Value::String(id)), record) => {
                let saved = update(transaction, object, &id, &record, seen);
                outcome(Some(id), Some(false), saved)
            }
            (_, record) => {
                let saved = save::insert(transaction, object, &record, None);
                outcome(None, Some(saved.is_ok()), saved.map(|id| id.to_string()))
            }
        },
        Operation::Upsert(_, field) => match upsert_one(transaction, object, field, record, seen) {
            Ok(saved) => outcome(None, Some(saved.created), Ok(saved.id.to_string())),
            Err(error) => outcome(None, Some(false), Err(error)),
        },
    }
}

fn outcome(id: Option<String>, created: Option<bool>, saved: Result<String, ApiError>) -> Outcome {
    match saved {
        Ok(id) => Outcome { id: Some(id), created, error: None },
        Err(error) => Outcome { id, created, error: Some(error) },
    }
}

fn update(
    transaction: &mut Transaction<'_>,
    object: &Object,
    id: &str,
    record: &Map<String, Value>,
    seen: &mut BTreeSet<String>,
) -> Result<String, ApiError> {
    let full = check_id(object, id)?;
    if !seen.insert(full.clone()) {
        let message = format!("duplicate id in list: {full}");
        return Err(ApiError::data("DUPLICATE_VALUE", message, &["Id"]));
    }
    save::update(transaction, object, &full, record).map(|id| id.to_string())
}

fn upsert_one(
    transaction: &mut Transaction<'_>,
    object: &Object,
    field: &Field,
    record: &Map<String, Value>,
    seen: &mut BTreeSet<String>,
) -> Result<Upserted, ApiError> {
    let mut record = record.clone();
    let name = record.keys().find(|name| name.eq_ignore_ascii_case(&field.name)).cloned();
    let value = name.and_then(|name| record.remove(&name)).unwrap_or(Value::Null);
    let key = value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_lowercase());
    if !value.is_null() && !seen.insert(key.clone()) {
        let message = format!("Duplicate external id specified: {key}");
        return Err(ApiError::data("DUPLICATE_VALUE", message, &[&field.name]));
    }
    upsert(transaction, object, (field, &value), &record, Insertion::Allowed).map_err(|not| {
        match not {
            NotUpserted::Several(rows) => {
                ApiError::data("DUPLICATE_EXTERNAL_ID", several_found(&rows), &[&field.name])
            }
            NotUpserted::NoRow => ApiError::no_row(404),
            NotUpserted::Refused(error) => error,
        }
    })
}

fn delete(org: &mut Org, journal: &mut Journal, request: &ApiRequest) -> Answered {
    let list = request.parameter("ids").unwrap_or_default();
    let ids: Vec<&str> = list.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
    if ids.is_empty() {
        return Err(ApiError::call(400, "MISSING_ARGUMENT", "Must specify the ids to delete"));
    }
    check_count(ids.len())?;
    let all_or_none =
        request.parameter("allOrNone").is_some_and(|v| v.eq_ignore_ascii_case("true"));
    let mark = journal.mark();
    let mut transaction = Transaction::begin(org, journal).heeding(request);
    let outcomes = ids.into_iter().map(|id| {
        let object = id.get(..3).and_then(|prefix| transaction.schema.by_key_prefix(prefix));
        let deleted = match (object, ids::to_18(id)) {
            (Some(object), Some(id)) => save::delete(&mut transaction, object, &id),
            _ => Err(ApiError::data("MALFORMED_ID", format!("malformed id {id}"), &["Id"])),
        };
        outcome(Some(id.to_owned()), None, deleted.map(|id| id.to_string()))
    });
    let outcomes = outcomes.collect();
    Ok(finish(&mut transaction, mark, outcomes, all_or_none))
}

fn retrieve(org: &Org, request: &ApiRequest, name: &str) -> Answered {
    let object = org.schema.object(name).ok_or_else(ApiError::no_resource)?;
    let (ids, fields) = asked(request)?;
    if ids.len() > RETRIEVED_MAX {
        return Err(too_many(RETRIEVED_MAX));
    }
    let names: Vec<&str> = fields.iter().map(String::as_str).collect();
    let shape = shape(&org.schema, object, &names)
        .map_err(|name| ApiError::no_column(&name, &object.name))?;
    let world = World::new(&org.schema, &org.tables);
    let reader = Reader { world: &world, version: &request.version };
    let table = org.tables.get(&object.name);
    let rows = ids.iter().map(|id| {
        let row = ids::to_18(id).and_then(|id| table?.live(&id));
        row.map_or(Value::Null, |row| reader.show(&object.name, row, &shape))
    });
    Ok(ApiResponse::json(200, rows.collect()))
}

/// Ids and fields, from the body of a POST or the parameters of a GET.
fn asked(request: &ApiRequest) -> Result<(Vec<String>, Vec<String>), ApiError> {
    let (ids, fields) = if request.method == "GET" {
        let split = |name: &str| -> Vec<String> {
            let list = request.parameter(name).unwrap_or_default();
            list.split(',').map(|part| part.trim().to_owned()).filter(|p| !p.is_empty()).collect()
        };
        (split("ids"), split("fields"))
    } else {
        let body = body::object(request)?;
        let texts = |name: &str| -> Result<Vec<String>, ApiError> {
            let list = body::list(&body, name)?.iter();
            list.map(|text| {
                text.as_str().map(str::to_owned).ok_or_else(|| ApiError::wrong_json("string", text))
            })
            .collect()
        };
        (texts("ids")?, texts("fields")?)
    };
    if ids.is_empty() || fields.is_empty() {
        return Err(ApiError::call(400, "MISSING_ARGUMENT", "Must specify ids and fields"));
    }
    Ok((ids, fields))
}

/// Rolls back where it must, and shows every row's result in order.
fn finish(
    transaction: &mut Transaction<'_>,
    mark: usize,
    mut outcomes: Vec<Outcome>,
    all_or_none: bool,
) -> ApiResponse {
    let failed = outcomes.iter().any(|outcome| outcome.error.is_some());
    if all_or_none && failed {
        transaction.roll_back(mark);
        for outcome in outcomes.iter_mut().filter(|outcome| outcome.error.is_none()) {
            // A row that was never inserted has no id; updated and deleted ones keep theirs.
            let kept = outcome.id.take().filter(|id| is_live(transaction, id));
            *outcome = Outcome {
                id: kept,
                created: outcome.created.map(|_| false),
                error: Some(rolled_back()),
            };
        }
    }
    ApiResponse::json(200, outcomes.into_iter().map(show).collect())
}

fn is_live(transaction: &Transaction<'_>, id: &str) -> bool {
    let object = id.get(..3).and_then(|prefix| transaction.schema.by_key_prefix(prefix));
    object.is_some_and(|object| transaction.stored(object, id).is_some())
}

fn rolled_back() -> ApiError {
    let message = "Record rolled back because not all records were valid and the request was using AllOrNone header";
    ApiError::data("ALL_OR_NONE_OPERATION_ROLLED_BACK", message, &[])
}

fn show(outcome: Outcome) -> Value {
    let mut shown = Map::new();
    if let Some(id) = outcome.id {
        shown.insert("id".to_owned(), Value::String(id));
    }
    shown.insert("success".to_owned(), Value::Bool(outcome.error.is_none()));
    let errors: Vec<Value> = outcome.error.iter().map(ApiError::as_row_error).collect();
    shown.insert("errors".to_owned(), json!(errors));
    if let Some(created) = outcome.created {
        shown.insert("created".to_owned(), Value::Bool(created));
    }
    Value::Object(shown)
}

type Record<'call> = (&'call Object, &'call Map<String, Value>);

/// Resolves each record's type and checks how often the type changes.
fn read_records<'call>(
    schema: &'call Schema,
    records: &'call [Value],
    operation: Operation<'call>,
) -> Result<Vec<Record<'call>>, ApiError> {
    let mut read: Vec<Record<'call>> = Vec::new();
    let mut chunks = 0;
    for record in records {
        let Value::Object(record) = record else {
            return Err(ApiError::wrong_json("SObject", record));
        };
        let object = record_type(schema, record, operation)?;
        chunks += usize::from(read.last().is_none_or(|(last, _)| last.name != object.name));
        read.push((object, record));
    }
    if chunks > CHUNKS_MAX {
        let message = format!(
            "Cannot have more than {CHUNKS_MAX} chunks in a single operation. Please rearrange the data to reduce chunking."
        );
        return Err(ApiError::call(400, "LIMIT_EXCEEDED", message));
    }
    Ok(read)
}

fn record_type<'schema>(
    schema: &'schema Schema,
    record: &Map<String, Value>,
    operation: Operation<'schema>,
) -> Result<&'schema Object, ApiError> {
    let name = record.get("attributes").and_then(|own| own.get("type")).and_then(Value::as_str);
    let in_path = match operation {
        Operation::UpsertById(object) | Operation::Upsert(object, _) => Some(object),
        Operation::Insert | Operation::Update => None,
    };
    match (name, in_path) {
        (None, Some(object)) => Ok(object),
        (Some(name), Some(object)) if object.name.eq_ignore_ascii_case(name) => Ok(object),
        (Some(name), None) => schema.object(name).ok_or_else(|| {
            let message = format!("sObject type '{name}' is not supported.");
            ApiError::call(400, "INVALID_TYPE", message)
        }),
        (Some(name), Some(object)) => {
            let message = format!("{name} is not the type in the URL, {}", object.name);
            Err(ApiError::call(400, "INVALID_TYPE", message))
        }
        (None, None) => {
            let message = "The type attribute is required on each record: {\"attributes\":{\"type\":\"Account\"}}";
            Err(ApiError::call(400, "INVALID_TYPE", message))
        }
    }
}

fn check_count(count: usize) -> Result<(), ApiError> {
    if count > WRITTEN_MAX { Err(too_many(WRITTEN_MAX)) } else { Ok(()) }
}

fn too_many(most: usize) -> ApiError {
    let message =
        format!("record limit reached. cannot submit more than {most} records into this call");
    ApiError::call(400, "EXCEEDED_ID_LIMIT", message)
}

fn check_id(object: &Object, id: &str) -> Result<String, ApiError> {
    if id.is_empty() {
        return Err(ApiError::data(
            "MISSING_ARGUMENT",
            "Id not specified in an update call",
            &["Id"],
        ));
    }
    let full = ids::to_18(id).filter(|full| full.starts_with(&object.key_prefix));
    full.ok_or_else(|| ApiError::malformed_id(&format!("{} ID", object.label), id, "Id"))
}

/// Takes the id out of a record; collections accept `id` and `Id`.
fn without_id(record: &Map<String, Value>) -> (Option<Value>, Map<String, Value>) {
    let mut record = record.clone();
    let name = record.keys().find(|name| name.eq_ignore_ascii_case("id")).cloned();
    (name.and_then(|name| record.remove(&name)), record)
}
