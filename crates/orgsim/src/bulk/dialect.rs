//! The two choices a job makes about its CSV: column delimiter and line ending (wire reference 7.1).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How a job's CSV is laid out, both ways.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dialect {
    pub(crate) delimiter: Delimiter,
    pub(crate) line_ending: LineEnding,
}

/// What stands between cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Delimiter {
    Backquote,
    Caret,
    #[default]
    Comma,
    Pipe,
    Semicolon,
    Tab,
}

/// What ends a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum LineEnding {
    #[default]
    Lf,
    Crlf,
}

impl Dialect {
    /// Reads `columnDelimiter` and `lineEnding` of a job; what is left out is comma and LF.
    ///
    /// # Errors
    /// The value that is none of the documented ones, with its key.
    pub(crate) fn read(job: &Map<String, Value>) -> Result<Self, (&'static str, String)> {
        let mut dialect = Self::default();
        if let Some(text) = given(job, "columnDelimiter") {
            dialect.delimiter =
                Delimiter::named(&text).ok_or_else(|| ("columnDelimiter", text.clone()))?;
        }
        if let Some(text) = given(job, "lineEnding") {
            dialect.line_ending =
                LineEnding::named(&text).ok_or_else(|| ("lineEnding", text.clone()))?;
        }
        Ok(dialect)
    }
}

fn given(job: &Map<String, Value>, key: &str) -> Option<String> {
    match job.get(key)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

impl Delimiter {
    const ALL: [Self; 6] =
        [Self::Backquote, Self::Caret, Self::Comma, Self::Pipe, Self::Semicolon, Self::Tab];

    /// The byte.
    pub(crate) fn byte(self) -> u8 {
        match self {
            Self::Backquote => b'`',
            Self::Caret => b'^',
            Self::Comma => b',',
            Self::Pipe => b'|',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }

    /// The name in job bodies.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Backquote => "BACKQUOTE",
            Self::Caret => "CARET",
            Self::Comma => "COMMA",
            Self::Pipe => "PIPE",
            Self::Semicolon => "SEMICOLON",
            Self::Tab => "TAB",
        }
    }

    fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.name() == text)
    }
}

impl LineEnding {
    /// The bytes.
    pub(crate) fn bytes(self) -> &'static [u8] {
        match self {
            Self::Lf => b"\n",
            Self::Crlf => b"\r\n",
        }
    }

    /// The name in job bodies.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lf => "LF",
            Self::Crlf => "CRLF",
        }
    }

    fn named(text: &str) -> Option<Self> {
        [Self::Lf, Self::Crlf].into_iter().find(|own| own.name() == text)
    }

    /// True when `data` holds no line ending of the other kind, quoted or not: the service looks at the bytes alone.
    pub(crate) fn governs(self, data: &[u8]) -> bool {
        let mut before = 0;
        data.iter().all(|byte| {
            let after_return = std::mem::replace(&mut before, *byte) == b'\r';
            *byte != b'\n' || after_return == (self == Self::Crlf)
        })
    }
}
