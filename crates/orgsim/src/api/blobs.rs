//! Binary fields: written as base64 in JSON or as a part of a multipart body, read at a path of their own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::api::Answered;
use crate::api::error::ApiError;
use crate::api::input::Changes;
use crate::api::journal::Change;
use crate::api::transaction::Transaction;
use crate::org::Org;
use crate::rows::{Row, RowId, Stored, text};
use crate::schema::{Field, FieldType, Object};
use crate::soql::record_url;
use crate::wire::{ApiRequest, ApiResponse};

/// Takes the contents out of a row about to be saved: the row keeps their path and size.
///
/// # Errors
/// `INVALID_BASE64` for a text that is none.
pub(crate) fn store(
    transaction: &mut Transaction<'_>,
    object: &Object,
    id: &str,
    sent: &Changes,
    row: &mut Row,
) -> Result<(), ApiError> {
    for field in object.fields.iter().filter(|field| field.kind == FieldType::Base64) {
        let Some(content) = sent.get(&field.name).and_then(Value::as_str) else { continue };
        let bytes = STANDARD.decode(content).map_err(|_| {
            let message = format!("{}: value is no base64 text", field.label);
            ApiError::data("INVALID_BASE64", message, &[&field.name])
        })?;
        transaction.setup.changed_blobs.insert(key(id, field));
        transaction.setup.blobs.insert(key(id, field), content.to_owned());
        let url = record_url(&transaction.options.version, &object.name, id);
        row.insert(field.name.clone(), json!(format!("{url}/{}", field.name)));
        for size in ["BodyLength", "ContentSize"] {
            if object.field(size).is_some() {
                row.insert(size.to_owned(), json!(bytes.len()));
            }
        }
    }
    Ok(())
}

/// A new ContentVersion without a document gets one of its own; the older versions of a document stop being the latest.
pub(crate) fn follow(transaction: &mut Transaction<'_>, object: &Object, id: &RowId) {
    if object.name != "ContentVersion" {
        return;
    }
    let schema = transaction.schema;
    let Some(documents) = schema.object("ContentDocument") else { return };
    let Some(mut version) = transaction.stored(object, id).map(|own| own.row.clone()) else {
        return;
    };
    let known = text(&version, "ContentDocumentId").map(RowId::from);
    let document_id = known.unwrap_or_else(|| transaction.table(documents).next_id());
    let mut number = 1;
    if let Some(reference) = object.field("ContentDocumentId") {
        for other in transaction.rows_holding(object, reference, &json!(&*document_id)) {
            let Some(stored) = transaction.stored(object, &other).filter(|_| other != *id) else {
                continue;
            };
            let mut row = stored.row.clone();
            row.insert("IsLatest".to_owned(), json!(false));
            number += 1;
            transaction.put(object, &other, Stored { row, deleted_date: None }, Change::SideEffect);
        }
    }
    let path = text(&version, "PathOnClient").unwrap_or_default().to_owned();
    let (stem, extension) = path.rsplit_once('.').unwrap_or((&path, ""));
    version.entry("Title".to_owned()).or_insert_with(|| json!(stem));
    version.insert("FileExtension".to_owned(), json!(extension));
    version.insert("ContentDocumentId".to_owned(), json!(&*document_id));
    version.insert("VersionNumber".to_owned(), json!(number.to_string()));
    version.insert("IsLatest".to_owned(), json!(true));
    let document = document(&version, id, &document_id);
    transaction.put(
        documents,
        &document_id,
        Stored { row: document, deleted_date: None },
        Change::SideEffect,
    );
    transaction.put(object, id, Stored { row: version, deleted_date: None }, Change::SideEffect);
}

fn document(version: &Row, version_id: &str, id: &str) -> Row {
    let copied = [
        "Title",
        "FileExtension",
        "ContentSize",
        "OwnerId",
        "CreatedDate",
        "CreatedById",
        "LastModifiedDate",
        "LastModifiedById",
        "SystemModstamp",
    ];
    let copied =
        copied.iter().filter_map(|name| Some(((*name).to_owned(), version.get(*name)?.clone())));
    let own = [
        ("Id", json!(id)),
        ("IsDeleted", json!(false)),
        ("LatestPublishedVersionId", json!(version_id)),
    ];
    copied.chain(own.map(|(name, value)| (name.to_owned(), value))).collect()
}

/// `GET /sobjects/Attachment/<id>/Body`: the content itself.
///
/// # Errors
/// 404 for an unknown row, another field, or a field without content.
pub(crate) fn read(org: &Org, object: &Object, id: &str, name: &str) -> Answered {
    let id = crate::ids::to_18(id).ok_or_else(ApiError::no_resource)?;
    let row = org.tables.get(&object.name).and_then(|table| table.live(&id));
    let row = row.ok_or_else(ApiError::no_resource)?;
    let field = object.field(name).filter(|field| field.kind == FieldType::Base64);
    let content = field.and_then(|field| org.setup.blobs.get(&key(&id, field)));
    let bytes = content.and_then(|content| STANDARD.decode(content).ok());
    let kind = text(row, "ContentType").unwrap_or("application/octet-stream");
    let bytes = bytes.ok_or_else(ApiError::no_resource)?;
    Ok(ApiResponse::bytes(200, kind, bytes))
}

/// True when the path's last part names binary content of the object.
pub(crate) fn is_content(object: &Object, name: &str) -> bool {
    object.field(name).is_some_and(|field| field.kind == FieldType::Base64)
}

fn key(id: &str, field: &Field) -> String {
    format!("{id}.{}", field.name)
}

/// Reads a `multipart/form-data` body: the JSON part is the row, a binary part becomes the field of its name.
///
/// # Errors
/// `JSON_PARSER_ERROR` when there is no boundary or no JSON part.
pub(crate) fn from_multipart(request: &ApiRequest, kind: &str) -> Result<Value, ApiError> {
    let garbled =
        || ApiError::json("Multipart message not properly terminated or without a JSON part");
    let boundary = kind.split(';').find_map(|part| part.trim().strip_prefix("boundary="));
    let boundary = format!("--{}", boundary.ok_or_else(garbled)?.trim_matches('"'));
    let mut row = None;
    let mut contents = Vec::new();
    for part in parts(&request.body, boundary.as_bytes()) {
        let split = find(part, b"\r\n\r\n").ok_or_else(garbled)?;
        let head = String::from_utf8_lossy(&part[..split]).to_ascii_lowercase();
        let original = String::from_utf8_lossy(&part[..split]).into_owned();
        let body = &part[split + 4..];
        if head.contains("application/json") {
            row = Some(serde_json::from_slice(body).map_err(|_| garbled())?);
        } else if let Some(name) = part_name(&original) {
            contents.push((name, STANDARD.encode(body)));
        }
    }
    let mut row: Value = row.ok_or_else(garbled)?;
    for (name, content) in contents {
        row[name] = Value::String(content);
    }
    Ok(row)
}

fn parts<'body>(body: &'body [u8], boundary: &[u8]) -> Vec<&'body [u8]> {
    let mut parts = Vec::new();
    let mut rest = body;
    while let Some(start) = find(rest, boundary) {
        rest = &rest[start + boundary.len()..];
        let Some(end) = find(rest, boundary) else { break };
        let part = rest[..end].strip_prefix(b"\r\n").unwrap_or(&rest[..end]);
        parts.push(part.strip_suffix(b"\r\n").unwrap_or(part));
    }
    parts
}

fn part_name(head: &str) -> Option<String> {
    let name = head.split([';', '\r', '\n']).find_map(|part| part.trim().strip_prefix("name="))?;
    Some(name.trim_matches('"').to_owned())
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}
