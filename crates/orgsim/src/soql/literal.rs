//! Text between quotes: the documented escapes, and LIKE patterns.

/// What may follow a backslash: `\n \r \t \b \f \" \' \\ \_ \% \uXXXX`; anything else is an error.
pub(crate) fn unescape(raw: &str) -> Result<String, UnknownEscape> {
    let mut value = String::with_capacity(raw.len());
    for piece in Pieces::new(raw) {
        match piece? {
            Piece::Plain(character) | Piece::Escaped(character) => value.push(character),
        }
    }
    Ok(value)
}

/// Writes text so that [`unescape`] reads the same text back.
#[cfg(test)]
pub(crate) fn escape(value: &str) -> String {
    let mut raw = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '\n' => raw.push_str("\\n"),
            '\r' => raw.push_str("\\r"),
            '\t' => raw.push_str("\\t"),
            '\u{8}' => raw.push_str("\\b"),
            '\u{c}' => raw.push_str("\\f"),
            '\'' | '"' | '\\' => raw.extend(['\\', character]),
            other => raw.push(other),
        }
    }
    raw
}

/// A backslash followed by something the language does not know, at this byte of the raw text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnknownEscape(pub(crate) usize);

/// A LIKE pattern; compared without case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LikePattern {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Any,
    One,
    Exactly(char),
}

impl LikePattern {
    /// Reads the raw text: `%` and `_` are wildcards unless a backslash stands before them.
    pub(crate) fn new(raw: &str) -> Result<Self, UnknownEscape> {
        let mut parts = Vec::new();
        for piece in Pieces::new(raw) {
            match piece? {
                Piece::Plain('%') => parts.push(Part::Any),
                Piece::Plain('_') => parts.push(Part::One),
                Piece::Plain(character) | Piece::Escaped(character) => {
                    parts.extend(character.to_lowercase().map(Part::Exactly));
                }
            }
        }
        Ok(Self { parts })
    }

    /// True when the whole text fits. This runs for each row of a table, so plain text is not copied.
    pub(crate) fn matches(&self, text: &str) -> bool {
        if text.is_ascii() {
            let bytes = text.as_bytes();
            return self.fits(bytes.len(), |at| char::from(bytes[at].to_ascii_lowercase()));
        }
        let characters: Vec<char> = text.to_lowercase().chars().collect();
        self.fits(characters.len(), |at| characters[at])
    }

    /// Linear with one point to come back to, so no pattern is slow.
    fn fits(&self, length: usize, character: impl Fn(usize) -> char) -> bool {
        let (mut at, mut part, mut retry) = (0, 0, None);
        while at < length {
            match self.parts.get(part) {
                Some(Part::Any) => {
                    retry = Some((at, part));
                    part += 1;
                }
                Some(Part::One) => (at, part) = (at + 1, part + 1),
                Some(Part::Exactly(wanted)) if *wanted == character(at) => {
                    (at, part) = (at + 1, part + 1);
                }
                _ => {
                    let Some((from, any)) = retry else { return false };
                    retry = Some((from + 1, any));
                    (at, part) = (from + 1, any + 1);
                }
            }
        }
        self.parts[part..].iter().all(|rest| *rest == Part::Any)
    }
}

enum Piece {
    Plain(char),
    Escaped(char),
}

struct Pieces<'raw> {
    raw: &'raw str,
    at: usize,
}

impl<'raw> Pieces<'raw> {
    fn new(raw: &'raw str) -> Self {
        Self { raw, at: 0 }
    }

    fn unicode(&self) -> Option<char> {
        let digits = self.raw.get(self.at + 2..self.at + 6)?;
        let all_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u32::from_str_radix(digits, 16).ok().filter(|_| all_hex).and_then(char::from_u32)
    }
}

impl Iterator for Pieces<'_> {
    type Item = Result<Piece, UnknownEscape>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut rest = self.raw[self.at..].chars();
        let first = rest.next()?;
        if first != '\\' {
            self.at += first.len_utf8();
            return Some(Ok(Piece::Plain(first)));
        }
        let escaped = match rest.next() {
            Some('n' | 'N') => Some(('\n', 2)),
            Some('r' | 'R') => Some(('\r', 2)),
            Some('t' | 'T') => Some(('\t', 2)),
            Some('b' | 'B') => Some(('\u{8}', 2)),
            Some('f' | 'F') => Some(('\u{c}', 2)),
            Some(same @ ('"' | '\'' | '\\' | '_' | '%')) => Some((same, 2)),
            Some('u') => self.unicode().map(|character| (character, 6)),
            _ => None,
        };
        let Some((character, length)) = escaped else {
            let at = self.at;
            self.at = self.raw.len();
            return Some(Err(UnknownEscape(at)));
        };
        self.at += length;
        Some(Ok(Piece::Escaped(character)))
    }
}
