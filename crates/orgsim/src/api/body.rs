//! JSON bodies of calls.

use serde_json::{Map, Value};

use crate::api::blobs;
use crate::api::error::ApiError;
use crate::wire::ApiRequest;

/// The body as a JSON object.
///
/// # Errors
/// `JSON_PARSER_ERROR` for an empty body, broken JSON or another JSON type.
pub(crate) fn object(request: &ApiRequest) -> Result<Map<String, Value>, ApiError> {
    match json(request)? {
        Value::Object(object) => Ok(object),
        other => Err(ApiError::wrong_json("SObject", &other)),
    }
}

/// The body as JSON.
///
/// # Errors
/// `JSON_PARSER_ERROR` for an empty body and for broken JSON.
pub(crate) fn json(request: &ApiRequest) -> Result<Value, ApiError> {
    let kind = request.header("content-type").unwrap_or_default();
    if kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
        return blobs::from_multipart(request, kind);
    }
    if request.body.iter().all(u8::is_ascii_whitespace) {
        return Err(ApiError::json(
            "The HTTP entity body is required, but this request has no entity body.",
        ));
    }
    serde_json::from_slice(&request.body).map_err(|error| {
        ApiError::json(&format!(
            "Unexpected character at [line:{}, column:{}]",
            error.line(),
            error.column()
        ))
    })
}

/// A boolean member, false when it is left out. Texts count too, as in the service.
pub(crate) fn flag(object: &Map<String, Value>, name: &str) -> bool {
    match object.get(name) {
        Some(Value::Bool(value)) => *value,
        Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// A list member.
///
/// # Errors
/// `JSON_PARSER_ERROR` when it is missing or no list.
pub(crate) fn list<'body>(
    object: &'body Map<String, Value>,
    name: &str,
) -> Result<&'body [Value], ApiError> {
    match object.get(name) {
        Some(Value::Array(list)) => Ok(list),
        other => Err(ApiError::wrong_json("java.util.ArrayList", other.unwrap_or(&Value::Null))),
    }
}
