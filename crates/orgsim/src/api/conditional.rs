//! If-Modified-Since and If-Unmodified-Since.

use jiff::Timestamp;

use crate::api::error::ApiError;
use crate::api::moments::{floor, read_http_date};
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
