//! An answer before it becomes HTTP: JSON in Salesforce's two layouts, HTML, plain text, gzip.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize as _;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use serde_json::{Value, json};

use crate::router::request::Request;

/// One answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// HTTP status.
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// What stands in the body.
    pub(crate) body: Content,
}

/// A body.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// None.
    Empty,
    /// JSON.
    Json(Value),
    /// HTML.
    Html(String),
    /// Plain text.
    Text(String),
}

impl Reply {
    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Content::Empty }
    }

    /// A JSON answer.
    pub(crate) fn json(status: u16, value: Value) -> Self {
        Self { status, headers: Vec::new(), body: Content::Json(value) }
    }

    /// The documented error body: an array of one error.
    pub(crate) fn error(status: u16, code: &str, message: &str) -> Self {
        Self::json(status, json!([{ "message": message, "errorCode": code }]))
    }

    /// An HTML page.
    pub(crate) fn html(status: u16, page: impl Into<String>) -> Self {
        Self { status, headers: Vec::new(), body: Content::Html(page.into()) }
    }

    /// Plain text.
    pub(crate) fn text(status: u16, text: &str) -> Self {
        Self { status, headers: Vec::new(), body: Content::Text(text.to_owned()) }
    }

    /// Adds a header.
    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The answer on the wire, laid out and compressed as the request asks.
    pub(crate) fn into_http(self, request: &Request) -> http::Response<Bytes> {
        let pretty = request.header("x-prettyprint").is_some_and(|value| value.trim() == "1");
        let (kind, body) = match self.body {
            Content::Empty => (None, Vec::new()),
            Content::Json(value) => {
                (Some("application/json;charset=UTF-8"), layout(&value, pretty))
            }
            Content::Html(page) => (Some("text/html;charset=UTF-8"), page.into_bytes()),
            Content::Text(text) => (Some("text/plain;charset=UTF-8"), text.into_bytes()),
        };
        let mut response = http::Response::new(Bytes::new());
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let own = self
            .headers
            .into_iter()
            .chain(kind.map(|kind| ("content-type".to_owned(), kind.to_owned())));
        for (name, value) in own {
            if let (Ok(name), Ok(value)) =
                (name.parse::<HeaderName>(), HeaderValue::from_str(&value))
            {
                response.headers_mut().append(name, value);
            }
        }
        if body.is_empty() || request.method == "HEAD" {
            return response;
        }
        let (body, compressed) =
            if request.accepts_gzip() { compress(body) } else { (body, false) };
        if compressed {
            response
                .headers_mut()
                .insert(http::header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        // Written out here so that an answer cut short by a fault still announces its whole length.
        response.headers_mut().insert(http::header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        *response.body_mut() = Bytes::from(body);
        response
    }
}

/// Compresses a body; gives it back as it is when that fails, which in memory it does not.
fn compress(body: Vec<u8>) -> (Vec<u8>, bool) {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    match encoder.write_all(&body).and_then(|()| encoder.finish()) {
        Ok(packed) => (packed, true),
        Err(_) => (body, false),
    }
}

fn layout(value: &Value, pretty: bool) -> Vec<u8> {
    if !pretty {
        return value.to_string().into_bytes();
    }
    let mut text = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut text, Spacious::default());
    match value.serialize(&mut serializer) {
        Ok(()) => text,
        Err(_) => value.to_string().into_bytes(),
    }
}

/// Salesforce's layout under `X-PrettyPrint: 1`: indented, with a blank on both sides of the colon.
#[derive(Default)]
struct Spacious {
    lines: PrettyFormatter<'static>,
}

impl Formatter for Spacious {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.lines.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.lines.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.lines.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.lines.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.lines.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.lines.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.lines.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b" : ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.lines.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::layout;

    #[test]
    fn pretty_json_has_blanks_around_the_colon() {
        let text = String::from_utf8(layout(&json!({ "a": [1], "b": {} }), true)).expect("text");
        assert_eq!(text, "{\n  \"a\" : [\n    1\n  ],\n  \"b\" : {}\n}");
        assert_eq!(layout(&json!({ "a": 1 }), false), br#"{"a":1}"#);
    }
}
