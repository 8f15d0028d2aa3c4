//! Why a query was refused, in the words and shape of the service.

use std::fmt::Write as _;

/// How much of a long line an error shows on either side of its place.
const EXCERPT_CHARACTERS: usize = 60;

/// A refused query: an error code and a message with the place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct SoqlError {
    /// `MALFORMED_QUERY`, `INVALID_FIELD`, `INVALID_TYPE`, …
    pub code: &'static str,
    /// The message as the API gives it.
    pub message: String,
}

impl SoqlError {
    /// An error without a place.
    pub(crate) fn plain(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// An error at a byte offset of the query: excerpt, caret, row and column, then the text.
    pub(crate) fn at(code: &'static str, source: &str, offset: usize, text: &str) -> Self {
        let offset = (0..=offset.min(source.len())).rev().find(|at| source.is_char_boundary(*at));
        let (before, after) = source.split_at(offset.unwrap_or_default());
        let row = before.matches('\n').count() + 1;
        let line_start = before.rsplit('\n').next().unwrap_or_default();
        let column = line_start.chars().count();
        let skipped = column.saturating_sub(EXCERPT_CHARACTERS);
        let mut excerpt: String = line_start.chars().skip(skipped).collect();
        let caret = excerpt.chars().count();
        excerpt.extend(after.chars().take_while(|c| *c != '\n').take(EXCERPT_CHARACTERS));
        let mut message = String::new();
        // Writing to a String cannot fail.
        let _ = write!(
            message,
            "\n{excerpt}\n{:caret$}^\nERROR at Row:{row}:Column:{}\n{text}",
            "",
            column + 1
        );
        Self { code, message }
    }

    /// A syntax error.
    pub(crate) fn malformed(source: &str, offset: usize, text: &str) -> Self {
        Self::at("MALFORMED_QUERY", source, offset, text)
    }

    /// A field that does not exist on an object.
    pub(crate) fn no_column(source: &str, offset: usize, field: &str, object: &str) -> Self {
        let text = format!(
            "No such column '{field}' on entity '{object}'. If you are attempting to use a custom field, be sure to \
             append the '__c' after the custom field name. Please reference your WSDL or the describe call for the \
             appropriate names."
        );
        Self::at("INVALID_FIELD", source, offset, &text)
    }

    /// A parent relationship that does not exist.
    pub(crate) fn no_relationship(source: &str, offset: usize, name: &str) -> Self {
        let text = format!(
            "Didn't understand relationship '{name}' in field path. If you are attempting to use a custom \
             relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL \
             or the describe call for the appropriate names."
        );
        Self::at("INVALID_FIELD", source, offset, &text)
    }

    /// A list of children that does not exist.
    pub(crate) fn no_children(source: &str, offset: usize, name: &str) -> Self {
        let text = format!(
            "Didn't understand relationship '{name}' in FROM part of query call. If you are attempting to use a custom \
             relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL \
             or the describe call for the appropriate names."
        );
        Self::at("INVALID_TYPE", source, offset, &text)
    }

    /// An object that does not exist.
    pub(crate) fn no_object(source: &str, offset: usize, name: &str) -> Self {
        let text = format!(
            "sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure to append \
             the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate \
             names."
        );
        Self::at("INVALID_TYPE", source, offset, &text)
    }
}
