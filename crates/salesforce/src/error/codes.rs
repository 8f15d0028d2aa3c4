//! The org's error codes: what to do about each and what to tell an admin (wire reference 3.1).

mod table;

use crate::error::ErrorClass;
use crate::error::codes::table::{GOVERNOR_LIMIT, LOCKED, SPECIAL};
use crate::error::trigger::{TriggerFailure, Underneath, is_wrapper};

pub(crate) use crate::error::codes::table::CODES;

/// One known code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeEntry {
    /// `errorCode` or `statusCode`.
    pub code: &'static str,
    /// What to do about it, unless the text says otherwise ([`entry_for`]).
    pub class: ErrorClass,
    /// The next step for an admin.
    pub remedy: &'static str,
}

/// The remedy of a code that is not in the table.
pub const UNKNOWN_REMEDY: &str = "this build does not know the error: read the org's text, try the change by hand in the org, and report the code";

/// Finds a code by itself.
#[must_use]
pub fn entry(code: &str) -> Option<&'static CodeEntry> {
    CODES.iter().find(|entry| entry.code == code)
}

/// Finds what a code means with this text: some codes stand for several causes, and a trigger's failure wraps another.
#[must_use]
pub fn entry_for(code: &str, message: &str) -> Option<&'static CodeEntry> {
    if is_wrapper(code)
        && let Some(found) = wrapped(code, message)
    {
        return Some(found);
    }
    let lowered = message.to_lowercase();
    let fits = |special: &&table::Special| {
        special.entry.code == code && lowered.contains(&special.says.to_lowercase())
    };
    SPECIAL.iter().find(fits).map(|special| &special.entry).or_else(|| entry(code))
}

/// The next step for an admin.
#[must_use]
pub fn remedy(code: &str, message: &str) -> &'static str {
    entry_for(code, message).map_or(UNKNOWN_REMEDY, |entry| entry.remedy)
}

/// What to do about a code; for codes that wrap several causes the text decides.
#[must_use]
pub fn class(code: &str, message: &str) -> ErrorClass {
    entry_for(code, message).map_or(ErrorClass::Unknown, |entry| entry.class)
}

fn wrapped(code: &str, message: &str) -> Option<&'static CodeEntry> {
    match TriggerFailure::read(code, message).underneath {
        Underneath::Lock => Some(&LOCKED),
        Underneath::GovernorLimit => Some(&GOVERNOR_LIMIT),
        Underneath::Code(inner) => entry(&inner),
        Underneath::Unknown => None,
    }
}

#[cfg(test)]
mod tests;
