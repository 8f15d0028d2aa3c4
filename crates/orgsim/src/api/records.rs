//! Single records: create, read, update, delete, by id and by external id (wire reference 5.2).

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::api::conditional::{check_match, check_unmodified, is_known, is_unmodified, tag};
use crate::api::error::ApiError;
use crate::api::input::not_in_body;
use crate::api::journal::Journal;
use crate::api::moments::read_datetime;
use crate::api::transaction::Transaction;
use crate::api::upsert::{Insertion, NotUpserted, key_field, upsert};
use crate::api::{Answered, body, save, upsert as keyed};
use crate::ids;
use crate::org::Org;
use crate::rows::{Row, text};
use crate::schema::Object;
use crate::soql::{Reader, World, record_url, shape};
use crate::wire::{ApiRequest, ApiResponse};

/// Methods of a record's path.
const RECORD_METHODS: &str = "DELETE,GET,HEAD,PATCH";

/// `POST /sobjects/X`.
pub(crate) fn create(
    org: &mut Org,
    journal: &mut Journal,
    request: &ApiRequest,
    object: &Object,
) -> Answered {
    let body = body::object(request)?;
    let id =
        save::insert(&mut Transaction::begin(org, journal).heeding(request), object, &body, None)?;
    let answer = json!({ "id": &*id, "success": true, "errors": [] });
    Ok(with_location(ApiResponse::json(201, answer), request, object, &id))
}

/// `POST /sobjects/X/Id`: an insert that answers like an upsert.
pub(crate) fn create_by_id(
    org: &mut Org,
    journal: &mut Journal,
    request: &ApiRequest,
    object: &Object,
) -> Answered {
    if request.method != "POST" {
        return Err(ApiError::no_method(&request.method, "HEAD,GET,POST"));
    }
    let created = create(org, journal, request, object)?;
    let body = created.body.map(|mut body| {
        body["created"] = Value::Bool(true);
        body
    });
    Ok(ApiResponse { body, ..created })
}

/// `/sobjects/X/<id>`.
pub(crate) fn by_id(
    org: &mut Org,
    journal: &mut Journal,
    request: &ApiRequest,
    object: &Object,
    id: &str,
) -> Answered {
    let is_id = ids::to_18(id).is_some_and(|id| id.starts_with(&object.key_prefix));
    match request.method.as_str() {
        "GET" | "PATCH" | "DELETE" if !is_id => Err(ApiError::no_external_id(id)),
        "GET" => get(org, request, object, id),
        "PATCH" => {
            let transaction = &mut Transaction::begin(org, journal).heeding(request);
            let (_, row) = save::live_row(transaction, object, id)?;
            check_unmodified(request, modified(&row))?;
            check_match(request, tag(object, &row).as_deref())?;
            save::update(transaction, object, id, &body::object(request)?)?;
            Ok(ApiResponse::empty(204))
        }
        "DELETE" => {
            let transaction = &mut Transaction::begin(org, journal).heeding(request);
            let (_, row) = save::live_row(transaction, object, id)?;
            check_unmodified(request, modified(&row))?;
            check_match(request, tag(object, &row).as_deref())?;
            save::delete(transaction, object, id)?;
            Ok(ApiResponse::empty(204))
        }
        other => Err(ApiError::no_method(other, RECORD_METHODS)),
    }
}

/// `/sobjects/X/<field>/<value>`; with the field `Id` it is the row's own path.
pub(crate) fn by_field(
    org: &mut Org,
    journal: &mut Journal,
    request: &ApiRequest,
    object: &Object,
    (name, value): (&str, &str),
) -> Answered {
    if name.eq_ignore_ascii_case("Id") {
        return by_id(org, journal, request, object, value);
    }
    let field = key_field(object, name)?;
    let value = Value::from(value);
    if matches!(request.method.as_str(), "PATCH" | "POST") {
        return put_by_field(org, journal, request, object, (&field.name, &value));
    }
    let transaction = Transaction::begin(org, journal).heeding(request);
    let found = keyed::find(&transaction, object, field, &value)?;
    let id = match found.as_slice() {
        [only] => only.clone(),
        [] => return Err(ApiError::no_resource()),
        several => return Ok(several_urls(request, object, several)),
    };
    by_id(org, journal, request, object, &id)
}

fn put_by_field(
    org: &mut Org,
    journal: &mut Journal,
    request: &ApiRequest,
    object: &Object,
    (name, value): (&str, &Value),
) -> Answered {
    let field = key_field(object, name)?;
    let body = body::object(request)?;
    if body.keys().any(|key| key.eq_ignore_ascii_case(&field.name)) {
        return Err(not_in_body(&field.name));
    }
    let update_only =
        request.parameter("updateOnly").is_some_and(|v| v.eq_ignore_ascii_case("true"));
    let insertion = if update_only { Insertion::Refused } else { Insertion::Allowed };
    let transaction = &mut Transaction::begin(org, journal).heeding(request);
    let found = keyed::find(transaction, object, field, value)?;
    if let [only] = found.as_slice() {
        let (_, row) = save::live_row(transaction, object, only)?;
        check_unmodified(request, modified(&row))?;
    }
    match upsert(transaction, object, (field, value), &body, insertion) {
        Ok(saved) => {
            let status = if saved.created { 201 } else { 200 };
            let answer = json!({
                "id": &*saved.id, "success": true, "errors": [], "created": saved.created,
            });
            let response = ApiResponse::json(status, answer);
            Ok(if saved.created {
                with_location(response, request, object, &saved.id)
            } else {
                response
            })
        }
        Err(NotUpserted::Several(rows)) => Ok(several_urls(request, object, &rows)),
        Err(NotUpserted::NoRow) => Err(ApiError::no_resource()),
        Err(NotUpserted::Refused(error)) => Err(error),
    }
}

fn get(org: &Org, request: &ApiRequest, object: &Object, id: &str) -> Answered {
    let id = ids::to_18(id).unwrap_or_default();
    let stored = org.tables.get(&object.name).and_then(|table| table.stored(&id));
    let stored = stored.ok_or_else(|| ApiError::no_external_id(&id))?;
    if stored.deleted_date.is_some() {
        return Err(ApiError::is_deleted(404));
    }
    let own_tag = tag(object, &stored.row);
    let tagged = |mut response: ApiResponse| {
        response.headers.extend(own_tag.clone().map(|tag| ("ETag".to_owned(), tag)));
        response
    };
    if is_unmodified(request, modified(&stored.row)) || is_known(request, own_tag.as_deref()) {
        return Ok(tagged(ApiResponse::empty(304)));
    }
    let names: Vec<&str> = match request.parameter("fields") {
        Some(list) => list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect(),
        None => object.fields.iter().map(|field| field.name.as_str()).collect(),
    };
    let shape = shape(&org.schema, object, &names)
        .map_err(|name| ApiError::no_column(&name, &object.name))?;
    let world = World::new(&org.schema, &org.tables);
    let reader = Reader { world: &world, version: &request.version };
    Ok(tagged(ApiResponse::json(200, reader.show(&object.name, &stored.row, &shape))))
}

/// When a row was last changed by a user; objects without that stamp have the system's.
fn modified(row: &Row) -> Timestamp {
    let stamp = text(row, "LastModifiedDate").or_else(|| text(row, "SystemModstamp"));
    stamp.and_then(read_datetime).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// 300: one external id, several records.
fn several_urls(request: &ApiRequest, object: &Object, rows: &[crate::rows::RowId]) -> ApiResponse {
    let urls = rows.iter().map(|id| Value::String(record_url(&request.version, &object.name, id)));
    ApiResponse::json(300, urls.collect())
}

fn with_location(
    mut response: ApiResponse,
    request: &ApiRequest,
    object: &Object,
    id: &str,
) -> ApiResponse {
    let url = record_url(&request.version, &object.name, id);
    response.headers.push(("Location".to_owned(), url));
    response
}
