//! A request as this org reads it: decoded path, query and body.

use std::io::Read as _;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use url::form_urlencoded;

use crate::faults::Call;
use crate::router::reply::Reply;

/// URI and headers together may have this many bytes (wire reference, section 3).
const HEAD_MAX_BYTES: usize = 16_384;

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Upper-case method.
    pub(crate) method: String,
    /// Path and query as sent.
    pub(crate) path_and_query: String,
    /// Decoded path segments; empty ones, from doubled and trailing slashes, are left out.
    pub(crate) segments: Vec<String>,
    /// Decoded query parameters.
    pub(crate) query: Vec<(String, String)>,
    /// Header names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body, decompressed.
    pub(crate) body: Bytes,
}

impl Request {
    /// Reads a request, or gives the answer that refuses it.
    pub(crate) fn read(request: http::Request<Bytes>) -> Result<Self, Box<http::Response<Bytes>>> {
        let (head, body) = request.into_parts();
        let headers: Vec<(String, String)> = head
            .headers
            .iter()
            .map(|(name, value)| {
                (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect();
        let path_and_query = head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let mut request = Self {
            method: head.method.as_str().to_ascii_uppercase(),
            segments: segments(head.uri.path()),
            query: pairs(head.uri.query().unwrap_or_default().as_bytes()),
            path_and_query,
            headers,
            body: Bytes::new(),
        };
        if let Some(status) = request.oversize() {
            return Err(Box::new(Reply::html(status, "<h1>Bad Message</h1>").into_http(&request)));
        }
        match request.decompress(&body) {
            Some(body) => request.body = body,
            None => {
                let reply =
                    Reply::error(400, "JSON_PARSER_ERROR", "The request body is not valid gzip");
                return Err(Box::new(reply.into_http(&request)));
            }
        }
        Ok(request)
    }

    /// The first value of a header.
    pub(crate) fn header(&self, lower_case_name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(name, _)| name == lower_case_name)
            .map(|(_, value)| value.as_str())
    }

    /// The token of an `Authorization` header with one of the two schemes that Salesforce takes.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.trim().split_once(' ')?;
        let known = scheme.eq_ignore_ascii_case("Bearer") || scheme.eq_ignore_ascii_case("OAuth");
        Some(token.trim()).filter(|token| known && !token.is_empty())
    }

    /// The fields of a form body; none when the body is something else.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        let kind = self.header("content-type").unwrap_or_default();
        if kind.trim_start().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
            pairs(&self.body)
        } else {
            Vec::new()
        }
    }

    /// What a fault can match.
    pub(crate) fn call(&self) -> Call<'_> {
        Call {
            method: &self.method,
            path_and_query: &self.path_and_query,
            segments: &self.segments,
            query: &self.query,
            body: &self.body,
        }
    }

    /// True when the client wants a compressed answer.
    pub(crate) fn accepts_gzip(&self) -> bool {
        let accepted = self.header("accept-encoding").unwrap_or_default();
        accepted.split(',').any(|coding| coding.trim().split(';').next() == Some("gzip"))
    }

    fn oversize(&self) -> Option<u16> {
        const URI_TOO_LONG: u16 = 414;
        const HEADERS_TOO_LARGE: u16 = 431;
        let headers: usize =
            self.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        let uri = self.path_and_query.len();
        if uri > HEAD_MAX_BYTES {
            return Some(URI_TOO_LONG);
        }
        (uri + headers > HEAD_MAX_BYTES).then_some(HEADERS_TOO_LARGE)
    }

    fn decompress(&self, body: &Bytes) -> Option<Bytes> {
        if !self
            .header("content-encoding")
            .is_some_and(|coding| coding.eq_ignore_ascii_case("gzip"))
        {
            return Some(body.clone());
        }
        let mut text = Vec::new();
        MultiGzDecoder::new(&body[..]).read_to_end(&mut text).ok()?;
        Some(Bytes::from(text))
    }
}

/// The first non-empty value of a parameter.
pub(crate) fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(own, value)| own == name && !value.is_empty())
        .map(|(_, value)| value.as_str())
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').filter(|segment| !segment.is_empty()).map(decode).collect()
}

/// Decodes one segment after the split, so that `%2F` stays inside it.
fn decode(segment: &str) -> String {
    // In a path, unlike in a form, a plus sign is a plus sign.
    let escaped = segment.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(escaped.as_bytes())
        .next()
        .map(|(text, _)| text.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::Request;

    fn read(uri: &str) -> Request {
        let request = http::Request::get(uri).body(Bytes::new()).expect("a request");
        Request::read(request).expect("a readable request")
    }

    #[test]
    fn doubled_and_trailing_slashes_do_not_count() {
        let request = read("//services/data/v68.0/query/?q=SELECT+Id");
        assert_eq!(request.segments, ["services", "data", "v68.0", "query"]);
        assert_eq!(request.query, [("q".to_owned(), "SELECT Id".to_owned())]);
    }

    #[test]
    fn an_escaped_slash_stays_inside_its_segment_and_a_plus_is_a_plus() {
        let request = read("/sobjects/Account/ERP_Key__c/a%2Fb+c%3Dd&e%C3%A9");
        assert_eq!(request.segments[3], "a/b+c=d&eé");
    }

    #[test]
    fn a_long_uri_is_414_and_long_headers_are_431() {
        let long = "x".repeat(16_384);
        let uri = http::Request::get(format!("/{long}")).body(Bytes::new()).expect("a request");
        assert_eq!(Request::read(uri).expect_err("too long").status(), 414);
        let header =
            http::Request::get("/").header("x-long", long).body(Bytes::new()).expect("a request");
        assert_eq!(Request::read(header).expect_err("too long").status(), 431);
    }

    #[test]
    fn both_schemes_carry_a_token_and_nothing_else_does() {
        for (header, token) in
            [("Bearer a!b", Some("a!b")), ("oauth a", Some("a")), ("Basic a", None), ("a", None)]
        {
            let request = http::Request::get("/")
                .header("authorization", header)
                .body(Bytes::new())
                .expect("a request");
            assert_eq!(Request::read(request).expect("readable").bearer(), token, "{header}");
        }
    }
}
