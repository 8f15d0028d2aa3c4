//! The result of a query as a file in memory, and pages cut from it: pieces of shared bytes, so that a page is served
//! without a copy.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::bulk::csv::{Records, push_line};
use crate::bulk::dialect::Dialect;

/// What stands before the first record of a JSON result.
const ARRAY_BEGIN: &[u8] = b"[";

/// What stands between two records of a JSON result. A record itself has no line break, so that one ends it.
pub(crate) const BETWEEN_RECORDS: &[u8] = b",\n";

/// How rows are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Encoding {
    /// CSV with a header line.
    Csv(Dialect),
    /// A JSON array, for Bulk v1 alone; with the API version that the records' URLs name, for example `40.0`.
    Json(String),
}

/// A finished or growing result.
#[derive(Debug, Clone, Default)]
pub(crate) struct ResultFile {
    /// What stands before the rows.
    header: Bytes,
    pieces: Vec<Piece>,
    rows: usize,
}

/// Some rows of a result.
#[derive(Debug, Clone)]
struct Piece {
    first_row: usize,
    bytes: Bytes,
    /// Where each row ends.
    ends: Vec<usize>,
}

impl ResultFile {
    /// A result without rows.
    pub(crate) fn begin(encoding: &Encoding, columns: &[String]) -> Self {
        let header = match encoding {
            Encoding::Csv(dialect) => {
                let mut header = Vec::new();
                push_line(&mut header, *dialect, columns.iter().map(String::as_str));
                Bytes::from(header)
            }
            Encoding::Json(_) => Bytes::from_static(ARRAY_BEGIN),
        };
        Self { header, pieces: Vec::new(), rows: 0 }
    }

    /// Reads a whole result back, as `page(0, usize::MAX)` gave it; `None` when it is something else.
    pub(crate) fn read(encoding: &Encoding, content: &Bytes) -> Option<Self> {
        let (header, ends) = match encoding {
            Encoding::Csv(dialect) => {
                let mut records = Records::new(std::str::from_utf8(content).ok()?, 0, *dialect);
                records.next()?.ok()?;
                let header = records.position();
                let mut ends = Vec::new();
                while let Some(record) = records.next() {
                    record.ok()?;
                    ends.push(records.position() - header);
                }
                (header, ends)
            }
            Encoding::Json(_) => {
                let records = content.strip_prefix(ARRAY_BEGIN)?;
                let breaks = records.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
                // The comma belongs to the record behind it.
                let mut ends: Vec<usize> =
                    breaks.map(|(at, _)| at.saturating_sub(BETWEEN_RECORDS.len() - 1)).collect();
                ends.extend((!records.is_empty()).then_some(records.len()));
                (ARRAY_BEGIN.len(), ends)
            }
        };
        let mut file = Self { header: content.slice(..header), pieces: Vec::new(), rows: 0 };
        file.push(content.slice(header..), ends);
        Some(file)
    }

    /// Appends rows, which end where `ends` says.
    pub(crate) fn push(&mut self, bytes: Bytes, ends: Vec<usize>) {
        if !ends.is_empty() {
            let first_row = self.rows;
            self.rows += ends.len();
            self.pieces.push(Piece { first_row, bytes, ends });
        }
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// The header and the rows from `from` on, at most `count`.
    pub(crate) fn page(&self, from: usize, count: usize) -> Vec<Bytes> {
        let to = self.rows.min(from.saturating_add(count));
        let mut parts = vec![self.header.clone()];
        let behind =
            self.pieces.partition_point(|piece| piece.first_row + piece.ends.len() <= from);
        for piece in &self.pieces[behind..] {
            if piece.first_row >= to {
                break;
            }
            let begin = piece.offset(from.saturating_sub(piece.first_row));
            let end = piece.offset((to - piece.first_row).min(piece.ends.len()));
            parts.push(piece.bytes.slice(begin..end));
        }
        parts
    }
}

impl Piece {
    /// Where the row at a place begins.
    fn offset(&self, row: usize) -> usize {
        match row.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(self.bytes.len()),
            None => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{Encoding, ResultFile};
    use crate::bulk::dialect::{Delimiter, Dialect, LineEnding};

    fn text(file: &ResultFile, from: usize, count: usize) -> String {
        String::from_utf8(file.page(from, count).concat()).expect("text")
    }

    #[test]
    fn a_result_that_is_read_back_has_the_same_pages() {
        let crlf = Dialect { delimiter: Delimiter::Tab, line_ending: LineEnding::Crlf };
        for (encoding, rows) in [
            (Encoding::Csv(Dialect::default()), ["\"a\nb\",\"\"\n", "\"c\",\"d\"\"\"\n"]),
            (Encoding::Csv(crlf), ["\"a\"\t\"\"\r\n", "\"b\nc\"\t\"\"\r\n"]),
            (Encoding::Json("40.0".to_owned()), ["{\"Name\":\"a\\nb\"}", ",\n{\"Name\":null}"]),
        ] {
            let mut file = ResultFile::begin(&encoding, &["Name".to_owned(), "Note".to_owned()]);
            for row in rows {
                file.push(Bytes::from_static(row.as_bytes()), vec![row.len()]);
            }
            let whole = Bytes::from(text(&file, 0, usize::MAX));
            let read = ResultFile::read(&encoding, &whole).expect("a result");
            assert_eq!(read.rows(), 2, "{encoding:?}");
            for (from, count) in [(0, usize::MAX), (0, 1), (1, 1), (1, 5), (2, 1)] {
                assert_eq!(text(&read, from, count), text(&file, from, count), "{encoding:?}");
            }
            let empty = ResultFile::begin(&encoding, &["Name".to_owned()]);
            let read = ResultFile::read(&encoding, &Bytes::from(text(&empty, 0, usize::MAX)));
            assert_eq!(read.map(|read| read.rows()), Some(0), "{encoding:?}");
        }
    }

    #[test]
    fn what_is_no_result_is_not_read() {
        let csv = Encoding::Csv(Dialect::default());
        assert!(ResultFile::read(&csv, &Bytes::from_static(b"")).is_none());
        assert!(ResultFile::read(&csv, &Bytes::from_static(b"\"Name\"\n\"cut of")).is_none());
        let json = Encoding::Json("40.0".to_owned());
        assert!(ResultFile::read(&json, &Bytes::from_static(b"{}")).is_none());
    }
}
