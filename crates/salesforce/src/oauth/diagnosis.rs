//! OAuth errors in an admin's words: what they mean and what to change, in terms of External Client Apps.
//!
//! Codes: wire reference 2.6 and 2.7 (Salesforce Help, "OAuth 2.0 Error Codes"; RFC 6749 5.2).

mod entries;

use std::fmt;

use crate::oauth::diagnosis::entries::{ENTRIES, Entry, UNKNOWN, When};

/// One OAuth error, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// OAuth's `error`, as sent (cut to one short line).
    pub code: String,
    /// OAuth's `error_description`, as sent (cut to one line).
    pub description: String,
    /// What it means.
    pub meaning: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// A person has to act; trying again cannot help.
    pub terminal: bool,
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({}", self.meaning, self.code)?;
        if !self.description.is_empty() {
            write!(formatter, ": {}", self.description)?;
        }
        write!(formatter, "); {}", self.remedy)
    }
}

/// The longest part of a server's text that is shown; it can come from a hostile page.
const MAX_SHOWN: usize = 200;

/// Explains an OAuth error.
#[must_use]
pub fn diagnosis(error: &str, description: &str) -> Diagnosis {
    let (code, description) = (one_line(error), one_line(description));
    let lowered = description.to_lowercase();
    let fits = |entry: &&Entry| {
        entry.code == code && (entry.text.is_empty() || lowered.contains(entry.text))
    };
    let entry = ENTRIES.iter().find(fits).unwrap_or(&UNKNOWN);
    Diagnosis {
        code,
        description,
        meaning: entry.meaning,
        remedy: entry.remedy,
        terminal: entry.when == When::AfterAction,
    }
}

fn one_line(text: &str) -> String {
    let clean = |character: char| if character.is_control() { ' ' } else { character };
    text.chars().take(MAX_SHOWN).map(clean).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests;
