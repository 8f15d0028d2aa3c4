//! What a row is found by when a person types a part of its name or of why it was stopped.

use isthmus_model::cause::Cause;
use isthmus_model::plan::Operation;

/// Characters kept of a name: enough to tell rows apart, and a name of thousands does not swell the index.
const NAME_LIMIT: usize = 120;
/// Characters kept of a message: the orgs' own sentences are shorter as a rule.
const CAUSE_LIMIT: usize = 240;

/// The row's name or key; empty where there is none but its ids, which have columns of their own.
pub(super) fn name_text(operation: &Operation) -> String {
    operation.name().map(|name| folded(&name, NAME_LIMIT)).unwrap_or_default()
}

/// Why the row was stopped; empty where it was not.
pub(super) fn cause_text(cause: Option<&Cause>) -> String {
    cause.map(|cause| folded(&cause.message, CAUSE_LIMIT)).unwrap_or_default()
}

/// The text as it is compared: lower case, because SQLite itself knows only the case of ASCII letters.
pub(super) fn folded(text: &str, limit: usize) -> String {
    text.chars().take(limit).flat_map(char::to_lowercase).collect()
}
