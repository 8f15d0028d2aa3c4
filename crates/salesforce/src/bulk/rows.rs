//! Rows of a result as they arrive: the header line first, then one row at a time out of the pieces of the body.

use std::sync::Arc;

use bytes::{Buf, Bytes};
use futures_util::StreamExt;
use isthmus_model::schema::FieldType;
use isthmus_model::value::Value;

use crate::bulk::csv::{CsvDecoder, CsvRow};
use crate::bulk::job::{ColumnDelimiter, position};
use crate::error::Error;
use crate::row::csv_value;
use crate::transport::ByteStream;

/// One row of a result with the names of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkRow {
    columns: Arc<[String]>,
    cells: CsvRow,
}

impl BulkRow {
    /// The columns, as the header line names them.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// A cell by its column's name, in any case; `""` is null.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&str> {
        self.cells.get(position(&self.columns, column)?)
    }

    /// A cell by its position.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<&str> {
        self.cells.get(index)
    }

    /// The cells, in order.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter()
    }

    /// A cell as a typed value (wire reference 9): empty is null.
    ///
    /// # Errors
    /// [`Error::Decode`] for a column that is not there, or a text that is no value of the type.
    pub fn value(&self, column: &str, kind: &FieldType) -> Result<Value, Error> {
        let text = self.get(column).ok_or_else(|| {
            Error::decode("Bulk results", format!("the column {column} is missing"))
        })?;
        csv_value(column, text, kind)
    }
}

/// Reads one body.
pub(crate) struct RowReader {
    body: ByteStream,
    piece: Bytes,
    decoder: CsvDecoder,
    columns: Arc<[String]>,
    ended: bool,
}

impl RowReader {
    /// Reads the header line. A body without one has no rows either.
    pub(crate) async fn open(body: ByteStream, delimiter: ColumnDelimiter) -> Result<Self, Error> {
        let decoder = CsvDecoder::new(delimiter);
        let columns: Arc<[String]> = Arc::default();
        let mut reader = Self { body, piece: Bytes::new(), decoder, columns, ended: false };
        if let Some(header) = reader.next_cells().await? {
            reader.columns = header.iter().map(str::to_owned).collect();
        }
        Ok(reader)
    }

    pub(crate) fn columns(&self) -> &Arc<[String]> {
        &self.columns
    }

    /// Uses names that an earlier page brought, so that a million rows share one list.
    pub(crate) fn share(&mut self, columns: &Arc<[String]>) {
        self.columns = Arc::clone(columns);
    }

    pub(crate) async fn next(&mut self) -> Result<Option<BulkRow>, Error> {
        let Some(cells) = self.next_cells().await? else { return Ok(None) };
        if cells.len() != self.columns.len() {
            let (found, wanted) = (cells.len(), self.columns.len());
            let reason = format!("a row has {found} cells for {wanted} columns");
            return Err(Error::decode("Bulk results", reason));
        }
        Ok(Some(BulkRow { columns: Arc::clone(&self.columns), cells }))
    }

    async fn next_cells(&mut self) -> Result<Option<CsvRow>, Error> {
        loop {
            if !self.piece.is_empty() {
                let (taken, row) = self.decoder.decode(&self.piece)?;
                self.piece.advance(taken);
                if row.is_some() {
                    return Ok(row);
                }
                continue;
            }
            if self.ended {
                return self.decoder.finish();
            }
            match self.body.next().await {
                Some(piece) => self.piece = piece?,
                None => self.ended = true,
            }
        }
    }
}
