//! Carrying out a stored plan: wave by wave, batch by batch, each re-read just before it is written.

mod answer;
mod batch;
pub(crate) mod send;
mod written;

use std::collections::BTreeMap;
use std::time::Duration;

use isthmus_model::cause::Cause;
use isthmus_model::ids::RecordId;
use isthmus_model::mapping::MappingName;
use isthmus_store::{OperationFilter, Ordinal, OutcomeFilter, PlannedOperation, RunState};
use tokio::task::yield_now;
use tokio::time::Instant;

use crate::course::Course;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::failpoint::{FailPoint, hit};
use crate::progress::{Meter, Stage};
use crate::read::Staged;

pub(crate) use crate::apply::written::{Written, store_written};

/// The cause of a row whose answer was lost and that the org does not certify yet.
pub(crate) const ANSWER_PENDING: &str = "answer_pending";
/// How often a locked row is tried: with batches down to single rows and growing pauses, a lock that outlives this
/// belongs to a job that will not end soon.
pub(crate) const MAX_LOCK_TRIES: u32 = 5;
/// How often a row is planned again because its target changed while the run went on.
pub(crate) const MAX_REPLANS: u32 = 3;
/// Pause between two questions for SETTLED: the org moves it by minutes.
const SETTLE_POLL: Duration = Duration::from_secs(10);

/// How often a row has been tried in this wave, and why it goes again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tries {
    pub(crate) locked: u32,
    pub(crate) replanned: u32,
    pub(crate) cause: Option<Cause>,
    /// The row's first parent: children of one parent go into one batch, so that they do not lock each other out.
    pub(crate) parent: Option<RecordId>,
}

/// A row that goes again.
#[derive(Debug, Clone)]
pub(crate) struct Again {
    pub(crate) ordinal: Ordinal,
    pub(crate) mapping: MappingName,
    pub(crate) tries: Tries,
}

impl Engine<'_> {
    /// Carries out what is open of a plan, then waits a while for answers that were lost.
    pub(crate) async fn apply(
        &mut self,
        course: &mut Course<'_>,
        staged: Option<&Staged>,
    ) -> Result<()> {
        hit(FailPoint::ApplyBegun).await;
        let deadline = Instant::now() + self.options.settle_wait;
        let mut waited = false;
        loop {
            self.pass(course, staged).await?;
            hit(FailPoint::ApplyWaves).await;
            // What an earlier run left unanswered is no reason to wait: nothing of this run depends on it any more.
            if self.ledger.read().outcome_counts(course.run)?.undecided == 0 {
                return Ok(());
            }
            if std::mem::take(&mut course.reopened) > 0 {
                continue;
            }
            if course.unanswered.is_empty() {
                return Ok(());
            }
            if !waited {
                self.ledger.write(|tx| tx.set_run_state(course.run, RunState::Settling))?;
            }
            waited = true;
            if !self.wait_for_answers(course, deadline).await? {
                return Ok(());
            }
        }
    }

    /// Asks again and again what became of unanswered rows; true once something is known of at least one.
    async fn wait_for_answers(
        &mut self,
        course: &mut Course<'_>,
        deadline: Instant,
    ) -> Result<bool> {
        let open = course.unanswered.len() as u64;
        let mut meter = Meter::new(Stage::Settling, Some(open), self.clock);
        loop {
            let resolved = self.read_back(course).await?;
            (self.watch)(meter.advance(resolved, None, course.counts, self.clock));
            if resolved > 0 {
                return Ok(true);
            }
            if Instant::now() + SETTLE_POLL > deadline {
                return Ok(false);
            }
            self.sleep(SETTLE_POLL).await?;
        }
    }

    /// Goes once through all open operations, in their order.
    async fn pass(&mut self, course: &mut Course<'_>, staged: Option<&Staged>) -> Result<()> {
        let total = self.ledger.read().outcome_counts(course.run)?.undecided;
        let mut meter = Meter::new(Stage::Writing, Some(total), self.clock);
        let mut again: Vec<Again> = Vec::new();
        let mut after = None;
        let mut wave = None;
        loop {
            let batch = self.next_batch(course, after)?;
            let next_wave = batch.first().map(|planned| planned.wave);
            if next_wave != wave {
                // Rows that go again belong to the wave they are of: later waves need them.
                self.go_again(course, staged, std::mem::take(&mut again), &mut meter).await?;
                wave = next_wave;
                hit(FailPoint::ApplyWave).await;
            }
            let Some(last) = batch.last() else { return Ok(()) };
            after = Some(last.ordinal);
            let rows = batch.len() as u64;
            let batch = self.answered_only(course, batch);
            let more = self.carry_out(course, staged, batch, &BTreeMap::new()).await?;
            self.tell(course, &mut meter, rows.saturating_sub(more.len() as u64));
            again.extend(more);
            hit(FailPoint::ApplyBetween).await;
            yield_now().await;
        }
    }

    /// The next open operations of one wave and mapping, at most one batch.
    fn next_batch(
        &self,
        course: &Course<'_>,
        after: Option<Ordinal>,
    ) -> Result<Vec<PlannedOperation>> {
        let open = OperationFilter {
            outcome: Some(OutcomeFilter::Undecided),
            ..OperationFilter::default()
        };
        let limit = u32::try_from(self.batch_rows()).unwrap_or(u32::MAX);
        let mut page = self.ledger.read().operations_page(course.run, &open, after, limit)?;
        if let Some(first) = page.first() {
            let (wave, mapping) = (first.wave, first.operation.mapping.clone());
            let same = |planned: &PlannedOperation| {
                planned.wave == wave && planned.operation.mapping == mapping
            };
            let end = page.iter().position(|planned| !same(planned)).unwrap_or(page.len());
            page.truncate(end);
        }
        Ok(page)
    }

    /// Rows whose answer is unknown are left alone until they have been read back.
    fn answered_only(
        &self,
        course: &Course<'_>,
        mut batch: Vec<PlannedOperation>,
    ) -> Vec<PlannedOperation> {
        batch.retain(|planned| {
            let row = (planned.operation.mapping.clone(), planned.operation.source_id);
            !course.unanswered.contains(&row)
        });
        batch
    }

    /// Carries out rows again: after a pause, grouped by parent, in smaller batches the more often they were locked.
    async fn go_again(
        &mut self,
        course: &mut Course<'_>,
        staged: Option<&Staged>,
        mut again: Vec<Again>,
        meter: &mut Meter,
    ) -> Result<()> {
        while !again.is_empty() {
            let locked = again.iter().map(|row| row.tries.locked).max().unwrap_or(0);
            if locked > 0 {
                self.pause(locked).await?;
            }
            again.sort_by_key(|row| {
                (row.mapping.clone(), row.tries.locked, row.tries.parent, row.ordinal)
            });
            let mut more = Vec::new();
            for batch in in_batches(again, self.batch_rows()) {
                let rows = batch.len() as u64;
                let tries: BTreeMap<Ordinal, Tries> =
                    batch.into_iter().map(|row| (row.ordinal, row.tries)).collect();
                let mut planned = Vec::new();
                for ordinal in tries.keys() {
                    planned.extend(self.ledger.read().operation(course.run, *ordinal)?);
                }
                let left = self.carry_out(course, staged, planned, &tries).await?;
                self.tell(course, meter, rows.saturating_sub(left.len() as u64));
                more.extend(left);
                hit(FailPoint::ApplyBetween).await;
                yield_now().await;
            }
            again = more;
        }
        Ok(())
    }

    fn tell(&mut self, course: &Course<'_>, meter: &mut Meter, rows: u64) {
        (self.watch)(meter.advance(rows, None, course.counts, self.clock));
    }

    fn batch_rows(&self) -> usize {
        self.sides.right.capabilities().max_write_rows.max(1)
    }

    pub(crate) fn stop_if_cancelled(&self) -> Result<()> {
        if self.cancel.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
    }
}

/// Batches of one mapping and one number of locks; each further lock quarters the size, down to single rows.
fn in_batches(rows: Vec<Again>, largest: usize) -> Vec<Vec<Again>> {
    let mut batches: Vec<Vec<Again>> = Vec::new();
    for row in rows {
        let size = (largest >> (2 * row.tries.locked).min(usize::BITS - 1)).max(1);
        match batches.last_mut() {
            Some(batch)
                if batch.len() < size
                    && batch.first().is_some_and(|first| {
                        first.mapping == row.mapping && first.tries.locked == row.tries.locked
                    }) =>
            {
                batch.push(row);
            }
            _ => batches.push(vec![row]),
        }
    }
    batches
}
