//! An answer before it becomes HTTP: JSON in Salesforce's two layouts, HTML, plain text, gzip.

use std::fmt::{self, Debug};
use std::io::{self, Write};

use bytes::{Bytes, BytesMut};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize as _;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use serde_json::{Value, json};

use crate::router::request::Request;

/// One answer.
#[derive(Debug)]
pub(crate) struct Reply {
    /// HTTP status.
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// What stands in the body.
    pub(crate) body: Content,
}

/// A body.
#[derive(Debug)]
pub(crate) enum Content {
    /// None.
    Empty,
    /// JSON.
    Json(Value),
    /// HTML.
    Html(String),
    /// Plain text.
    Text(String),
    /// Anything else; the media type stands in the headers.
    Bytes(Vec<u8>),
    /// XML with the media type that its API uses.
    Xml(&'static str, String),
    /// CSV, made while it is sent.
    Csv(Pieces),
}

/// A body that is made piece by piece, so that no answer has to fit into memory twice.
pub(crate) struct Pieces(Box<dyn Iterator<Item = Bytes> + Send>);

impl Pieces {
    /// A body of these pieces.
    pub(crate) fn new(pieces: impl Iterator<Item = Bytes> + Send + 'static) -> Self {
        Self(Box::new(pieces))
    }

    /// All pieces in one.
    pub(crate) fn whole(self) -> Bytes {
        let mut body = BytesMut::new();
        self.0.for_each(|piece| body.extend_from_slice(&piece));
        body.freeze()
    }

    fn compressed(self) -> Self {
        Self::new(Compressed {
            pieces: self,
            encoder: Some(GzEncoder::new(Vec::new(), Compression::fast())),
        })
    }
}

impl Debug for Pieces {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Pieces")
    }
}

impl Iterator for Pieces {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        self.0.next()
    }
}

/// Pieces under gzip; writing to memory cannot fail.
struct Compressed {
    pieces: Pieces,
    encoder: Option<GzEncoder<Vec<u8>>>,
}

impl Iterator for Compressed {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        loop {
            let encoder = self.encoder.as_mut()?;
            let Some(piece) = self.pieces.next() else {
                let packed = self.encoder.take()?.finish().unwrap_or_default();
                return Some(Bytes::from(packed));
            };
            let _ = encoder.write_all(&piece);
            let packed = std::mem::take(encoder.get_mut());
            if !packed.is_empty() {
                return Some(Bytes::from(packed));
            }
        }
    }
}

/// The body of an answer on its way out.
#[derive(Debug)]
pub(crate) enum Payload {
    /// Ready, with its length announced.
    Whole(Bytes),
    /// Made while it is sent.
    Pieces(Pieces),
}

impl Payload {
    /// The body in one.
    pub(crate) fn whole(self) -> Bytes {
        match self {
            Self::Whole(body) => body,
            Self::Pieces(pieces) => pieces.whole(),
        }
    }
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

    /// XML.
    pub(crate) fn xml(status: u16, media_type: &'static str, text: String) -> Self {
        Self { status, headers: Vec::new(), body: Content::Xml(media_type, text) }
    }

    /// The answer on the wire in one.
    pub(crate) fn into_http(self, request: &Request) -> http::Response<Bytes> {
        self.into_payload(request).map(Payload::whole)
    }

    /// The answer on the wire, laid out and compressed as the request asks.
    pub(crate) fn into_payload(self, request: &Request) -> http::Response<Payload> {
        let pretty = request.header("x-prettyprint").is_some_and(|value| value.trim() == "1");
        let whole = |text: Vec<u8>| Payload::Whole(Bytes::from(text));
        let (kind, body) = match self.body {
            Content::Empty => (None, whole(Vec::new())),
            Content::Json(value) => {
                (Some("application/json;charset=UTF-8"), whole(layout(&value, pretty)))
            }
            Content::Html(page) => (Some("text/html;charset=UTF-8"), whole(page.into_bytes())),
            Content::Text(text) => (Some("text/plain;charset=UTF-8"), whole(text.into_bytes())),
            Content::Xml(kind, text) => (Some(kind), whole(text.into_bytes())),
            Content::Csv(pieces) => (Some("text/csv;charset=UTF-8"), Payload::Pieces(pieces)),
            Content::Bytes(bytes) => (None, whole(bytes)),
        };
        let mut response = http::Response::new(Payload::Whole(Bytes::new()));
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
        let is_empty = matches!(&body, Payload::Whole(body) if body.is_empty());
        if is_empty || request.method == "HEAD" {
            return response;
        }
        let gzip = HeaderValue::from_static("gzip");
        let packed = response.headers().contains_key(http::header::CONTENT_ENCODING);
        let body = match body {
            body if packed || !request.accepts_gzip() => body,
            Payload::Pieces(pieces) => {
                response.headers_mut().insert(http::header::CONTENT_ENCODING, gzip);
                Payload::Pieces(pieces.compressed())
            }
            Payload::Whole(body) => {
                let (body, compressed) = compress(body);
                if compressed {
                    response.headers_mut().insert(http::header::CONTENT_ENCODING, gzip);
                }
                Payload::Whole(body)
            }
        };
        if let Payload::Whole(body) = &body {
            // Written out here so that an answer cut short by a fault still announces its whole length.
            let length = HeaderValue::from(body.len());
            response.headers_mut().insert(http::header::CONTENT_LENGTH, length);
        }
        *response.body_mut() = body;
        response
    }
}

/// Compresses a body; gives it back as it is when that fails, which in memory it does not.
fn compress(body: Bytes) -> (Bytes, bool) {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    match encoder.write_all(&body).and_then(|()| encoder.finish()) {
        Ok(packed) => (Bytes::from(packed), true),
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
