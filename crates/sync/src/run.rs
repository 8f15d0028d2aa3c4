//! A run from its first to its last step: recover, plan, carry out, end; and what is told of it.

use isthmus_model::cause::Cause;
use isthmus_model::ids::{LaneId, RunId};
use isthmus_model::run::{Outcome, RunCounts, RunEnd, RunKind};
use isthmus_store::{Ledger, NewRun, OperationFilter, OutboxState, OutcomeFilter, RunState};
use jiff::Timestamp;
use tokio::task::yield_now;

use crate::course::{Course, QuarantineRule, answer_pending, own_cause};
use crate::engine::{BoundSync, Engine, PlanReport, RunReport};
use crate::error::{Error, NOTHING_READABLE, Result};
use crate::failpoint::{FailPoint, hit};
use crate::planning::Purpose;

/// Operations that are given their last outcome in one transaction.
const LEFT_OVER_PAGE: u32 = 500;

impl Engine<'_> {
    pub(crate) async fn plan_only(
        &mut self,
        sync: &BoundSync,
        kind: RunKind,
    ) -> Result<PlanReport> {
        end_shown_plans(self.ledger, sync.lane, self.clock.now())?;
        let mut course = self.begin(sync, &kind)?;
        self.load_unanswered(&mut course).await?;
        hit(FailPoint::RunBegun).await;
        let planned = self.read_and_plan(&mut course, &kind, Purpose::Show).await;
        if let Err(error) = planned {
            if !matches!(error, Error::Ledger(_)) {
                self.end_unplanned(&course, &error)?;
            }
            return Err(error);
        }
        let reader = self.ledger.read();
        Ok(PlanReport {
            run: course.run,
            counts: reader.plan_counts(course.run)?,
            objects: reader.plan_counts_by_mapping(course.run)?,
            halted: course.halted,
            calls: course.calls,
        })
    }

    pub(crate) async fn run_whole(&mut self, sync: &BoundSync, kind: RunKind) -> Result<RunReport> {
        let mut recovered = self.recover(sync, None).await?;
        // A recovered run that had to stop again (login lost, limit) tells all there is to tell.
        if let Some(mut last) = recovered.pop_if(|last| last.blocked) {
            last.recovered = recovered;
            return Ok(last);
        }
        let mut course = self.begin(sync, &kind)?;
        self.load_unanswered(&mut course).await?;
        hit(FailPoint::RunBegun).await;
        let result = self.plan_and_apply(&mut course, &kind).await;
        let mut report = self.finish(course, result).await?;
        report.recovered = recovered;
        Ok(report)
    }

    pub(crate) async fn resume_run(&mut self, sync: &BoundSync, run: RunId) -> Result<RunReport> {
        let row = self.ledger.read().run(run)?.ok_or(Error::NothingToResume(run))?;
        if row.lane != sync.lane || row.sync != sync.sync {
            return Err(Error::ForeignRun(run));
        }
        match row.state {
            RunState::Planned if row.mapping_version != sync.version => {
                Err(Error::OtherVersion(run))
            }
            RunState::Planned => {
                let mut recovered = self.recover(sync, Some(run)).await?;
                if let Some(mut last) = recovered.pop_if(|last| last.blocked) {
                    last.recovered = recovered;
                    return Ok(last);
                }
                let mut course = Course::new(run, sync, quarantine_rule(&row.kind));
                self.load_unanswered(&mut course).await?;
                self.ledger.write(|tx| tx.set_run_state(run, RunState::Applying))?;
                let result = self.apply(&mut course, None).await;
                let mut report = self.finish(course, result).await?;
                report.recovered = recovered;
                Ok(report)
            }
            RunState::Planning | RunState::Applying | RunState::Settling => {
                let mut reports = self.recover(sync, None).await?;
                let found = reports.iter().position(|report| report.run == run);
                let mut report =
                    found.map(|at| reports.remove(at)).ok_or(Error::NothingToResume(run))?;
                report.recovered = reports;
                Ok(report)
            }
            RunState::Ended => {
                let pending = row.counts.is_some_and(|counts| counts.pending > 0);
                match pending || row.end == Some(RunEnd::Stopped) {
                    true => self.run_whole(sync, RunKind::Retry { of: run }).await,
                    false => Err(Error::NothingToResume(run)),
                }
            }
        }
    }

    async fn plan_and_apply(&mut self, course: &mut Course<'_>, kind: &RunKind) -> Result<()> {
        let staged = self.read_and_plan(course, kind, Purpose::CarryOut).await?;
        self.apply(course, Some(&staged)).await
    }

    async fn read_and_plan(
        &mut self,
        course: &mut Course<'_>,
        kind: &RunKind,
        purpose: Purpose,
    ) -> Result<crate::read::Staged> {
        let staged = self.read(course, kind).await?;
        hit(FailPoint::ReadStaged).await;
        self.make_plan(course, &staged, purpose).await?;
        Ok(staged)
    }

    fn begin<'s>(&mut self, sync: &'s BoundSync, kind: &RunKind) -> Result<Course<'s>> {
        let new = NewRun {
            sync: sync.sync,
            lane: sync.lane,
            mapping_version: sync.version,
            kind: kind.clone(),
            build: self.options.build.clone(),
            started_at: self.clock.now(),
        };
        let (left, right) = (self.sides.left.version(), self.sides.right.version());
        let run = self.ledger.write(|tx| {
            let run = tx.start_run(&new)?;
            tx.pin_run_api_versions(run, &left, &right)?;
            Ok(run)
        })?;
        tracing::info!(%run, lane = %sync.lane, version = %sync.version, "run begun");
        Ok(Course::new(run, sync, quarantine_rule(kind)))
    }

    /// Ends a run: what has no outcome yet is pending, and why.
    pub(crate) async fn finish(
        &mut self,
        mut course: Course<'_>,
        result: Result<()>,
    ) -> Result<RunReport> {
        let stop = match result {
            // Without the ledger nothing can be ended; the next start recovers.
            Err(Error::Ledger(error)) => return Err(error.into()),
            Err(error) => Some(error),
            Ok(()) => None,
        };
        let planned =
            self.ledger.read().run(course.run)?.is_some_and(|run| run.state != RunState::Planning);
        if planned {
            self.decide_left_over(&mut course, stop.as_ref()).await?;
        } else {
            self.forget_plan(&course)?;
        }
        let counts = self.ledger.read().outcome_counts(course.run)?.decided;
        let cause =
            stop.as_ref().map(Error::cause).or_else(|| course.halted.values().next().cloned());
        let end = end_state(&counts, stop.as_ref(), &course);
        hit(FailPoint::RunEnding).await;
        let now = self.clock.now();
        self.ledger.write(|tx| {
            close_outbox(tx, &course)?;
            tx.set_run_traffic(course.run, course.rows_sent, course.calls.values().sum())?;
            tx.end_run(course.run, end, now, counts, cause.as_ref())
        })?;
        hit(FailPoint::RunEnded).await;
        tracing::info!(run = %course.run, end = end.as_str(), rows = counts.rows_read(), sent = course.rows_sent, "run ended");
        let blocked = matches!(stop, Some(Error::Side { .. } | Error::Cancelled));
        Ok(RunReport {
            run: course.run,
            end,
            cause,
            counts,
            halted: course.halted,
            rows_sent: course.rows_sent,
            calls: course.calls,
            recovered: Vec::new(),
            blocked,
        })
    }

    /// Ends a run whose plan could not be made.
    fn end_unplanned(&mut self, course: &Course<'_>, error: &Error) -> Result<()> {
        self.forget_plan(course)?;
        let (now, counts) = (self.clock.now(), RunCounts::default());
        let end = if error.stops_only() { RunEnd::Stopped } else { RunEnd::Failed };
        self.ledger.write(|tx| tx.end_run(course.run, end, now, counts, Some(&error.cause())))?;
        Ok(())
    }

    /// A plan that was cut off while it was made is worth nothing.
    fn forget_plan(&mut self, course: &Course<'_>) -> Result<()> {
        self.ledger.write(|tx| tx.clear_operations(course.run))?;
        Ok(())
    }

    async fn decide_left_over(
        &mut self,
        course: &mut Course<'_>,
        stop: Option<&Error>,
    ) -> Result<()> {
        let open = OperationFilter {
            outcome: Some(OutcomeFilter::Undecided),
            ..OperationFilter::default()
        };
        let not_sent = stop.map(|error| not_sent(&error.cause()));
        loop {
            let page =
                self.ledger.read().operations_page(course.run, &open, None, LEFT_OVER_PAGE)?;
            if page.is_empty() {
                return Ok(());
            }
            let now = self.clock.now();
            self.ledger.write(|tx| {
                for planned in &page {
                    let operation = &planned.operation;
                    let source = (operation.mapping.clone(), operation.source_id);
                    let cause = match &not_sent {
                        _ if course.unanswered.contains(&source) => answer_pending(source.1),
                        Some(cause) => cause.clone(),
                        None => parent_pending(),
                    };
                    let outcome = Outcome::Pending { cause };
                    tx.set_outcome(course.run, planned.ordinal, &outcome, now)?;
                }
                Ok(())
            })?;
            yield_now().await;
        }
    }
}

/// Ends the plans of a lane that were shown and that nobody carried out: a newer plan takes their place, or the sync goes.
///
/// # Errors
/// When the ledger cannot be written.
pub fn end_shown_plans(ledger: &Ledger, lane: LaneId, now: Timestamp) -> Result<()> {
    let cause =
        own_cause("superseded", "a newer plan was made".to_owned(), "look at the newer plan");
    let open = ledger.read().open_runs()?;
    for run in open.iter().filter(|run| run.lane == lane && run.state == RunState::Planned) {
        ledger.write(|tx| {
            tx.end_run(run.id, RunEnd::Stopped, now, RunCounts::default(), Some(&cause))
        })?;
    }
    Ok(())
}

fn quarantine_rule(kind: &RunKind) -> QuarantineRule {
    match kind {
        RunKind::Retry { .. } => QuarantineRule::Override,
        RunKind::Full | RunKind::Selected { .. } => QuarantineRule::Respect,
    }
}

/// Intents of this run that surely are not under way need no more looking at.
fn close_outbox(
    tx: &isthmus_store::WriteTransaction<'_>,
    course: &Course<'_>,
) -> isthmus_store::Result<()> {
    let mut after = None;
    loop {
        let page = tx.open_outbox_page(course.sync.lane, after, LEFT_OVER_PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.id);
        for row in page {
            let known = matches!(row.state, OutboxState::Intended | OutboxState::Answered);
            if known && row.intent.run <= course.run {
                tx.mark_outbox_done(row.id)?;
            }
        }
    }
}

fn end_state(counts: &RunCounts, stop: Option<&Error>, course: &Course<'_>) -> RunEnd {
    match stop {
        Some(error) if error.stops_only() => RunEnd::Stopped,
        Some(_) => RunEnd::Failed,
        None if course.halted.is_empty() => counts.end(),
        // Nothing was tried, because nothing of the sync could be seen: a guard, not a fault.
        None if everything_hidden(course) => RunEnd::Stopped,
        // An object that stopped is never a success, whatever the others came to.
        None if counts.created + counts.updated + counts.unchanged == 0 => RunEnd::Failed,
        None => RunEnd::Partial,
    }
}

/// True when each mapping is halted because links say that it has rows and the user sees none.
fn everything_hidden(course: &Course<'_>) -> bool {
    course.halted.len() == course.sync.objects.len()
        && course.halted.values().all(|cause| cause.code == NOTHING_READABLE)
}

fn not_sent(cause: &Cause) -> Cause {
    own_cause(
        "not_sent",
        format!("the run stopped before this row was sent: {}", cause.message),
        &cause.remedy,
    )
}

fn parent_pending() -> Cause {
    own_cause(
        "parent_pending",
        "a parent of this row was sent and its answer was lost".to_owned(),
        "run again in a few minutes; the row follows its parent",
    )
}
