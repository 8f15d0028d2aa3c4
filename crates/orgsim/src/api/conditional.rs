//! If-Modified-Since and If-Unmodified-Since, and for rows of Account also If-Match and If-None-Match.

use jiff::Timestamp;

use crate::api::error::ApiError;
use crate::api::moments::{floor, read_http_date};
use crate::rows::Row;
use crate::schema::Object;
use crate::wire::ApiRequest;

/// True when the caller has the present state already: nothing changed after its If-Modified-Since. A date that
/// cannot be read asks for nothing.
pub(crate) fn is_unmodified(request: &ApiRequest, modified: Timestamp) -> bool {
    let since = request.header("if-modified-since").and_then(read_http_date);
    since.is_some_and(|since| floor(modified, jiff::Unit::Second) <= since)
}

/// Refuses a write when the row changed after the caller's If-Unmodified-Since.
///
/// # Errors
/// 412 when it changed, 400 when the date cannot be read.
pub(crate) fn check_unmodified(request: &ApiRequest, modified: Timestamp) -> Result<(), ApiError> {
    let Some(text) = request.header("if-unmodified-since") else { return Ok(()) };
    let since = read_http_date(text).ok_or_else(|| {
        let message = format!("Invalid If-Unmodified-Since header: {text}");
        ApiError::call(400, "INVALID_HEADER", message)
    })?;
    if floor(modified, jiff::Unit::Second) <= since {
        return Ok(());
    }
    let message = "The record was modified after the date in the If-Unmodified-Since header";
    Err(ApiError::call(412, "PRECONDITION_FAILED", message))
}

/// The entity tag of a row; only rows of Account have one.
pub(crate) fn tag(object: &Object, row: &Row) -> Option<String> {
    if object.name != "Account" {
        return None;
    }
    // Stamps have whole seconds, so the tag follows the values too (FNV-1a).
    let text = serde_json::to_string(row).unwrap_or_default();
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Some(format!("\"{hash:016x}--gzip\""))
}

/// True when the caller's If-None-Match names the row as it is.
pub(crate) fn is_known(request: &ApiRequest, tag: Option<&str>) -> bool {
    let known = request.header("if-none-match").unwrap_or_default();
    tag.is_some_and(|tag| {
        known.split(',').any(|one| matches!(one.trim(), "*") || one.trim() == tag)
    })
}

/// Refuses a write when the row is not the one that the caller's If-Match names.
///
/// # Errors
/// 412 when it is another state of the row, 400 for a text that is no entity tag.
pub(crate) fn check_match(request: &ApiRequest, tag: Option<&str>) -> Result<(), ApiError> {
    let (Some(text), Some(tag)) = (request.header("if-match"), tag) else { return Ok(()) };
    let mut wanted = text.split(',').map(str::trim);
    if wanted.clone().any(|one| one != "*" && !(one.starts_with('"') && one.ends_with('"'))) {
        let message = format!("Invalid If-Match header: {text}");
        return Err(ApiError::call(400, "INVALID_HEADER", message));
    }
    if wanted.any(|one| one == "*" || one == tag) {
        return Ok(());
    }
    let message = "The record is not in the state that the If-Match header names";
    Err(ApiError::call(412, "PRECONDITION_FAILED", message))
}
