//! What stands in place of the answer of a request that a fault keeps from being executed.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::faults::Fate;
use crate::router::reply::{Content, Reply};
use crate::router::request::Request;

/// Bytes that a bomb is packed from at a time.
const MEGABYTE: usize = 1024 * 1024;

/// The answer that a fault gives instead of the org.
pub(super) fn reply(fate: &Fate, request: &Request) -> Reply {
    match fate {
        Fate::Html200 => Reply::html(200, PORTAL_PAGE),
        Fate::Error { status, error_code, message } => Reply::error(*status, error_code, message),
        Fate::RequestLimit(limit) => Reply::error(403, "REQUEST_LIMIT_EXCEEDED", limit.message()),
        Fate::TooManyRequests { retry_after_s } => {
            let reply = Reply::html(429, TOO_MANY_PAGE);
            match retry_after_s {
                Some(seconds) => reply.with_header("retry-after", &seconds.to_string()),
                None => reply,
            }
        }
        Fate::EmptyAnswer { status } => Reply::empty(*status),
        Fate::GzipBomb { megabytes } => bomb(*megabytes),
        Fate::DeepJson { levels } => Reply {
            status: 200,
            headers: vec![json_kind()],
            body: Content::Bytes(["[".repeat(*levels), "]".repeat(*levels)].concat().into_bytes()),
        },
        Fate::Redirect { host } => {
            let location = format!("{}{}", host.trim_end_matches('/'), request.path_and_query);
            Reply::empty(302).with_header("location", &location)
        }
        Fate::OauthError { error, error_description, status } => {
            let body = json!({ "error": error, "error_description": error_description });
            Reply::json(*status, body).with_header("cache-control", "no-store")
        }
        _ => Reply::html(503, UNAVAILABLE_PAGE),
    }
}

fn json_kind() -> (String, String) {
    ("content-type".to_owned(), "application/json;charset=UTF-8".to_owned())
}

/// A JSON text of blanks that packs to a thousandth of its size.
fn bomb(megabytes: usize) -> Reply {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let blanks = vec![b' '; MEGABYTE];
    let written = (0..megabytes).try_for_each(|_| encoder.write_all(&blanks));
    let packed = written.and_then(|()| encoder.write_all(b"[]")).and_then(|()| encoder.finish());
    Reply {
        status: 200,
        headers: vec![json_kind(), ("content-encoding".to_owned(), "gzip".to_owned())],
        // Writing to memory does not fail.
        body: Content::Bytes(packed.unwrap_or_default()),
    }
}

const UNAVAILABLE_PAGE: &str = "<!DOCTYPE html><html><head><title>Service Unavailable</title></head>\
    <body><h1>We are down for maintenance.</h1><p>Sorry for the inconvenience. We'll be back shortly.</p></body></html>";

/// What a proxy or a hotel network puts in place of the answer.
const PORTAL_PAGE: &str = "<!DOCTYPE html><html><head><title>Welcome</title></head>\
    <body><h1>Please accept the terms of use</h1></body></html>";

const TOO_MANY_PAGE: &str = "<!DOCTYPE html><html><head><title>Too Many Requests</title></head>\
    <body><h1>Too Many Requests</h1></body></html>";
