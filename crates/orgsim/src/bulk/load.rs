//! The rows of one ingest file, CSV or JSON: read, written in chunks of 200, and what became of each.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::api::journal::Journal;
use crate::api::options::Assignment;
use crate::api::transaction::Transaction;
use crate::bulk::csv::{Malformed, Records};
use crate::bulk::dialect::Dialect;
use crate::bulk::layout::{Layout, Line};
use crate::bulk::records;
use crate::bulk::row::{self, Operation, Refused, Seen, Written};
use crate::org::Org;
use crate::schema::{Object, Schema};

/// Rows of one transaction (wire reference 7.1).
const CHUNK_ROWS: usize = 200;

/// How the rows of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ContentType {
    Csv,
    /// Bulk v1 alone.
    Json,
}

impl ContentType {
    /// The name in job bodies.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Json => "JSON",
        }
    }
}

/// What an ingest job is about to load.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Cargo {
    /// Exact API name.
    pub(crate) object: String,
    pub(crate) operation: Operation,
    /// The assignment rule that the job names; none runs without it.
    pub(crate) rule: Option<String>,
    pub(crate) content: ContentType,
    pub(crate) dialect: Dialect,
    /// The file as it was uploaded; it has a file of its own in a state folder.
    #[serde(skip)]
    pub(crate) data: Bytes,
}

/// A file on its way into the org. A state folder keeps the outcomes apart, and the header is read again.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Load {
    pub(crate) cargo: Cargo,
    /// The header line as it was sent.
    pub(crate) header: Range<usize>,
    /// Columns of the header; 0 until it is read.
    pub(crate) columns: usize,
    /// The rows that were processed, in the order of the file.
    #[serde(skip)]
    pub(crate) outcomes: Vec<Outcome>,
    /// Where the first row begins that was not processed.
    pub(crate) next: usize,
    /// Refused rows.
    pub(crate) failed: usize,
    #[serde(skip)]
    plan: Option<Arc<Plan>>,
}

/// What a file says about its rows once its beginning is read.
#[derive(Debug)]
struct Plan {
    object: Object,
    rows: Rows,
}

/// Where rows come from.
#[derive(Debug)]
enum Rows {
    /// The lines of the file, read one after the other.
    Lines(Layout),
    /// Records, read at once: a batch of them is small.
    Records(Vec<Line>),
}

/// One processed row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// The line in the file; empty for a record of JSON.
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
            plan: None,
        }
    }

    /// Reads the file's beginning.
    ///
    /// # Errors
    /// The job's `errorMessage`: the file or its header is not what the job says, and no row is looked at.
    pub(crate) fn open(&mut self, org: &Org) -> Result<(), String> {
        // The object can be taken out of the schema between a job's creation and its start.
        let object = org.schema.object(&self.cargo.object);
        let rows = match self.cargo.content {
            ContentType::Csv => self.read_header(&org.schema, object)?,
            ContentType::Json => {
                let object = object.ok_or_else(|| self.no_object())?;
                let records = records::read(object, &self.cargo.operation, &self.cargo.data)?;
                self.next = if records.is_empty() { self.cargo.data.len() } else { 0 };
                Rows::Records(records)
            }
        };
        let object = object.ok_or_else(|| self.no_object())?.clone();
        self.plan = Some(Arc::new(Plan { object, rows }));
        Ok(())
    }

    /// Goes on with a file that a restart interrupted, behind the rows that were processed.
    ///
    /// # Errors
    /// The job's `errorMessage`, as when the file is opened: the schema may have changed.
    pub(crate) fn resume(&mut self, org: &Org) -> Result<(), String> {
        let next = self.next;
        let opened = self.open(org);
        self.next = next;
        opened
    }

    /// True when the file's beginning was read.
    pub(crate) fn is_open(&self) -> bool {
        self.plan.is_some()
    }

    fn no_object(&self) -> String {
        format!("InvalidBatch : Unable to find object: {}", self.cargo.object)
    }

    fn read_header(&mut self, schema: &Schema, object: Option<&Object>) -> Result<Rows, String> {
        let dialect = self.cargo.dialect;
        let data = self.cargo.data.clone();
        let text = std::str::from_utf8(&data)
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
        let object = object.ok_or_else(|| self.no_object())?;
        let layout = match self.cargo.operation {
            Operation::Delete | Operation::HardDelete => Layout::of_delete(&header.cells)?,
            _ => {
                let required = self.cargo.operation.required_column();
                Layout::read(schema, object, &header.cells, required)?
            }
        };
        Ok(Rows::Lines(layout))
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
        let Some(plan) = self.plan.clone() else { return Ok(()) };
        let mut journal = Journal::default();
        let mut transaction = Transaction::begin(org, &mut journal);
        let rule = self.cargo.rule.clone();
        transaction.options.assignment = rule.map_or(Assignment::Off, Assignment::Rule);
        let rows_max = CHUNK_ROWS.min(rows_max);
        let written = match &plan.rows {
            Rows::Lines(layout) => {
                self.write_lines(&mut transaction, (&plan.object, layout), rows_max)
            }
            Rows::Records(records) => {
                self.write_records(&mut transaction, (&plan.object, records), rows_max);
                Ok(())
            }
        };
        journal.commit(&mut org.counters);
        written
    }

    fn write_lines(
        &mut self,
        transaction: &mut Transaction<'_>,
        (object, layout): (&Object, &Layout),
        rows_max: usize,
    ) -> Result<(), String> {
        let data = self.cargo.data.clone();
        // The text was checked when the file was opened.
        let text = std::str::from_utf8(&data).unwrap_or_default();
        let mut records = Records::new(text, self.next, self.cargo.dialect);
        let mut seen = Seen::default();
        for _ in 0..rows_max {
            let record = match records.next() {
                None => break,
                Some(Ok(record)) if record.cells.len() <= self.columns => record,
                Some(Ok(_)) => {
                    return Err("InvalidBatch : A row has more values than the header".to_owned());
                }
                Some(Err(malformed)) => return Err(malformed_text(&malformed)),
            };
            let line = layout.line(&record.cells);
            let operation = &self.cargo.operation;
            let result = row::write(transaction, object, operation, &line, &mut seen);
            let result = result.map_err(|error| {
                Refused::new(&line, row::worded(object, layout, &record.cells, error))
            });
            self.keep(Outcome { line: record.span, result });
            self.next = records.position();
        }
        if records.next().is_none() {
            self.next = data.len();
        }
        Ok(())
    }

    fn write_records(
        &mut self,
        transaction: &mut Transaction<'_>,
        (object, records): (&Object, &[Line]),
        rows_max: usize,
    ) {
        let mut seen = Seen::default();
        for line in records.iter().skip(self.outcomes.len()).take(rows_max) {
            let operation = &self.cargo.operation;
            let result = row::write(transaction, object, operation, line, &mut seen);
            let result = result.map_err(|error| Refused::new(line, error));
            self.keep(Outcome { line: 0..0, result });
        }
        // Where a record stands is not kept, so its share of the file stands for it.
        self.next = self.cargo.data.len() * self.outcomes.len() / records.len().max(1);
    }

    fn keep(&mut self, outcome: Outcome) {
        self.failed += usize::from(outcome.result.is_err());
        self.outcomes.push(outcome);
    }
}

fn malformed_text(malformed: &Malformed) -> String {
    format!("InvalidBatch : Unable to parse CSV: {malformed}")
}
