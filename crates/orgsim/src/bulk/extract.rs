//! A query turned into CSV once, and pages cut from it: pieces of shared bytes, so that a page is served without a copy.

use std::io::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use crate::bulk::csv::{end_line, push_line, push_quoted};
use crate::bulk::dialect::Dialect;
use crate::org::Org;
use crate::rows::RowId;
use crate::schema::FieldType;
use crate::soql::{Deleted, Selection};

/// Rows encoded in one go; with usual rows a piece has a few hundred kilobytes.
const PIECE_ROWS: usize = 1_000;

/// A query on its way into a file.
#[derive(Debug)]
pub(crate) struct Extract {
    /// Exact API name of the object.
    pub(crate) object: String,
    pub(crate) deleted: Deleted,
    selection: Selection,
    ids: Option<Arc<[RowId]>>,
    encoded: usize,
    file: ResultFile,
}

/// A finished or growing result.
#[derive(Debug, Clone)]
pub(crate) struct ResultFile {
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

impl Extract {
    /// A query that has not run.
    pub(crate) fn new(selection: Selection, deleted: Deleted, dialect: Dialect) -> Self {
        let mut header = Vec::new();
        push_line(&mut header, dialect, selection.columns().iter().map(String::as_str));
        Self {
            object: selection.object().to_owned(),
            deleted,
            selection,
            ids: None,
            encoded: 0,
            file: ResultFile { header: Bytes::from(header), pieces: Vec::new(), rows: 0 },
        }
    }

    /// Finds the rows.
    pub(crate) fn open(&mut self, org: &Org) {
        self.ids = Some(self.selection.find(org, self.deleted));
    }

    /// How much is encoded, from 0 to 1.
    pub(crate) fn share_done(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "an org has fewer than 2^52 rows")]
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        if self.is_done() { 1.0 } else { share(self.encoded, self.found()) }
    }

    /// True when every row is encoded.
    pub(crate) fn is_done(&self) -> bool {
        self.ids.is_some() && self.encoded >= self.found()
    }

    /// Encodes the next piece. Like the service's own batches, each sees the rows of its own moment.
    pub(crate) fn encode_piece(&mut self, org: &Org, dialect: Dialect) {
        let Some(ids) = self.ids.clone() else { return };
        let to = ids.len().min(self.encoded + PIECE_ROWS);
        let kinds: Vec<FieldType> = self.selection.kinds().collect();
        let mut bytes = Vec::with_capacity(PIECE_ROWS * kinds.len() * 24);
        let mut ends = Vec::with_capacity(PIECE_ROWS);
        self.selection.for_each_row(org, &ids[self.encoded..to], self.deleted, |cells| {
            for (place, (cell, kind)) in cells.iter().zip(&kinds).enumerate() {
                if place > 0 {
                    bytes.push(dialect.delimiter.byte());
                }
                push_cell(&mut bytes, cell.as_deref(), *kind);
            }
            end_line(&mut bytes, dialect.line_ending);
            ends.push(bytes.len());
        });
        self.encoded = to;
        if !ends.is_empty() {
            let first_row = self.file.rows;
            self.file.rows += ends.len();
            self.file.pieces.push(Piece { first_row, bytes: Bytes::from(bytes), ends });
        }
    }

    /// What is encoded.
    pub(crate) fn file(&self) -> &ResultFile {
        &self.file
    }

    fn found(&self) -> usize {
        self.ids.as_ref().map_or(0, |ids| ids.len())
    }
}

/// Every value stands in quotes, null as nothing between them; datetimes end in `Z` (wire reference 9).
fn push_cell(line: &mut Vec<u8>, value: Option<&Value>, kind: FieldType) {
    match value {
        None | Some(Value::Null) => line.extend_from_slice(b"\"\""),
        Some(Value::String(text)) if kind == FieldType::DateTime => {
            line.push(b'"');
            let utc = text.strip_suffix("+0000");
            line.extend_from_slice(utc.unwrap_or(text).as_bytes());
            line.extend_from_slice(if utc.is_some() { b"Z\"" } else { b"\"" });
        }
        Some(Value::String(text)) => push_quoted(line, text),
        Some(other) => {
            // Writing to memory cannot fail.
            let _ = write!(line, "\"{other}\"");
        }
    }
}

impl ResultFile {
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
