//! The three result lists of an ingest job (wire reference 7.1): written from the upload when they are asked for, in
//! pieces, and not in the order of the upload.

use std::sync::Arc;

use bytes::Bytes;

use crate::bulk::csv::{Records, end_line, push_quoted};
use crate::bulk::ingest::wrong_state;
use crate::bulk::job::Job;
use crate::bulk::load::{Load, Outcome};
use crate::bulk::task::Work;
use crate::bulk::{Answered, not_found};
use crate::router::reply::{Content, Pieces, Reply};

/// A piece of a list is sent when it has this many bytes.
const PIECE_BYTES: usize = 128 * 1024;

/// One of the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    Successful,
    Failed,
    Unprocessed,
}

impl List {
    /// The list with a path's last segment in lower case; clients write it in different cases.
    pub(crate) fn named(word: &str) -> Option<Self> {
        match word {
            "successfulresults" => Some(Self::Successful),
            "failedresults" => Some(Self::Failed),
            "unprocessedrecords" => Some(Self::Unprocessed),
            _ => None,
        }
    }
}

/// Answers with a list; a job that is not over has none (UNCONFIRMED).
pub(crate) fn list(job: &Job, list: List) -> Answered {
    if !job.state().is_final() {
        return Err(wrong_state(job, "Reading results"));
    }
    let pieces = match job.task.as_ref().map(|task| &task.work) {
        Some(Work::Load(load)) => Pieces::new(Listing::new(Arc::clone(load), list)),
        // An open job that was aborted has no data.
        None => Pieces::new(std::iter::empty()),
        Some(Work::Extract(_)) => return Err(not_found()),
    };
    Ok(Reply { status: 200, headers: Vec::new(), body: Content::Csv(pieces) })
}

/// Writes a list piece by piece.
struct Listing {
    load: Arc<Load>,
    list: List,
    step: usize,
    at: usize,
    began: bool,
    unprocessed_at: usize,
}

impl Listing {
    fn new(load: Arc<Load>, list: List) -> Self {
        let step = stride(load.outcomes.len());
        let unprocessed_at = load.next;
        Self { load, list, step, at: 0, began: false, unprocessed_at }
    }

    fn header(&self) -> Vec<u8> {
        let mut line = Vec::new();
        let own: &[&str] = match self.list {
            List::Successful => &["sf__Id", "sf__Created"],
            List::Failed => &["sf__Id", "sf__Error"],
            List::Unprocessed => &[],
        };
        let delimiter = self.load.cargo.dialect.delimiter.byte();
        for (place, name) in own.iter().enumerate() {
            if place > 0 {
                line.push(delimiter);
            }
            push_quoted(&mut line, name);
        }
        // A file that could not be read has no header to give back.
        if !self.load.header.is_empty() {
            if !own.is_empty() {
                line.push(delimiter);
            }
            line.extend_from_slice(&self.load.cargo.data[self.load.header.clone()]);
        }
        end_line(&mut line, self.load.cargo.dialect.line_ending);
        line
    }

    /// The next processed row in the scattered order.
    fn next_outcome(&mut self) -> Option<usize> {
        let count = self.load.outcomes.len();
        if self.at >= count {
            return None;
        }
        self.at += 1;
        // The steps meet every row once and the first row last.
        Some(self.at * self.step % count)
    }

    fn push_outcome(&self, piece: &mut Vec<u8>, outcome: &Outcome) {
        let (id, second) = match (&outcome.result, self.list) {
            (Ok(written), List::Successful) => (&*written.id, written.created.to_string()),
            (Err(refused), List::Failed) => {
                (refused.id.as_deref().unwrap_or_default(), refused.text())
            }
            _ => return,
        };
        push_quoted(piece, id);
        piece.push(self.load.cargo.dialect.delimiter.byte());
        push_quoted(piece, &second);
        self.push_line(piece, &self.load.cargo.data[outcome.line.clone()], true);
    }

    /// Appends a line of the upload with every cell in quotes; missing cells are empty ones.
    fn push_line(&self, piece: &mut Vec<u8>, line: &[u8], behind_others: bool) {
        let dialect = self.load.cargo.dialect;
        let text = std::str::from_utf8(line).unwrap_or_default();
        let record = Records::new(text, 0, dialect).next();
        let cells = record.and_then(Result::ok).map(|record| record.cells).unwrap_or_default();
        for place in 0..self.load.columns.max(cells.len()) {
            if place > 0 || behind_others {
                piece.push(dialect.delimiter.byte());
            }
            push_quoted(piece, cells.get(place).map(|cell| &**cell).unwrap_or_default());
        }
        end_line(piece, dialect.line_ending);
    }

    fn push_unprocessed(&mut self, piece: &mut Vec<u8>) -> bool {
        let load = Arc::clone(&self.load);
        let text = std::str::from_utf8(&load.cargo.data).unwrap_or_default();
        let mut records = Records::new(text, self.unprocessed_at, load.cargo.dialect);
        match records.next() {
            Some(Ok(record)) => {
                self.push_line(piece, text[record.span].as_bytes(), false);
                self.unprocessed_at = records.position();
                true
            }
            Some(Err(_)) => {
                // What cannot be read is given back as it came.
                piece.extend_from_slice(&text.as_bytes()[self.unprocessed_at..]);
                self.unprocessed_at = text.len();
                false
            }
            None => false,
        }
    }
}

impl Iterator for Listing {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        let mut piece = if self.began { Vec::new() } else { self.header() };
        self.began = true;
        while piece.len() < PIECE_BYTES {
            let more = match self.list {
                List::Unprocessed => self.push_unprocessed(&mut piece),
                List::Successful | List::Failed => match self.next_outcome() {
                    Some(place) => {
                        self.push_outcome(&mut piece, &self.load.outcomes[place]);
                        true
                    }
                    None => false,
                },
            };
            if !more {
                break;
            }
        }
        (!piece.is_empty()).then(|| Bytes::from(piece))
    }
}

/// A step that visits every one of `count` places once: near the golden section, and without a common divisor.
fn stride(count: usize) -> usize {
    let near = count * 618 / 1_000;
    (near.max(1)..).find(|step| divisor(*step, count) <= 1).unwrap_or(1)
}

fn divisor(one: usize, other: usize) -> usize {
    if other == 0 { one } else { divisor(other, one % other) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::stride;

    proptest! {
        #[test]
        fn every_row_is_met_once_and_small_files_are_not_in_their_order(count in 1..5_000_usize) {
            let step = stride(count);
            let order: Vec<usize> = (1..=count).map(|turn| turn * step % count).collect();
            prop_assert_eq!(order.iter().collect::<BTreeSet<_>>().len(), count);
            prop_assert!(count < 2 || order[0] != 0);
        }
    }
}
