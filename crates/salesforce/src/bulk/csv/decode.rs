//! CSV to rows: fed with pieces of any size, gives one row at a time, and never holds more than one.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::bulk::csv::{MAX_COLUMNS, MAX_ROW_BYTES};
use crate::bulk::job::ColumnDelimiter;
use crate::error::Error;

/// Room for a row to begin with; it grows with the rows.
const FIRST_ROOM: usize = 4 * 1024;
/// Result lists have two columns of their own.
const MAX_RESULT_COLUMNS: usize = MAX_COLUMNS + 2;

/// One row: its cells without quotes, as text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CsvRow {
    text: String,
    /// Where each cell ends.
    ends: Vec<usize>,
}

impl CsvRow {
    /// How many cells there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True for a row without cells.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A cell.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        self.text.get(start..end)
    }

    /// The cells in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

/// Reads rows from pieces of a body.
#[derive(Debug)]
pub struct CsvDecoder {
    reader: Box<Reader>,
    row: Vec<u8>,
    ends: Vec<usize>,
    /// How much of `row` and `ends` the row under way has filled.
    filled: (usize, usize),
    rows: u64,
    ended: bool,
}

impl CsvDecoder {
    /// A decoder at the beginning of a body.
    #[must_use]
    pub fn new(delimiter: ColumnDelimiter) -> Self {
        Self {
            reader: Box::new(ReaderBuilder::new().delimiter(delimiter.byte()).build()),
            row: vec![0; FIRST_ROOM],
            ends: vec![0; 64],
            filled: (0, 0),
            rows: 0,
            ended: false,
        }
    }

    /// Reads from a piece: how many bytes were taken, and a row if one ended there. Without a row all bytes were taken.
    ///
    /// # Errors
    /// [`Error::Decode`] for a row beyond [`MAX_ROW_BYTES`] or one that is no UTF-8.
    pub fn decode(&mut self, piece: &[u8]) -> Result<(usize, Option<CsvRow>), Error> {
        if piece.is_empty() {
            return Ok((0, None));
        }
        self.advance(piece)
    }

    /// The last row, where the body ends without a line ending. To be called until it gives none.
    ///
    /// # Errors
    /// As [`CsvDecoder::decode`].
    pub fn finish(&mut self) -> Result<Option<CsvRow>, Error> {
        if self.ended {
            return Ok(None);
        }
        // An empty piece tells the reader that nothing follows.
        Ok(self.advance(&[])?.1)
    }

    fn advance(&mut self, piece: &[u8]) -> Result<(usize, Option<CsvRow>), Error> {
        let mut taken = 0;
        loop {
            let (bytes, cells) = self.filled;
            let (result, read, written, ended) = self.reader.read_record(
                &piece[taken..],
                &mut self.row[bytes..],
                &mut self.ends[cells..],
            );
            taken += read;
            self.filled = (bytes + written, cells + ended);
            match result {
                ReadRecordResult::InputEmpty => return Ok((taken, None)),
                ReadRecordResult::OutputFull => self.widen()?,
                ReadRecordResult::OutputEndsFull => self.lengthen()?,
                ReadRecordResult::Record => return Ok((taken, Some(self.complete()?))),
                ReadRecordResult::End => {
                    self.ended = true;
                    return Ok((taken, None));
                }
            }
        }
    }

    fn widen(&mut self) -> Result<(), Error> {
        if self.row.len() >= MAX_ROW_BYTES {
            return Err(self.broken(&format!("it is larger than {MAX_ROW_BYTES} bytes")));
        }
        self.row.resize((self.row.len() * 2).min(MAX_ROW_BYTES), 0);
        Ok(())
    }

    fn lengthen(&mut self) -> Result<(), Error> {
        if self.ends.len() >= MAX_RESULT_COLUMNS {
            return Err(self.broken(&format!("it has more than {MAX_RESULT_COLUMNS} columns")));
        }
        self.ends.resize((self.ends.len() * 2).min(MAX_RESULT_COLUMNS), 0);
        Ok(())
    }

    fn complete(&mut self) -> Result<CsvRow, Error> {
        let (bytes, cells) = std::mem::take(&mut self.filled);
        let ends = self.ends[..cells].to_vec();
        let text = std::str::from_utf8(&self.row[..bytes]).map_err(|_| self.no_text())?.to_owned();
        // Two broken halves of a character in neighbouring cells make a whole one together.
        if !ends.iter().all(|end| text.is_char_boundary(*end)) {
            return Err(self.no_text());
        }
        self.rows += 1;
        Ok(CsvRow { text, ends })
    }

    fn no_text(&self) -> Error {
        self.broken("it is not UTF-8")
    }

    /// Names the row by its number; its values stay out of messages.
    fn broken(&self, what: &str) -> Error {
        Error::decode("Bulk results", format!("row {}: {what}", self.rows + 1))
    }
}
