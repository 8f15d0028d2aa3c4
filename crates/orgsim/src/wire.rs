//! A request and a response of the data API without a socket: what the router hands to `api` and takes back.
//!
//! Composite subrequests re-enter `api::handle` with values of the same types.

use serde_json::Value;

/// One call below `/services/data/vXX.X`.
#[derive(Debug, Clone)]
pub struct ApiRequest {
    /// Upper-case method.
    pub method: String,
    /// The API version of the path, for example `68.0`.
    pub version: String,
    /// Decoded path segments after the version: `["sobjects", "Account", "001…"]`; empty segments are left out.
    pub segments: Vec<String>,
    /// Decoded query parameters in order.
    pub query: Vec<(String, String)>,
    /// Header names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as sent, already decompressed.
    pub body: Vec<u8>,
}

impl ApiRequest {
    /// The first value of a header.
    #[must_use]
    pub fn header(&self, lower_case_name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(name, _)| name == lower_case_name)
            .map(|(_, value)| value.as_str())
    }

    /// The first value of a query parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// One answer of the data API.
#[derive(Debug, Clone)]
pub struct ApiResponse {
    /// HTTP status.
    pub status: u16,
    /// Extra headers, for example `Location`.
    pub headers: Vec<(String, String)>,
    /// JSON body; `None` for an empty one (204, 304).
    pub body: Option<Value>,
    /// Binary content in place of a JSON body; its media type stands in the headers.
    pub bytes: Option<Vec<u8>>,
}

impl ApiResponse {
    /// An answer with binary content.
    #[must_use]
    pub fn bytes(status: u16, kind: &str, bytes: Vec<u8>) -> Self {
        let headers = vec![("Content-Type".to_owned(), kind.to_owned())];
        Self { status, headers, body: None, bytes: Some(bytes) }
    }

    /// An answer with a JSON body.
    #[must_use]
    pub fn json(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body: Some(body), bytes: None }
    }

    /// An answer without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: None, bytes: None }
    }

    /// The documented error body: an array with one error; `fields` is left out where `None`.
    #[must_use]
    pub fn error(status: u16, code: &str, message: &str, fields: Option<&[&str]>) -> Self {
        let mut error = serde_json::json!({ "message": message, "errorCode": code });
        if let (Some(fields), Some(object)) = (fields, error.as_object_mut()) {
            object.insert("fields".to_owned(), serde_json::json!(fields));
        }
        Self::json(status, Value::Array(vec![error]))
    }
}
