//! CSV as Bulk jobs read and write it (wire reference 7.1): RFC 4180, strict about blanks before quotes.

use std::borrow::Cow;
use std::ops::Range;

use crate::bulk::dialect::{Dialect, LineEnding};

/// Why a line is no CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Malformed {
    /// A quoted cell goes on behind its closing quote.
    #[error("a quoted value is followed by something else than a delimiter")]
    TextBehind,
    /// Blanks stand between a delimiter and a quote.
    #[error("a blank stands between a delimiter and a quote")]
    BlankBefore,
    /// The data ends inside quotes.
    #[error("the data ends inside a quoted value")]
    Unclosed,
}

/// One line and where it stands in the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record<'data> {
    /// Without its line ending.
    pub(crate) span: Range<usize>,
    pub(crate) cells: Vec<Cow<'data, str>>,
}

/// Reads records one after the other; blank lines are skipped.
#[derive(Debug, Clone)]
pub(crate) struct Records<'data> {
    data: &'data str,
    at: usize,
    dialect: Dialect,
}

impl<'data> Records<'data> {
    /// Reads `data` from a byte offset at which a line begins.
    pub(crate) fn new(data: &'data str, at: usize, dialect: Dialect) -> Self {
        Self { data, at, dialect }
    }

    /// Where the next line begins.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.data.as_bytes().get(at).copied()
    }

    /// The length of the line ending that stands at an offset; the end of the data is one without length.
    fn line_end(&self, at: usize) -> Option<usize> {
        match (self.byte(at), self.byte(at + 1)) {
            (None, _) => Some(0),
            (Some(b'\n'), _) => Some(1),
            (Some(b'\r'), Some(b'\n')) => Some(2),
            _ => None,
        }
    }

    fn record(&mut self) -> Result<Record<'data>, Malformed> {
        let start = self.at;
        let mut cells = Vec::new();
        loop {
            cells.push(self.cell()?);
            if let Some(length) = self.line_end(self.at) {
                let span = start..self.at;
                self.at += length;
                return Ok(Record { span, cells });
            }
            // A delimiter: everything else was refused by the cell.
            self.at += 1;
        }
    }

    fn cell(&mut self) -> Result<Cow<'data, str>, Malformed> {
        if self.byte(self.at) == Some(b'"') {
            self.at += 1;
            return self.quoted();
        }
        let start = self.at;
        while self.line_end(self.at).is_none() && !self.is_delimiter(self.at) {
            if self.byte(self.at) == Some(b'"') && self.data[start..self.at].trim().is_empty() {
                return Err(Malformed::BlankBefore);
            }
            self.at += 1;
        }
        Ok(Cow::Borrowed(&self.data[start..self.at]))
    }

    fn quoted(&mut self) -> Result<Cow<'data, str>, Malformed> {
        let start = self.at;
        let mut doubled = false;
        loop {
            let rest = &self.data.as_bytes()[self.at..];
            let quote = rest.iter().position(|b| *b == b'"').ok_or(Malformed::Unclosed)?;
            self.at += quote + 1;
            if self.byte(self.at) != Some(b'"') {
                break;
            }
            doubled = true;
            self.at += 1;
        }
        let text = &self.data[start..self.at - 1];
        if self.line_end(self.at).is_none() && !self.is_delimiter(self.at) {
            return Err(Malformed::TextBehind);
        }
        Ok(if doubled { Cow::Owned(text.replace("\"\"", "\"")) } else { Cow::Borrowed(text) })
    }

    fn is_delimiter(&self, at: usize) -> bool {
        self.byte(at) == Some(self.dialect.delimiter.byte())
    }
}

impl<'data> Iterator for Records<'data> {
    type Item = Result<Record<'data>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.at < self.data.len() {
            match self.line_end(self.at) {
                Some(length) => self.at += length,
                None => return Some(self.record()),
            }
        }
        None
    }
}

/// Appends a quoted cell.
pub(crate) fn push_quoted(line: &mut Vec<u8>, text: &str) {
    line.push(b'"');
    if text.as_bytes().contains(&b'"') {
        line.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    } else {
        line.extend_from_slice(text.as_bytes());
    }
    line.push(b'"');
}

/// Appends a line of quoted cells with its ending.
pub(crate) fn push_line<'text>(
    lines: &mut Vec<u8>,
    dialect: Dialect,
    cells: impl IntoIterator<Item = &'text str>,
) {
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            lines.push(dialect.delimiter.byte());
        }
        push_quoted(lines, cell);
    }
    end_line(lines, dialect.line_ending);
}

/// Appends a line ending.
pub(crate) fn end_line(lines: &mut Vec<u8>, ending: LineEnding) {
    lines.extend_from_slice(ending.bytes());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::{Malformed, Records, push_line};
    use crate::bulk::dialect::{Delimiter, Dialect, LineEnding};

    fn read(text: &str) -> Vec<Result<Vec<String>, Malformed>> {
        let records = Records::new(text, 0, Dialect::default());
        records
            .map(|record| Ok(record?.cells.iter().map(|cell| cell.clone().into_owned()).collect()))
            .take(10)
            .collect()
    }

    #[test]
    fn quotes_delimiters_and_line_ends_may_stand_inside_quotes() {
        let line = |cells: &[&str]| Ok(cells.iter().map(|cell| (*cell).to_owned()).collect());
        let text = "Name,Note\n\"a \"\"b\"\", c\",\"two\nlines\"\n\n,x\n\"\",";
        let expected = vec![
            line(&["Name", "Note"]),
            line(&["a \"b\", c", "two\nlines"]),
            line(&["", "x"]),
            line(&["", ""]),
        ];
        assert_eq!(read(text), expected);
    }

    #[test]
    fn a_blank_before_a_quote_and_text_behind_one_are_errors() {
        assert_eq!(read("a, \"b\"\n").first(), Some(&Err(Malformed::BlankBefore)));
        assert_eq!(read("\"b\" ,a\n").first(), Some(&Err(Malformed::TextBehind)));
        assert_eq!(read("\"b").first(), Some(&Err(Malformed::Unclosed)));
        assert!(read("5\" pipe,a\n")[0].is_ok());
    }

    #[test]
    fn a_line_ending_of_the_other_kind_is_seen_also_inside_quotes() {
        assert!(LineEnding::Lf.governs(b"a\nb\n"));
        assert!(!LineEnding::Lf.governs(b"a,\"x\r\ny\"\nb\n"));
        assert!(LineEnding::Crlf.governs(b"a\r\nb"));
        assert!(!LineEnding::Crlf.governs(b"a\r\n\"x\ny\"\r\n"));
        assert!(LineEnding::Crlf.governs(b"one line"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(cells in proptest::collection::vec("[^\r]{1,12}", 1..6), crlf: bool, place in 0..6_usize) {
            let delimiters = [Delimiter::Comma, Delimiter::Tab, Delimiter::Pipe, Delimiter::Caret, Delimiter::Semicolon, Delimiter::Backquote];
            let line_ending = if crlf { LineEnding::Crlf } else { LineEnding::Lf };
            let dialect = Dialect { delimiter: delimiters[place], line_ending };
            let mut data = Vec::new();
            push_line(&mut data, dialect, cells.iter().map(String::as_str));
            push_line(&mut data, dialect, cells.iter().map(String::as_str));
            let text = String::from_utf8(data).expect("text");
            let records: Vec<_> = Records::new(&text, 0, dialect).map(|record| record.expect("a record").cells).collect();
            prop_assert_eq!(records.len(), 2);
            prop_assert_eq!(&records[1], &cells);
        }

        #[test]
        fn reading_ends_on_any_text(text in any::<String>()) {
            let mut records = Records::new(&text, 0, Dialect::default());
            for _ in 0..=text.len() {
                match records.next() {
                    Some(Ok(record)) => prop_assert_eq!(record.span.is_empty(), false),
                    _ => break,
                }
            }
        }
    }
}
