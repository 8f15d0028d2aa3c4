//! Storing an answer: one transaction for the whole request, one outcome for each row.

use isthmus_model::base::BaseState;
use isthmus_model::cause::Cause;
use isthmus_model::ids::{OutboxId, Side};
use isthmus_model::run::Outcome;
use isthmus_store::{QuarantineRow, WriteTransaction};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::apply::batch::Sending;
use crate::apply::send::{desired, smaller};
use crate::apply::written::{Written, store_written};
use crate::apply::{Again, MAX_LOCK_TRIES};
use crate::course::Course;
use crate::engine::{BoundObject, Engine};
use crate::error::{Error, Result};
use crate::failpoint::{FailPoint, hit};
use crate::rows::describe_fingerprint;
use crate::side::{RefusalClass, RowRefusal, RowResult, SideError, SideErrorKind};

/// A quarantined row is tried again without a reason once a day.
const QUARANTINE_RETRY: SignedDuration = SignedDuration::from_hours(24);

/// What a row's refusal asks for beyond the row.
enum Beyond {
    Again(Box<Again>),
    Halt(Cause),
    Stop(Cause),
}

impl Engine<'_> {
    /// Stores every row's outcome; gives back the rows that go again.
    pub(super) async fn store_answers(
        &mut self,
        course: &mut Course<'_>,
        object: &BoundObject,
        rows: Vec<Sending>,
        ids: Vec<OutboxId>,
        results: Vec<RowResult>,
    ) -> Result<Vec<Again>> {
        let answer = Answer {
            run: course.run,
            object,
            org: self.sides.right.org(),
            actor: self.actor(),
            now: self.clock.now(),
            org_now: self.sides.right.now(),
        };
        let (decided, beyond) = self.ledger.write(|tx| {
            let mut decided: Vec<Outcome> = Vec::new();
            let mut beyond: Vec<Beyond> = Vec::new();
            for ((row, id), result) in rows.iter().zip(&ids).zip(&results) {
                let (outcome, more) = match result {
                    RowResult::Written { id: target, created } => {
                        (Some(answer.written(tx, row, *id, *target, *created)?), None)
                    }
                    RowResult::Refused(refusal) => answer.refused(tx, row, *id, refusal)?,
                };
                if let Some(outcome) = outcome {
                    tx.set_outcome(answer.run, row.ordinal, &outcome, answer.now)?;
                    decided.push(outcome);
                }
                beyond.extend(more);
            }
            tx.set_run_traffic(answer.run, course.rows_sent, course.calls.values().sum())?;
            Ok((decided, beyond))
        })?;
        hit(FailPoint::ApplyStored).await;
        decided.iter().for_each(|outcome| course.counts.add(outcome));
        sort_out(course, object, beyond)
    }

    /// Quarantines a row that was refused outside a row-by-row answer.
    pub(super) fn quarantine(
        &mut self,
        course: &mut Course<'_>,
        object: &BoundObject,
        row: &Sending,
        cause: &Cause,
    ) -> Result<()> {
        let now = self.clock.now();
        let outcome = Outcome::Quarantined { cause: cause.clone() };
        self.ledger.write(|tx| {
            tx.put_quarantine(&quarantine_row(course.run, object, row, cause, now))?;
            for known in tx.outbox_of_operation(course.run, row.ordinal)? {
                tx.mark_outbox_done(known.id)?;
            }
            tx.set_outcome(course.run, row.ordinal, &outcome, now)
        })?;
        course.counts.add(&outcome);
        Ok(())
    }
}

fn sort_out(
    course: &mut Course<'_>,
    object: &BoundObject,
    beyond: Vec<Beyond>,
) -> Result<Vec<Again>> {
    let mut again = Vec::new();
    let mut stop = None;
    for more in beyond {
        match more {
            Beyond::Again(row) => again.push(*row),
            Beyond::Halt(cause) => {
                tracing::warn!(run = %course.run, mapping = %object.mapping.name, code = cause.code, "mapping stopped");
                course.halted.entry(object.mapping.name.clone()).or_insert(cause);
            }
            Beyond::Stop(cause) => stop = stop.or(Some(cause)),
        }
    }
    match stop {
        None => Ok(again),
        Some(cause) => {
            let kind = SideErrorKind::Rejected(RefusalClass::Limit);
            Err(Error::Side { side: Side::Right, error: SideError { kind, cause } })
        }
    }
}

/// What is the same for all rows of an answer.
struct Answer<'a> {
    run: isthmus_model::ids::RunId,
    object: &'a BoundObject,
    org: isthmus_model::ids::OrgId,
    actor: String,
    now: Timestamp,
    org_now: Timestamp,
}

impl Answer<'_> {
    fn written(
        &self,
        tx: &WriteTransaction<'_>,
        row: &Sending,
        outbox: OutboxId,
        target: isthmus_model::ids::RecordId,
        created: bool,
    ) -> isthmus_store::Result<Outcome> {
        let sent = desired(&row.operation.action);
        let written = Written {
            run: self.run,
            lane: self.object.mapping.lane,
            operation: &row.operation,
            mapping: Some(&self.object.mapping),
            outbox,
            org: self.org,
            target,
            created,
            source: Some(&row.source),
            before: &row.before,
            sent: &sent,
            differing: &row.differing,
            held: None,
            old_base: row.old_base.as_ref(),
            right_state: BaseState::Settling,
            actor: &self.actor,
            answer: json!({ "id": target, "created": created }),
            now: self.now,
            org_now: self.org_now,
        };
        store_written(tx, &written)
    }

    fn refused(
        &self,
        tx: &WriteTransaction<'_>,
        row: &Sending,
        outbox: OutboxId,
        refusal: &RowRefusal,
    ) -> isthmus_store::Result<(Option<Outcome>, Option<Beyond>)> {
        let answer = json!({ "not_done": refusal.cause.code, "cause": refusal.cause });
        tx.record_answer(outbox, None, &answer, self.org_now)?;
        let cause = refusal.cause.clone();
        match refusal.class {
            RefusalClass::Retry if row.tries.locked + 1 < MAX_LOCK_TRIES => {
                let again = smaller(self.object, row.clone(), &cause);
                return Ok((None, Some(Beyond::Again(Box::new(again)))));
            }
            RefusalClass::Limit => return Ok((None, Some(Beyond::Stop(cause)))),
            _ => {}
        }
        tx.mark_outbox_done(outbox)?;
        tx.put_quarantine(&quarantine_row(self.run, self.object, row, &cause, self.now))?;
        let beyond = match refusal.class {
            RefusalClass::Permission | RefusalClass::Unknown => Some(Beyond::Halt(cause.clone())),
            _ => None,
        };
        Ok((Some(Outcome::Quarantined { cause }), beyond))
    }
}

fn quarantine_row(
    run: isthmus_model::ids::RunId,
    object: &BoundObject,
    row: &Sending,
    cause: &Cause,
    now: Timestamp,
) -> QuarantineRow {
    let mapping = &object.mapping;
    QuarantineRow {
        lane: mapping.lane,
        mapping: mapping.name.clone(),
        source_id: row.operation.source_id,
        mapping_version: mapping.version,
        run,
        cause: cause.clone(),
        payload: json!({ "values": desired(&row.operation.action) }),
        source_fingerprint: row.source_fingerprint,
        describe_fingerprint: describe_fingerprint(&mapping.right),
        attempts: 1,
        since: now,
        next_try_at: now.checked_add(QUARANTINE_RETRY).unwrap_or(now),
    }
}
