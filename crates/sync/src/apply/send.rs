//! Sending one request: intent durable before the wire, then whatever becomes of it.

use std::collections::{BTreeMap, BTreeSet};

use isthmus_model::cause::Cause;
use isthmus_model::ids::{OutboxId, Side};
use isthmus_model::mapping::{MatchRule, ObjectMapping};
use isthmus_model::plan::{Action, FieldChange, RowKey};
use isthmus_model::run::Outcome;
use isthmus_model::schema::FieldName;
use isthmus_model::value::Value;
use isthmus_store::{
    NewOutboxRow, OutboxRetry, OutboxRow, OutboxState, RequestNumber, WriteTransaction,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::sync::Arc;

use crate::apply::Again;
use crate::apply::batch::{Sending, halted_cause};
use crate::course::Course;
use crate::engine::{BoundObject, CallCause, Engine};
use crate::error::{Error, Result};
use crate::failpoint::{FailPoint, hit};
use crate::side::{RefusalClass, SideError, SideErrorKind, WriteBatch, WriteRow, WriteVerb};

/// Requests without a usable answer, one after the other, before the run stops and leaves the rest for later.
const MAX_SILENT_REQUESTS: u32 = 5;

impl Engine<'_> {
    /// Writes rows of one verb in one request; gives back those that go again.
    pub(super) async fn send(
        &mut self,
        course: &mut Course<'_>,
        object: &BoundObject,
        rows: Vec<Sending>,
    ) -> Result<Vec<Again>> {
        let Some(first) = rows.first() else { return Ok(Vec::new()) };
        self.stop_if_cancelled()?;
        let mapping = &object.mapping;
        let verb = verb_of(&first.operation.action, mapping);
        let batch = WriteBatch {
            object: Arc::clone(&mapping.right),
            verb,
            rows: rows.iter().map(write_row).collect(),
        };
        let (request, ids) = self.store_intent(course, mapping, &batch, &rows)?;
        hit(FailPoint::ApplyIntent).await;
        let before = self.sides.right.calls();
        // Never raced against a cancel: a request under way is waited for.
        let answer = self.sides.right.write(&batch).await;
        *course.calls.entry(CallCause::Write).or_default() +=
            self.sides.right.calls().saturating_sub(before);
        match answer {
            Ok(results) => {
                course.silent_requests = 0;
                course.rows_sent += rows.len() as u64;
                hit(FailPoint::ApplyAnswered).await;
                self.store_answers(course, object, rows, ids, results).await
            }
            Err(error) => {
                if error.kind != SideErrorKind::NotSent && error.kind != SideErrorKind::Unreachable
                {
                    course.rows_sent += rows.len() as u64;
                }
                self.no_answer(course, object, rows, (request, ids), error).await
            }
        }
    }

    /// One transaction: every row's intent, and that it is handed to the wire now.
    fn store_intent(
        &mut self,
        course: &Course<'_>,
        mapping: &ObjectMapping,
        batch: &WriteBatch,
        rows: &[Sending],
    ) -> Result<(RequestNumber, Vec<OutboxId>)> {
        let org = self.sides.right.org();
        let now = self.sides.right.now();
        let timeout = self.sides.right.capabilities().request_timeout;
        let ends = now.checked_add(SignedDuration::try_from(timeout).unwrap_or_default());
        let ends = ends.unwrap_or(now);
        let stored = self.ledger.write(|tx| {
            let request = RequestNumber(tx.last_request(course.run)?.map_or(1, |last| last.0 + 1));
            let mut ids = Vec::new();
            for (row, write) in rows.iter().zip(&batch.rows) {
                let intent = NewOutboxRow {
                    run: course.run,
                    ordinal: row.ordinal,
                    lane: mapping.lane,
                    mapping_version: mapping.version,
                    request,
                    org,
                    object: mapping.right.name.clone(),
                    target_id: write.id,
                    key: key_of(&row.operation.action),
                    base: row.before.clone(),
                    desired: desired(&row.operation.action),
                    payload: payload(batch, write, row),
                    intended_at: now,
                };
                ids.push(store_row_intent(tx, &intent)?);
            }
            tx.mark_request_sent(course.run, request, now, ends)?;
            Ok((request, ids))
        })?;
        tracing::debug!(run = %course.run, mapping = %mapping.name, request = stored.0.0, rows = rows.len(), "sending");
        Ok(stored)
    }

    /// A request that came to no answer: either surely not done, or unknown.
    async fn no_answer(
        &mut self,
        course: &mut Course<'_>,
        object: &BoundObject,
        rows: Vec<Sending>,
        (request, ids): (RequestNumber, Vec<OutboxId>),
        error: SideError,
    ) -> Result<Vec<Again>> {
        tracing::warn!(run = %course.run, request = request.0, code = error.cause.code, "no answer");
        if error.kind == SideErrorKind::Unanswered {
            return self.unanswered(course, rows, request, error).await;
        }
        self.store_not_done(&ids, &error.cause)?;
        hit(FailPoint::ApplyStored).await;
        let fatal = |error| Err(Error::Side { side: Side::Right, error });
        match error.kind {
            SideErrorKind::NotSent | SideErrorKind::Rejected(RefusalClass::Retry) => {
                course.silent_requests += 1;
                if course.silent_requests >= MAX_SILENT_REQUESTS {
                    return fatal(error);
                }
                self.pause(course.silent_requests).await?;
                Ok(rows.into_iter().map(|row| again(object, row)).collect())
            }
            // One bad row can spoil a whole request: smaller ones find it.
            SideErrorKind::Rejected(RefusalClass::RowData) if rows.len() > 1 => {
                Ok(rows.into_iter().map(|row| smaller(object, row, &error.cause)).collect())
            }
            SideErrorKind::Rejected(RefusalClass::RowData) => {
                for row in rows {
                    self.quarantine(course, object, &row, &error.cause)?;
                }
                Ok(Vec::new())
            }
            SideErrorKind::Rejected(RefusalClass::Permission | RefusalClass::Unknown) => {
                course.halted.insert(object.mapping.name.clone(), error.cause.clone());
                self.hold_rows(course, &rows, &halted_cause(&error.cause))?;
                Ok(Vec::new())
            }
            SideErrorKind::Rejected(RefusalClass::Limit)
            | SideErrorKind::Unreachable
            | SideErrorKind::AuthLost
            | SideErrorKind::Unanswered => fatal(error),
        }
    }

    /// The answer was lost: the rows stay open until a read shows what became of them.
    async fn unanswered(
        &mut self,
        course: &mut Course<'_>,
        rows: Vec<Sending>,
        request: RequestNumber,
        error: SideError,
    ) -> Result<Vec<Again>> {
        self.ledger.write(|tx| tx.mark_request_unknown(course.run, request))?;
        // The client gave up now, so the request cannot begin anything later than now.
        course.request_ends.insert((course.run, request), self.sides.right.now());
        for row in &rows {
            let operation = &row.operation;
            course.unanswered.insert((operation.mapping.clone(), operation.source_id));
        }
        hit(FailPoint::ApplyUnknown).await;
        course.silent_requests += 1;
        if course.silent_requests >= MAX_SILENT_REQUESTS {
            return Err(Error::Side { side: Side::Right, error });
        }
        self.pause(course.silent_requests).await?;
        // Most lost answers are of work that was done: then the rows can be read at once.
        self.read_back(course).await?;
        Ok(Vec::new())
    }

    /// The request surely did nothing: its rows may be sent again.
    pub(super) fn store_not_done(&self, ids: &[OutboxId], cause: &Cause) -> Result<()> {
        let now = self.sides.right.now();
        let answer = json!({ "not_done": cause.code });
        Ok(self
            .ledger
            .write(|tx| ids.iter().try_for_each(|id| tx.record_answer(*id, None, &answer, now)))?)
    }

    pub(super) fn hold_rows(
        &mut self,
        course: &mut Course<'_>,
        rows: &[Sending],
        cause: &Cause,
    ) -> Result<()> {
        let now = self.clock.now();
        let outcome = Outcome::Held { cause: cause.clone() };
        self.ledger.write(|tx| {
            rows.iter().try_for_each(|row| tx.set_outcome(course.run, row.ordinal, &outcome, now))
        })?;
        rows.iter().for_each(|_| course.counts.add(&outcome));
        Ok(())
    }
}

/// An operation's open intent is sent once more where it is the same write; any other one is closed, and a new one made.
fn store_row_intent(
    tx: &WriteTransaction<'_>,
    intent: &NewOutboxRow,
) -> isthmus_store::Result<OutboxId> {
    for known in tx.outbox_of_operation(intent.run, intent.ordinal)? {
        if known.state == OutboxState::Done {
            continue;
        }
        if same_write(&known, intent) {
            let retry = OutboxRetry {
                request: intent.request,
                desired: &intent.desired,
                payload: &intent.payload,
                at: intent.intended_at,
            };
            tx.retry_outbox(known.id, retry)?;
            return Ok(known.id);
        }
        tx.mark_outbox_done(known.id)?;
    }
    tx.insert_outbox(intent)
}

fn same_write(known: &OutboxRow, intent: &NewOutboxRow) -> bool {
    known.intent.target_id == intent.target_id
        && known.intent.key == intent.key
        && known.intent.base == intent.base
}

fn verb_of(action: &Action, mapping: &ObjectMapping) -> WriteVerb {
    match (action, &mapping.match_rule) {
        (Action::Create { key: RowKey::External { .. }, .. }, MatchRule::UniqueKey(pair)) => {
            WriteVerb::Upsert { key: pair.right.clone() }
        }
        (Action::Create { .. }, _) => WriteVerb::Insert,
        _ => WriteVerb::Update,
    }
}

fn write_row(row: &Sending) -> WriteRow {
    let values = |fields: &[FieldChange], key: Option<&FieldName>| {
        fields
            .iter()
            .filter(|change| Some(&change.field) != key)
            .map(|change| (change.field.clone(), change.after.clone()))
            .collect()
    };
    match &row.operation.action {
        Action::Create { key: RowKey::External { field, value }, fields, .. } => {
            WriteRow { id: None, key: Some(value.clone()), values: values(fields, Some(field)) }
        }
        Action::Create { fields, .. } => {
            WriteRow { id: None, key: None, values: values(fields, None) }
        }
        Action::Update { target_id, fields, .. } => {
            WriteRow { id: Some(*target_id), key: None, values: values(fields, None) }
        }
        // Nothing else is ever sent.
        _ => WriteRow { id: None, key: None, values: Vec::new() },
    }
}

fn key_of(action: &Action) -> Option<RowKey> {
    match action {
        Action::Create { key, .. } => Some(key.clone()),
        _ => None,
    }
}

/// What the target shall hold, by field.
pub(super) fn desired(action: &Action) -> BTreeMap<FieldName, Value> {
    match action {
        Action::Create { fields, .. } | Action::Update { fields, .. } => {
            fields.iter().map(|change| (change.field.clone(), change.after.clone())).collect()
        }
        _ => BTreeMap::new(),
    }
}

/// What goes out for a row, and beside it what the source held and where the target differed then: recovery needs both
/// for the base.
fn payload(batch: &WriteBatch, row: &WriteRow, sending: &Sending) -> serde_json::Value {
    let verb = match &batch.verb {
        WriteVerb::Insert => "insert",
        WriteVerb::Upsert { .. } => "upsert",
        WriteVerb::Update => "update",
    };
    let values: BTreeMap<&FieldName, &Value> =
        row.values.iter().map(|(field, value)| (field, value)).collect();
    let (source, differing) = (&sending.source, &sending.differing);
    json!({ "verb": verb, "values": values, "source": source, "differing": differing })
}

/// What the source held when a payload was made.
pub(crate) fn source_of(payload: &serde_json::Value) -> Option<BTreeMap<FieldName, Value>> {
    serde_json::from_value(payload.get("source")?.clone()).ok()
}

/// Where the target differed when a payload was made.
pub(crate) fn differing_of(payload: &serde_json::Value) -> BTreeSet<FieldName> {
    let named = payload.get("differing").cloned().unwrap_or_default();
    serde_json::from_value(named).unwrap_or_default()
}

fn again(object: &BoundObject, row: Sending) -> Again {
    Again { ordinal: row.ordinal, mapping: object.mapping.name.clone(), tries: row.tries }
}

/// Again in a smaller batch.
pub(super) fn smaller(object: &BoundObject, mut row: Sending, cause: &Cause) -> Again {
    row.tries.locked += 1;
    row.tries.cause = Some(cause.clone());
    again(object, row)
}

/// When a request that was sent at a time is over, by the answer's own time where there is one.
pub(crate) fn request_end(
    course: &Course<'_>,
    row: &OutboxRow,
    timeout: SignedDuration,
) -> Timestamp {
    let known = course.request_ends.get(&(row.intent.run, row.intent.request)).copied();
    let stored = row.request_ends_at;
    let latest = row.intent.intended_at.checked_add(timeout).unwrap_or(row.intent.intended_at);
    known.or(stored).unwrap_or(latest)
}
