//! Query text to tokens.

use crate::soql::error::SoqlError;
use crate::soql::literal::unescape;

/// Longest text literal in WHERE (wire reference 5.1).
const TEXT_CHARACTERS_MAX: usize = 4_000;

/// A token and the byte where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) at: usize,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A keyword, name or dotted path.
    Word(String),
    /// Raw text between quotes with known escapes only.
    Text(String),
    /// Something that begins with a digit or a sign: a number, date or datetime.
    Number(String),
    /// `,` `(` `)` `:` `=` `!=` `<` `<=` `>` `>=`; `<>` is read as `!=`.
    Symbol(&'static str),
    /// The end of the text.
    End,
}

/// Splits a query into tokens from a byte on; the last one is always [`TokenKind::End`].
///
/// # Errors
/// `MALFORMED_QUERY` for an open quote, an unknown escape, a text over the limit or a foreign character.
pub(crate) fn tokens(source: &str, from: usize) -> Result<Vec<Token>, SoqlError> {
    let mut tokens = Vec::new();
    let mut at = from;
    while let Some(first) = source[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (kind, length) = token(source, at, first)?;
        tokens.push(Token { kind, at });
        at += length;
    }
    tokens.push(Token { kind: TokenKind::End, at: source.len() });
    Ok(tokens)
}

fn token(source: &str, at: usize, first: char) -> Result<(TokenKind, usize), SoqlError> {
    let rest = &source[at..];
    if first == '\'' {
        return text(source, at);
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let length = run(rest, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
        return Ok((TokenKind::Word(rest[..length].to_owned()), length));
    }
    if first.is_ascii_digit() || matches!(first, '+' | '-' | '.') {
        let length = run(rest, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '+' | '-'));
        return Ok((TokenKind::Number(rest[..length].to_owned()), length));
    }
    symbol(rest)
        .ok_or_else(|| SoqlError::malformed(source, at, &format!("unexpected token: '{first}'")))
}

fn symbol(rest: &str) -> Option<(TokenKind, usize)> {
    if rest.starts_with("<>") {
        return Some((TokenKind::Symbol("!="), 2));
    }
    let known = ["!=", "<=", ">=", "=", "<", ">", ",", "(", ")", ":"];
    let symbol = known.into_iter().find(|symbol| rest.starts_with(symbol))?;
    Some((TokenKind::Symbol(symbol), symbol.len()))
}

fn text(source: &str, at: usize) -> Result<(TokenKind, usize), SoqlError> {
    let body = &source[at + 1..];
    let mut escaped = false;
    let end = body.char_indices().find(|(_, character)| {
        let closes = *character == '\'' && !escaped;
        escaped = *character == '\\' && !escaped;
        closes
    });
    let Some((end, _)) = end else {
        return Err(SoqlError::malformed(source, at, "line breaks not allowed in string literals"));
    };
    let raw = &body[..end];
    unescape(raw).map_err(|unknown| {
        SoqlError::malformed(
            source,
            at + 1 + unknown.0,
            "Illegal escape sequence in a string literal: use \\n \\r \\t \\b \\f \\\" \\' \\\\ \\_ \\% or \\uXXXX",
        )
    })?;
    if raw.chars().count() > TEXT_CHARACTERS_MAX {
        let text = format!("string literal is longer than {TEXT_CHARACTERS_MAX} characters");
        return Err(SoqlError::malformed(source, at, &text));
    }
    Ok((TokenKind::Text(raw.to_owned()), end + 2))
}

fn run(rest: &str, belongs: impl Fn(char) -> bool) -> usize {
    rest.find(|character| !belongs(character)).unwrap_or(rest.len())
}
