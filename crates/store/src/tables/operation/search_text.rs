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

/// What is looked for among the rows of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Needle {
    words: String,
    id: Option<String>,
}

impl Needle {
    /// `None` for a blank text, which every row holds.
    pub(super) fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let plain = text.bytes().all(|letter| letter.is_ascii_alphanumeric());
        // Every id has digits; a plain word need not be looked for among them.
        let like_id = plain && text.bytes().any(|letter| letter.is_ascii_digit());
        let id = like_id.then(|| text.to_owned());
        (!text.is_empty()).then(|| Self { words: folded(text, usize::MAX), id })
    }

    /// Whether it must be looked for among the ids, too.
    pub(super) fn may_be_id(&self) -> bool {
        self.id.is_some()
    }

    /// Whether one of the stored texts or ids holds it. Ids are compared with case: theirs tells two records apart.
    pub(super) fn is_in(&self, texts: [&str; 2], ids: [&str; 2]) -> bool {
        texts.iter().any(|text| text.contains(&self.words))
            || self.id.as_ref().is_some_and(|id| ids.iter().any(|own| own.contains(id)))
    }
}

/// The text as it is compared: lower case, because SQLite itself knows only the case of ASCII letters.
pub(super) fn folded(text: &str, limit: usize) -> String {
    text.chars().take(limit).flat_map(char::to_lowercase).collect()
}
