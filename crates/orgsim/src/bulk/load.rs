//! The rows of one ingest file: read, written in chunks of 200, and what became of each.

use std::ops::Range;

use bytes::Bytes;

use crate::api::journal::Journal;
use crate::api::options::Assignment;
use crate::api::transaction::Transaction;
use crate::bulk::csv::Records;
use crate::bulk::dialect::Dialect;
use crate::bulk::layout::Layout;
use crate::bulk::row::{self, Operation, Refused, Seen, Written};
use crate::org::Org;
use crate::schema::Object;

/// Rows of one transaction (wire reference 7.1).
const CHUNK_ROWS: usize = 200;

/// What an ingest job is about to load.
#[derive(Debug, Clone)]
pub(crate) struct Cargo {
    /// Exact API name.
    pub(crate) object: String,
    pub(crate) operation: Operation,
    /// The assignment rule that the job names; none runs without it.
    pub(crate) rule: Option<String>,
    pub(crate) dialect: Dialect,
    /// The file as it was uploaded.
    pub(crate) data: Bytes,
}

/// A file on its way into the org.
#[derive(Debug)]
pub(crate) struct Load {
    pub(crate) cargo: Cargo,
    /// The header line as it was sent.
    pub(crate) header: Range<usize>,
    /// Columns of the header; 0 until it is read.
    pub(crate) columns: usize,
    /// The rows that were processed, in the order of the file.
    pub(crate) outcomes: Vec<Outcome>,
    /// Where the first row begins that was not processed.
    pub(crate) next: usize,
    /// Refused rows.
    pub(crate) failed: usize,
    layout: Option<Layout>,
    object: Option<Object>,
}

/// One processed row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The line in the file.
    pub(crate) line: Range<usize>,
    pub(crate) result: Result<Written, Refused>,
}

impl Load {
    /// A file that nothing has been read of.
    pub(crate) fn new(cargo: Cargo) -> Self {
        Self {
            cargo,
            header: 0..0,
            columns: 0,
            outcomes: Vec::new(),
            next: 0,
            failed: 0,
            layout: None,
            object: None,
        }
    }

    /// Reads the header.
    ///
    /// # Errors
    /// The job's `errorMessage`: the file or its header is not what the job says, and no row is looked at.
    pub(crate) fn open(&mut self, org: &Org) -> Result<(), String> {
        let dialect = self.cargo.dialect;
        let text = std::str::from_utf8(&self.cargo.data)
            .map_err(|_| "ClientInputError : The data is not UTF-8".to_owned())?;
        if !dialect.line_ending.governs(text.as_bytes()) {
            return Err(format!(
                "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is {}",
                dialect.line_ending.name()
            ));
        }
        let mut records = Records::new(text, 0, dialect);
        let header = match records.next() {
            Some(Ok(header)) => header,
            Some(Err(malformed)) => return Err(malformed_text(&malformed)),
            None => return Err("InvalidBatch : The data has no header line".to_owned()),
        };
        self.header = header.span;
        self.columns = header.cells.len();
        self.next = records.position();
        // The object can be taken out of the schema between a job's creation and its start.
        let object = org.schema.object(&self.cargo.object).ok_or_else(|| {
            format!("InvalidBatch : Unable to find object: {}", self.cargo.object)
        })?;
        let layout = match self.cargo.operation {
            Operation::Delete | Operation::HardDelete => Layout::of_delete(&header.cells)?,
            _ => {
                let required = self.cargo.operation.required_column();
                Layout::read(&org.schema, object, &header.cells, required)?
            }
        };
        self.layout = Some(layout);
        self.object = Some(object.clone());
        Ok(())
    }

    /// How much of the file is done, from 0 to 1.
    pub(crate) fn share_done(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a file has at most 150 MB")]
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        if self.is_done() { 1.0 } else { share(self.next, self.cargo.data.len()) }
    }

    /// True when no row is left.
    pub(crate) fn is_done(&self) -> bool {
        self.next >= self.cargo.data.len()
    }

    /// Writes the next chunk in one transaction; at most `rows_max` rows.
    ///
    /// # Errors
    /// The job's `errorMessage` at a line that is no CSV; the lines before it are written.
    pub(crate) fn write_chunk(&mut self, org: &mut Org, rows_max: usize) -> Result<(), String> {
        let (Some(layout), Some(object)) = (&self.layout, &self.object) else { return Ok(()) };
        // The text was checked when the file was opened.
        let text = std::str::from_utf8(&self.cargo.data).unwrap_or_default();
        let mut records = Records::new(text, self.next, self.cargo.dialect);
        let mut journal = Journal::default();
        let mut transaction = Transaction::begin(org, &mut journal);
        let rule = self.cargo.rule.clone();
        transaction.options.assignment = rule.map_or(Assignment::Off, Assignment::Rule);
        let mut seen = Seen::default();
        let mut broken = None;
        for _ in 0..CHUNK_ROWS.min(rows_max) {
            let record = match records.next() {
                None => break,
                Some(Ok(record)) if record.cells.len() <= self.columns => record,
                Some(Ok(_)) => {
                    broken =
                        Some("InvalidBatch : A row has more values than the header".to_owned());
                    break;
                }
                Some(Err(malformed)) => {
                    broken = Some(malformed_text(&malformed));
                    break;
                }
            };
            let operation = &self.cargo.operation;
            let result =
                row::write(&mut transaction, object, operation, layout, &record.cells, &mut seen);
            self.failed += usize::from(result.is_err());
            self.outcomes.push(Outcome { line: record.span, result });
            self.next = records.position();
        }
        journal.commit(&mut org.counters);
        match broken {
            Some(message) => Err(message),
            None => {
                if records.next().is_none() {
                    self.next = self.cargo.data.len();
                }
                Ok(())
            }
        }
    }
}

fn malformed_text(malformed: &crate::bulk::csv::Malformed) -> String {
    format!("InvalidBatch : Unable to parse CSV: {malformed}")
}
