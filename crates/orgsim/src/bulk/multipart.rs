//! The body of a multipart create: a part `job` with JSON and a part `content` with CSV (API page "Create a Job").

use bytes::Bytes;

use crate::router::reply::Reply;
use crate::router::request::Request;

/// The two parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) job: Bytes,
    pub(crate) content: Bytes,
}

/// Reads a multipart body; `None` when the request has another content type.
pub(crate) fn read(request: &Request) -> Result<Option<Parts>, Reply> {
    let kind = request.header("content-type").unwrap_or_default();
    if !kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
        return Ok(None);
    }
    let boundary = kind.split(';').find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        name.eq_ignore_ascii_case("boundary").then(|| value.trim_matches('"').to_owned())
    });
    let parts = boundary.map(|boundary| parts(&request.body, &boundary)).unwrap_or_default();
    let named = |wanted: &str| {
        let part = parts.iter().find(|(name, _)| name == wanted);
        part.map(|(_, data)| data.clone()).ok_or_else(|| {
            let message = format!("The multipart body has no part {wanted}");
            Reply::error(400, "INVALID_MULTIPART_REQUEST", &message)
        })
    };
    Ok(Some(Parts { job: named("job")?, content: named("content")? }))
}

fn parts(body: &Bytes, boundary: &str) -> Vec<(String, Bytes)> {
    let line = format!("--{boundary}");
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(found) = find(&body[at..], line.as_bytes()) {
        places.push(at + found);
        at += found + line.len();
    }
    let between = places.iter().zip(places.iter().skip(1));
    between.filter_map(|(from, to)| part(&body.slice(from + line.len()..*to))).collect()
}

fn part(part: &Bytes) -> Option<(String, Bytes)> {
    // Some clients end lines with a line feed alone.
    let (head_end, blank) = match find(part, b"\r\n\r\n") {
        Some(at) => (at, 4),
        None => (find(part, b"\n\n")?, 2),
    };
    let head = String::from_utf8_lossy(&part[..head_end]).into_owned();
    let disposition =
        head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition"))?;
    let name = disposition.split(';').find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        name.eq_ignore_ascii_case("name").then(|| value.trim_matches('"').to_owned())
    })?;
    let data = part.slice(head_end + blank..);
    let ending = if data.ends_with(b"\r\n") { 2 } else { usize::from(data.ends_with(b"\n")) };
    let length = data.len() - ending;
    Some((name, data.slice(..length)))
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len().max(1)).position(|window| window == wanted)
}
