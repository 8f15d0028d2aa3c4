//! What the org sent, kept beside an error: bounded, and never part of a log line.

use std::fmt;
use std::sync::Arc;

use serde_json::Value as Json;

/// The most of a body that is kept. Real error bodies have some hundred bytes, those with duplicates some thousand.
pub const MAX_KEPT_BYTES: usize = 64 * 1024;

/// The most errors that are kept of one body.
pub(super) const MAX_ERRORS: usize = 200;

/// Longest text of one error that is shown whole; what is longer quotes a value of the record.
const MAX_MESSAGE_CHARACTERS: usize = 2_000;
/// How much of a longer text's end is shown: the org names the limit after the value.
const TAIL_CHARACTERS: usize = 500;

/// The beginning of a body as it came; it can hold record values, so `Debug` tells its length alone.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct OriginalBody(Option<Arc<str>>);

impl OriginalBody {
    /// Nothing was kept: there was no body.
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    /// Keeps the beginning of a body, at most [`MAX_KEPT_BYTES`].
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        if body.is_empty() {
            return Self(None);
        }
        let front = body.get(..MAX_KEPT_BYTES).unwrap_or(body);
        Self(Some(String::from_utf8_lossy(front).into()))
    }

    /// The text; `None` for an answer without a body.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl fmt::Debug for OriginalBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "OriginalBody({} bytes)", self.0.as_deref().map_or(0, str::len))
    }
}

/// One error's JSON, or the beginning of its text where it is larger than [`MAX_KEPT_BYTES`].
pub(super) fn kept_json(json: &Json) -> Json {
    let text = json.to_string();
    if text.len() <= MAX_KEPT_BYTES {
        return json.clone();
    }
    Json::String(String::from_utf8_lossy(&text.as_bytes()[..MAX_KEPT_BYTES]).into_owned())
}

/// A text with its middle left out where it is long: a value of 131,072 characters in it would fill page and log.
pub(super) fn shortened(text: &str) -> String {
    let count = text.chars().count();
    if count <= MAX_MESSAGE_CHARACTERS {
        return text.to_owned();
    }
    let head: String = text.chars().take(MAX_MESSAGE_CHARACTERS - TAIL_CHARACTERS).collect();
    let tail: String = text.chars().skip(count - TAIL_CHARACTERS).collect();
    format!("{head} [{} characters left out] {tail}", count - MAX_MESSAGE_CHARACTERS)
}
