//! One part's upload: rows encoded while they are sent, up to the byte where the part is full.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};

use crate::bulk::csv::{Cell, CsvEncoder, Unloadable};
use crate::transport::{ByteStream, NotSent, TransportError, Upload};

/// What is encoded before it is handed to the connection.
const PIECE_BYTES: usize = 64 * 1024;
/// Rows of one part that may be unloadable before it is given up: so many are a wrong mapping, not wrong rows.
const MAX_REFUSALS: usize = 10_000;

/// Where the rows of an upload come from. It is read again from any row on, since an upload that is cut has to be repeated
/// and is too large to be kept.
pub trait RowSource: Send + Sync {
    /// The rows from the one with number `first` (from 0) on: the same rows in the same order each time.
    fn rows(&self, first: u64) -> BoxStream<'static, Result<Vec<Cell>, SourceError>>;
}

/// The source cannot give its rows, in its own words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SourceError(pub String);

/// Rows in memory.
#[derive(Debug, Clone)]
pub struct MemoryRows(Arc<[Vec<Cell>]>);

impl MemoryRows {
    /// A source of these rows.
    #[must_use]
    pub fn new(rows: Vec<Vec<Cell>>) -> Self {
        Self(rows.into())
    }
}

impl RowSource for MemoryRows {
    fn rows(&self, first: u64) -> BoxStream<'static, Result<Vec<Cell>, SourceError>> {
        let rows = Arc::clone(&self.0);
        let first = usize::try_from(first).unwrap_or(usize::MAX);
        stream::iter((first..rows.len()).map(move |index| Ok(rows[index].clone()))).boxed()
    }
}

/// A row that was left out of the upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The row's number in its source, from 0.
    pub row: u64,
    /// Why Bulk cannot load it.
    pub reason: Unloadable,
}

/// What one upload has taken so far.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// Rows read from the source.
    pub(crate) taken: u64,
    /// Rows written into the upload.
    pub(crate) written: u64,
    /// Bytes written, header line included.
    pub(crate) bytes: u64,
    pub(crate) refusals: Vec<Refusal>,
    /// The source has no more rows; otherwise the part is full.
    pub(crate) source_ended: bool,
    /// The body is whole.
    pub(crate) complete: bool,
    /// Why the body could not be made.
    pub(crate) failure: Option<String>,
}

/// Shared between the upload and who waits for it.
#[derive(Clone, Default)]
pub(crate) struct SharedProgress(Arc<Mutex<Progress>>);

impl SharedProgress {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for SharedProgress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// What one part is made from.
pub(crate) struct PartPlan {
    pub(crate) header: Vec<u8>,
    pub(crate) encoder: CsvEncoder,
    pub(crate) first: u64,
    pub(crate) limit_bytes: u64,
}

/// The part's body, made as it is asked for, and what it has taken.
pub(crate) fn part_body(
    source: &dyn RowSource,
    plan: PartPlan,
    progress: &SharedProgress,
) -> Upload {
    *progress.lock() = Progress::default();
    let writer = PartWriter {
        rows: source.rows(plan.first),
        encoder: plan.encoder,
        first: plan.first,
        limit: plan.limit_bytes,
        buffer: plan.header,
        progress: progress.clone(),
    };
    let pieces: ByteStream = stream::unfold(Some(writer), |writer| async move {
        let mut writer = writer?;
        match writer.piece().await {
            Ok(None) => None,
            Ok(Some(piece)) => Some((Ok(piece), Some(writer))),
            Err(error) => Some((Err(error), None)),
        }
    })
    .boxed();
    Upload::Pieces { pieces, length: None }
}

struct PartWriter {
    rows: BoxStream<'static, Result<Vec<Cell>, SourceError>>,
    encoder: CsvEncoder,
    first: u64,
    limit: u64,
    /// Rows that are encoded and not handed over yet; the header line at first.
    buffer: Vec<u8>,
    progress: SharedProgress,
}

impl PartWriter {
    async fn piece(&mut self) -> Result<Option<Bytes>, TransportError> {
        while self.buffer.len() < PIECE_BYTES && !self.progress.lock().complete {
            match self.rows.next().await {
                Some(Ok(row)) => self.add(&row)?,
                Some(Err(error)) => return Err(self.fail(error.to_string())),
                None => {
                    let mut progress = self.progress.lock();
                    (progress.source_ended, progress.complete) = (true, true);
                }
            }
        }
        if self.buffer.is_empty() {
            return Ok(None);
        }
        let piece =
            Bytes::from(std::mem::replace(&mut self.buffer, Vec::with_capacity(PIECE_BYTES)));
        self.progress.lock().bytes += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        Ok(Some(piece))
    }

    /// Encodes one row, unless the part is full: then the row is the next part's first.
    fn add(&mut self, row: &[Cell]) -> Result<(), TransportError> {
        let before = self.buffer.len();
        let encoded = self.encoder.row(row, &mut self.buffer);
        let mut progress = self.progress.lock();
        let number = self.first + progress.taken;
        let whole = progress.bytes + u64::try_from(self.buffer.len()).unwrap_or(u64::MAX);
        let refusal = match encoded {
            Err(reason) => Some(reason),
            Ok(()) if whole <= self.limit => None,
            Ok(()) => {
                self.buffer.truncate(before);
                if progress.written > 0 {
                    progress.complete = true;
                    return Ok(());
                }
                // Too long even for a part of its own.
                Some(Unloadable::LongRow)
            }
        };
        progress.taken += 1;
        match refusal {
            None => progress.written += 1,
            Some(reason) => progress.refusals.push(Refusal { row: number, reason }),
        }
        let many = progress.refusals.len() > MAX_REFUSALS;
        drop(progress);
        if many {
            return Err(
                self.fail(format!("more than {MAX_REFUSALS} rows cannot be loaded by Bulk"))
            );
        }
        Ok(())
    }

    fn fail(&self, reason: String) -> TransportError {
        self.progress.lock().failure = Some(reason.clone());
        TransportError::NotSent {
            host: "the upload's source".to_owned(),
            reason: NotSent::Malformed(reason),
        }
    }
}
