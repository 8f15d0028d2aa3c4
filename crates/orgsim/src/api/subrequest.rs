//! One entry of a composite or batch call: its URL, and references to earlier answers.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::api::error::ApiError;
use crate::wire::ApiRequest;

/// What earlier entries answered, by reference id.
pub(crate) type Answers = BTreeMap<String, Value>;

/// Builds the request behind a subrequest's URL. Paths begin with `/services/data/vXX.X/` or, in a batch, `vXX.X/`.
///
/// # Errors
/// `INVALID_INPUT` for another path.
pub(crate) fn request(
    method: &str,
    url: &str,
    headers: Vec<(String, String)>,
    body: Option<&Value>,
) -> Result<ApiRequest, ApiError> {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let path = path.trim_start_matches('/');
    let path = path.strip_prefix("services/data/").unwrap_or(path);
    let mut segments = path.split('/').filter(|segment| !segment.is_empty()).map(decode);
    let version = segments.next().filter(|version| version.starts_with('v'));
    let version = version.ok_or_else(|| {
        let message = format!("The url {url} must begin with /services/data/ and an API version");
        ApiError::call(400, "INVALID_INPUT", message)
    })?;
    Ok(ApiRequest {
        method: method.to_ascii_uppercase(),
        version: version[1..].to_owned(),
        segments: segments.collect(),
        query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        headers,
        body: body.map(|body| body.to_string().into_bytes()).unwrap_or_default(),
    })
}

/// Replaces each `@{ref.path}` inside a text.
///
/// # Errors
/// `PROCESSING_HALTED` when an earlier answer has no such value.
pub(crate) fn fill_text(text: &str, answers: &Answers) -> Result<String, ApiError> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("@{") {
        let (before, from) = rest.split_at(start);
        let Some(end) = from.find('}') else { break };
        filled.push_str(before);
        match lookup(&from[2..end], answers)? {
            Value::String(value) => filled.push_str(value),
            other => filled.push_str(&other.to_string()),
        }
        rest = &from[end + 1..];
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Replaces references in every text of a body; a text that is one reference alone takes the value's own type.
///
/// # Errors
/// Like [`fill_text`].
pub(crate) fn fill(value: &Value, answers: &Answers) -> Result<Value, ApiError> {
    match value {
        Value::String(text) => match text.strip_prefix("@{").and_then(|t| t.strip_suffix('}')) {
            Some(path) if !path.contains('}') => lookup(path, answers).cloned(),
            _ => fill_text(text, answers).map(Value::String),
        },
        Value::Array(list) => list.iter().map(|item| fill(item, answers)).collect(),
        Value::Object(object) => {
            let entries = object.iter().map(|(key, item)| Ok((key.clone(), fill(item, answers)?)));
            entries.collect::<Result<Map<_, _>, _>>().map(Value::Object)
        }
        other => Ok(other.clone()),
    }
}

fn lookup<'answers>(path: &str, answers: &'answers Answers) -> Result<&'answers Value, ApiError> {
    let mut steps = path.split(['.', '[']).map(|step| step.trim_end_matches(']'));
    let reference = steps.next().unwrap_or_default();
    let found = answers.get(reference).and_then(|answer| {
        steps.try_fold(answer, |value, step| match value {
            Value::Array(list) => list.get(step.parse::<usize>().ok()?),
            Value::Object(object) => object.get(step),
            _ => None,
        })
    });
    found.ok_or_else(|| {
        let message =
            format!("Invalid reference specified. No value for {path} found in {reference}.");
        ApiError::call(400, "PROCESSING_HALTED", message)
    })
}

fn decode(segment: &str) -> String {
    // Path segments differ from form values only in the plus sign.
    let escaped =
        format!("{}=", segment.replace('+', "%2B").replace('&', "%26").replace('=', "%3D"));
    let decoded = form_urlencoded::parse(escaped.as_bytes()).next();
    decoded.map(|(name, _)| name.into_owned()).unwrap_or_default()
}
