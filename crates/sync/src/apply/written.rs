//! What one written row leaves in the ledger, all in the transaction of its outcome: link, bases, audit entry, outbox state.

use std::collections::{BTreeMap, BTreeSet};

use isthmus_model::audit::AuditAction;
use isthmus_model::base::{BaseRow, BaseState};
use isthmus_model::canonical::canonical;
use isthmus_model::ids::{LaneId, OrgId, OutboxId, RecordId, RunId};
use isthmus_model::mapping::ObjectMapping;
use isthmus_model::plan::Operation;
use isthmus_model::run::Outcome;
use isthmus_model::schema::FieldName;
use isthmus_model::value::Value;
use isthmus_store::{AuditDraft, WriteTransaction};
use jiff::Timestamp;

use crate::agreement::{LinkResult, link_rows};
use crate::settle::{BothValues, base_after, base_rows};

/// One row that was written, as an answer or a read-back tells.
pub(crate) struct Written<'w> {
    pub(crate) run: RunId,
    pub(crate) lane: LaneId,
    pub(crate) operation: &'w Operation,
    /// `None` when the sync no longer has the mapping at this version: the write is recorded, no link or base made.
    pub(crate) mapping: Option<&'w ObjectMapping>,
    pub(crate) outbox: OutboxId,
    pub(crate) org: OrgId,
    pub(crate) target: RecordId,
    pub(crate) created: bool,
    /// What the source held when the row was sent; `None` when that is not known.
    pub(crate) source: Option<&'w BTreeMap<FieldName, Value>>,
    /// What the target held before.
    pub(crate) before: &'w BTreeMap<FieldName, Value>,
    pub(crate) sent: &'w BTreeMap<FieldName, Value>,
    /// The target's fields that did not hold what the source asked for, sent or left alone.
    pub(crate) differing: &'w BTreeSet<FieldName>,
    /// What the target holds now, where a read has shown it.
    pub(crate) held: Option<BTreeMap<FieldName, Value>>,
    pub(crate) old_base: Option<&'w (BaseRow, BaseRow)>,
    pub(crate) right_state: BaseState,
    pub(crate) actor: &'w str,
    pub(crate) answer: serde_json::Value,
    pub(crate) now: Timestamp,
    pub(crate) org_now: Timestamp,
}

/// Stores everything a written row leaves but its operation's outcome, which is given back.
pub(crate) fn store_written(
    tx: &WriteTransaction<'_>,
    written: &Written<'_>,
) -> isthmus_store::Result<Outcome> {
    tx.record_answer(written.outbox, Some(written.target), &written.answer, written.org_now)?;
    tx.mark_outbox_done(written.outbox)?;
    tx.append_audit(audit(written))?;
    let done = match written.created {
        true => Outcome::Created { target_id: written.target },
        false => Outcome::Updated { target_id: written.target },
    };
    let Some(mapping) = written.mapping else { return Ok(done) };
    let source = written.operation.source_id;
    tx.release_quarantine(mapping.lane, &mapping.name, source)?;
    let link = match link_rows(tx, written.run, mapping, source, written.target, written.now)? {
        LinkResult::Linked(link) => link,
        LinkResult::Taken(outcome) => return Ok(outcome),
    };
    if let Some(left) = written.source {
        let held = BothValues { left: left.clone(), right: right_values(mapping, written) };
        let sent: BTreeSet<FieldName> = written.sent.keys().cloned().collect();
        let old = written.old_base.map(|(left, right)| (left, right));
        let values = base_after(mapping, old, &held, &sent, written.differing);
        for row in base_rows(mapping, link, values, written.right_state) {
            tx.put_base(&row, written.org_now)?;
        }
    }
    Ok(done)
}

/// What the right side holds after the write: as read, or what it held with the sent values over it.
fn right_values(mapping: &ObjectMapping, written: &Written<'_>) -> BTreeMap<FieldName, Value> {
    if let Some(held) = &written.held {
        return held.clone();
    }
    mapping
        .fields
        .iter()
        .map(|field| &field.pair.right)
        .map(|schema| {
            let sent = written.sent.get(&schema.name).map(|value| canonical(value, schema));
            let before = written.before.get(&schema.name).cloned();
            (schema.name.clone(), sent.or(before).unwrap_or_default())
        })
        .collect()
}

fn audit(written: &Written<'_>) -> AuditDraft {
    let operation = written.operation;
    let action =
        if written.created { AuditAction::RecordCreated } else { AuditAction::RecordUpdated };
    AuditDraft {
        org: Some(written.org),
        object: Some(operation.target_object.clone()),
        record: Some(written.target),
        fields: written.sent.keys().cloned().collect(),
        run: Some(written.run),
        lane: Some(written.lane),
        mapping_version: Some(operation.mapping_version),
        ..AuditDraft::new(written.now, written.actor, action)
    }
}
