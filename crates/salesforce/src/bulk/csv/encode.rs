//! Rows to CSV: quoted where needed, null as `#N/A`, untouched as an empty cell, line endings all of one kind.

use std::borrow::Cow;

use csv_core::{QuoteStyle, Terminator, Writer, WriterBuilder};
use isthmus_model::value::Value;

use crate::bulk::csv::{
    MAX_CELL_CHARACTERS, MAX_COLUMNS, MAX_HEADER_CHARACTERS, MAX_ROW_CHARACTERS,
};
use crate::bulk::job::{ColumnDelimiter, LineEnding};
use crate::error::Error;

/// Sets a field to null. A text that says just this cannot be loaded by Bulk at all.
pub const NULL_CELL: &str = "#N/A";

/// One cell of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// The field keeps what it holds.
    Untouched,
    /// The field is emptied.
    Null,
    /// The field gets this. An empty text empties it: Salesforce knows no empty text, and an empty cell would say
    /// [`Cell::Untouched`].
    Text(String),
}

/// Why a row cannot be loaded by Bulk. It can by another call, or not at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unloadable {
    /// Bulk would read the text as null.
    #[error(
        "the text #N/A in column {column} would empty the field; write this row by a collection call"
    )]
    SaysNull {
        /// The column, from 0.
        column: usize,
    },
    /// More characters than a field takes.
    #[error("column {column} has more than {MAX_CELL_CHARACTERS} characters; shorten it")]
    LongCell {
        /// The column, from 0.
        column: usize,
    },
    /// More characters than a record takes, or more bytes than a part.
    #[error("the row is longer than a Bulk row may be; write it by a collection call")]
    LongRow,
    /// Another number of cells than columns.
    #[error("the row has {cells} cells for {columns} columns")]
    Ragged {
        /// Cells of the row.
        cells: usize,
        /// Columns of the job.
        columns: usize,
    },
}

impl Cell {
    /// A value as Bulk takes it (wire reference 9).
    ///
    /// # Errors
    /// [`Error::Invalid`] for a compound value, which Bulk takes by its parts only.
    pub fn of(value: &Value) -> Result<Self, Error> {
        let text = match value {
            Value::Null => return Ok(Self::Null),
            Value::Text(text) => text.clone(),
            Value::Boolean(flag) => flag.to_string(),
            Value::Number(number) => number.normalize().to_string(),
            Value::Date(date) => date.to_string(),
            Value::DateTime(moment) => moment.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
            Value::Time(time) => time.strftime("%H:%M:%S%.3fZ").to_string(),
            Value::Id(id) => id.as_str().to_owned(),
            Value::Raw(serde_json::Value::Number(number)) => number.to_string(),
            Value::Raw(_) => {
                return Err(Error::invalid("Bulk row", "a compound value is written by its parts"));
            }
        };
        Ok(Self::Text(text))
    }

    /// The cell's text before quoting, and as the result of the row echoes it.
    pub(crate) fn as_sent(&self) -> &str {
        match self {
            Self::Untouched => "",
            Self::Null => NULL_CELL,
            Self::Text(text) if text.is_empty() => NULL_CELL,
            Self::Text(text) => text,
        }
    }
}

/// Writes rows of one job.
#[derive(Debug, Clone)]
pub struct CsvEncoder {
    writer: Writer,
    columns: usize,
    ending: LineEnding,
}

impl CsvEncoder {
    /// An encoder for the rows of one job, and its header line.
    ///
    /// # Errors
    /// [`Error::Invalid`] for columns that no job may have.
    pub fn new(
        columns: &[String],
        ending: LineEnding,
        delimiter: ColumnDelimiter,
    ) -> Result<(Self, Vec<u8>), Error> {
        check_columns(columns)?;
        let terminator = match ending {
            LineEnding::Lf => Terminator::Any(b'\n'),
            LineEnding::Crlf => Terminator::CRLF,
        };
        let writer = WriterBuilder::new()
            .delimiter(delimiter.byte())
            .terminator(terminator)
            .quote_style(QuoteStyle::Necessary)
            .build();
        let mut encoder = Self { writer, columns: columns.len(), ending };
        let mut header = Vec::new();
        for (index, column) in columns.iter().enumerate() {
            encoder.cell(index, column, &mut header);
        }
        encoder.end_row(&mut header);
        Ok((encoder, header))
    }

    /// Appends one row; a row that cannot be loaded appends nothing.
    ///
    /// # Errors
    /// [`Unloadable`]
    pub fn row(&mut self, cells: &[Cell], out: &mut Vec<u8>) -> Result<(), Unloadable> {
        self.check(cells)?;
        for (column, cell) in cells.iter().enumerate() {
            self.cell(column, &normalized(cell.as_sent(), self.ending), out);
        }
        self.end_row(out);
        Ok(())
    }

    fn check(&self, cells: &[Cell]) -> Result<(), Unloadable> {
        if cells.len() != self.columns {
            return Err(Unloadable::Ragged { cells: cells.len(), columns: self.columns });
        }
        let mut whole = 0;
        for (column, cell) in cells.iter().enumerate() {
            if matches!(cell, Cell::Text(text) if text == NULL_CELL) {
                return Err(Unloadable::SaysNull { column });
            }
            let length = characters(&normalized(cell.as_sent(), self.ending));
            if length > MAX_CELL_CHARACTERS {
                return Err(Unloadable::LongCell { column });
            }
            whole += length;
        }
        if whole > MAX_ROW_CHARACTERS { Err(Unloadable::LongRow) } else { Ok(()) }
    }

    fn cell(&mut self, column: usize, text: &str, out: &mut Vec<u8>) {
        // Room for each character doubled, the quotes and the delimiter: the writer then never runs out of it.
        let start = out.len();
        out.resize(start + 2 * text.len() + 4, 0);
        let mut end = start;
        if column > 0 {
            end += self.writer.delimiter(&mut out[end..]).1;
        }
        let (_, _, written) = self.writer.field(text.as_bytes(), &mut out[end..]);
        out.truncate(end + written);
    }

    fn end_row(&mut self, out: &mut Vec<u8>) {
        let start = out.len();
        // A closing quote, two quotes for an empty only cell, and the line ending.
        out.resize(start + 6, 0);
        let (_, written) = self.writer.terminator(&mut out[start..]);
        out.truncate(start + written);
    }
}

/// A byte is at most one character, so most texts need no counting.
fn characters(text: &str) -> usize {
    if text.len() <= MAX_CELL_CHARACTERS / 2 { text.len() } else { text.chars().count() }
}

/// The text with all its line endings of the job's kind: one of the other kind makes the org refuse the whole file.
pub(crate) fn normalized(text: &str, ending: LineEnding) -> Cow<'_, str> {
    let settled = match ending {
        LineEnding::Lf => !text.contains('\r'),
        LineEnding::Crlf => !text.contains(['\r', '\n']),
    };
    if settled {
        return Cow::Borrowed(text);
    }
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    match ending {
        LineEnding::Lf => Cow::Owned(unified),
        LineEnding::Crlf => Cow::Owned(unified.replace('\n', "\r\n")),
    }
}

/// Names of fields and relationships only: what else stands in a header line makes the org refuse the file, or worse.
fn check_columns(columns: &[String]) -> Result<(), Error> {
    let named = |column: &String| {
        let formed = |character: char| {
            character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | ':')
        };
        !column.is_empty() && column.chars().all(formed)
    };
    let length: usize = columns.iter().map(|column| column.len() + 1).sum();
    let reason = if columns.is_empty() {
        "it has no columns".to_owned()
    } else if columns.len() > MAX_COLUMNS {
        format!("it has more than {MAX_COLUMNS} columns")
    } else if length > MAX_HEADER_CHARACTERS {
        format!("its header line has more than {MAX_HEADER_CHARACTERS} characters")
    } else if let Some(column) = columns.iter().find(|column| !named(column)) {
        format!("{column:?} is no name of a column")
    } else if let Some(column) = twice(columns) {
        format!("the column {column} comes twice")
    } else {
        return Ok(());
    };
    Err(Error::invalid("Bulk job", reason))
}

fn twice(columns: &[String]) -> Option<&String> {
    let mut seen = std::collections::BTreeSet::new();
    columns.iter().find(|column| !seen.insert(column.to_ascii_lowercase()))
}
