//! A query turned into a file once, in slices.

use std::io::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::bulk::csv::{end_line, push_quoted};
use crate::bulk::dialect::Dialect;
use crate::bulk::result_file::{BETWEEN_RECORDS, Encoding, ResultFile};
use crate::org::Org;
use crate::rows::RowId;
use crate::schema::FieldType;
use crate::soql::{Deleted, Selection, SoqlError};

/// Rows encoded in one go; with usual rows a piece has a few hundred kilobytes.
const PIECE_ROWS: usize = 1_000;

/// A query on its way into a file. What is skipped here is found anew, or has a file of its own in a state folder.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Extract {
    /// Exact API name of the object.
    pub(crate) object: String,
    pub(crate) deleted: Deleted,
    query: String,
    /// Relative dates of the query count from here.
    compiled: Timestamp,
    encoding: Encoding,
    /// Rows encoded so far.
    rows: usize,
    #[serde(skip)]
    selection: Option<Selection>,
    #[serde(skip)]
    ids: Option<Arc<[RowId]>>,
    #[serde(skip)]
    encoded: usize,
    #[serde(skip)]
    file: ResultFile,
}

impl Extract {
    /// A query that has not run.
    ///
    /// # Errors
    /// Why the query is refused.
    pub(crate) fn compile(
        org: &Org,
        query: &str,
        deleted: Deleted,
        encoding: Encoding,
    ) -> Result<Self, SoqlError> {
        let selection = Selection::compile(org, query)?;
        Ok(Self {
            object: selection.object().to_owned(),
            deleted,
            query: query.to_owned(),
            compiled: org.clock.now(),
            encoding,
            rows: 0,
            selection: Some(selection),
            ids: None,
            encoded: 0,
            file: ResultFile::default(),
        })
    }

    /// Finds the rows.
    ///
    /// # Errors
    /// The job's `errorMessage`: after a restart the query is read again, and the schema may have changed before that.
    pub(crate) fn open(&mut self, org: &Org) -> Result<(), String> {
        let selection = match self.selection.take() {
            Some(selection) => selection,
            None => Selection::compile_at(org, &self.query, self.compiled)
                .map_err(|error| format!("{}: {}", error.code, error.message))?,
        };
        self.ids = Some(selection.find(org, self.deleted));
        self.file = ResultFile::begin(&self.encoding, selection.columns());
        self.selection = Some(selection);
        (self.encoded, self.rows) = (0, 0);
        Ok(())
    }

    /// True when the rows were found.
    pub(crate) fn is_open(&self) -> bool {
        self.ids.is_some()
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

    /// Rows encoded so far.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Encodes the next piece. Like the service's own batches, each sees the rows of its own moment.
    pub(crate) fn encode_piece(&mut self, org: &Org) {
        let (Some(ids), Some(selection)) = (self.ids.clone(), &self.selection) else { return };
        let to = ids.len().min(self.encoded + PIECE_ROWS);
        let piece = (selection, &ids[self.encoded..to], self.deleted);
        let (bytes, ends) = match &self.encoding {
            Encoding::Csv(dialect) => encode_lines(org, piece, *dialect),
            Encoding::Json(version) => encode_records(org, piece, version, self.rows > 0),
        };
        self.encoded = to;
        self.file.push(Bytes::from(bytes), ends);
        self.rows = self.file.rows();
    }

    /// What is encoded.
    pub(crate) fn file(&self) -> &ResultFile {
        &self.file
    }

    /// Puts the whole result back; `None` when the content is something else.
    pub(crate) fn put_file(&mut self, content: &Bytes) -> Option<()> {
        self.file = ResultFile::read(&self.encoding, content)?;
        Some(())
    }

    fn found(&self) -> usize {
        self.ids.as_ref().map_or(0, |ids| ids.len())
    }
}

/// What one piece is made of.
type Found<'job> = (&'job Selection, &'job [RowId], Deleted);

fn encode_lines(
    org: &Org,
    (selection, ids, deleted): Found<'_>,
    dialect: Dialect,
) -> (Vec<u8>, Vec<usize>) {
    let kinds: Vec<FieldType> = selection.kinds().collect();
    let mut bytes = Vec::with_capacity(PIECE_ROWS * kinds.len() * 24);
    let mut ends = Vec::with_capacity(PIECE_ROWS);
    selection.for_each_row(org, ids, deleted, |cells| {
        for (place, (cell, kind)) in cells.iter().zip(&kinds).enumerate() {
            if place > 0 {
                bytes.push(dialect.delimiter.byte());
            }
            push_cell(&mut bytes, cell.as_deref(), *kind);
        }
        end_line(&mut bytes, dialect.line_ending);
        ends.push(bytes.len());
    });
    (bytes, ends)
}

fn encode_records(
    org: &Org,
    (selection, ids, deleted): Found<'_>,
    version: &str,
    behind_others: bool,
) -> (Vec<u8>, Vec<usize>) {
    let (mut bytes, mut ends) = (Vec::new(), Vec::new());
    selection.for_each_record(org, ids, deleted, version, |record| {
        if behind_others || !ends.is_empty() {
            bytes.extend_from_slice(BETWEEN_RECORDS);
        }
        // Writing to memory cannot fail.
        let _ = write!(bytes, "{record}");
        ends.push(bytes.len());
    });
    (bytes, ends)
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
