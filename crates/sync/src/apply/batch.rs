//! One batch: its sources and targets as they are now, planned again, and what is therefore done with each row.

use std::collections::{BTreeMap, BTreeSet};

use isthmus_model::base::BaseRow;
use isthmus_model::canonical::Fingerprint;
use isthmus_model::cause::Cause;
use isthmus_model::ids::{RecordId, Side};
use isthmus_model::mapping::ObjectMapping;
use isthmus_model::plan::{Action, Operation};
use isthmus_model::run::Outcome;
use isthmus_model::schema::FieldName;
use isthmus_model::snapshot::{Snapshot, SnapshotRow};
use isthmus_model::value::Value;
use isthmus_store::{Ordinal, PlannedOperation};
use jiff::SignedDuration;

use crate::agreement::Agreement;
use crate::apply::{Again, MAX_REPLANS, Tries};
use crate::course::{Course, own_cause};
use crate::engine::{BoundObject, CallCause, Engine};
use crate::error::Result;
use crate::facts::{Facts, Phase, gather, parents_of};
use crate::failpoint::{FailPoint, hit};
use crate::plan::key::row_key;
use crate::plan::{differing, plan};
use crate::planning::{held_outcome, outcome_without_write};
use crate::read::Staged;
use crate::rows::{by_id, empty, mapped_fingerprint, mapped_values, selection};

/// How long staged source rows are taken as they are; after this a plan's rows are read again before they are written.
const SOURCE_FRESH: SignedDuration = SignedDuration::from_mins(15);

/// A row about to be written, with all that its outcome needs.
#[derive(Debug, Clone)]
pub(crate) struct Sending {
    pub(crate) ordinal: Ordinal,
    pub(crate) tries: Tries,
    pub(crate) operation: Operation,
    /// What the source holds: its base once the row is written.
    pub(crate) source: BTreeMap<FieldName, Value>,
    pub(crate) source_fingerprint: Fingerprint,
    /// What the target holds: the before-image. Empty for a create.
    pub(crate) before: BTreeMap<FieldName, Value>,
    pub(crate) old_base: Option<(BaseRow, BaseRow)>,
    /// The target's fields that do not hold what the source asks for, sent or left alone. Empty for a create.
    pub(crate) differing: BTreeSet<FieldName>,
}

/// What is done with one row of a batch.
enum Verdict {
    /// It is written as planned now.
    Send(Box<Sending>),
    /// Its target is not as it was planned: the new operation is stored and looked at once more.
    Replan(Operation, Tries),
    /// It needs no write.
    Decide(Operation, Option<Agreement>),
    /// It is not written, and why.
    Hold(Cause),
    /// Its parent's answer is unknown: it waits without an outcome.
    Wait,
}

impl Engine<'_> {
    /// Carries out one batch of one mapping; gives back the rows that go again.
    pub(super) async fn carry_out(
        &mut self,
        course: &mut Course<'_>,
        staged: Option<&Staged>,
        batch: Vec<PlannedOperation>,
        tries: &BTreeMap<Ordinal, Tries>,
    ) -> Result<Vec<Again>> {
        let Some(first) = batch.first() else { return Ok(Vec::new()) };
        self.stop_if_cancelled()?;
        let object = course.object(&first.operation.mapping)?;
        let mapping = &object.mapping;
        if let Some(cause) = course.halted.get(&mapping.name).map(halted_cause) {
            let held = batch.iter().map(|row| (row.ordinal, Verdict::Hold(cause.clone())));
            self.store_verdicts(course, mapping, &held.collect::<Vec<_>>())?;
            return Ok(Vec::new());
        }
        let ids: Vec<RecordId> = batch.iter().map(|row| row.operation.source_id).collect();
        let left = self.sources(course, staged, mapping, &ids).await?;
        let right = self.partners(course, mapping, &left, CallCause::Reread).await?;
        hit(FailPoint::ApplyReread).await;
        let verdicts = self.judge(course, object, staged, &left, &right, &batch, tries)?;
        self.write_verdicts(course, object, verdicts).await
    }

    /// The batch's left rows: as staged by this run's own read while that is fresh, else read again.
    async fn sources(
        &mut self,
        course: &mut Course<'_>,
        staged: Option<&Staged>,
        mapping: &ObjectMapping,
        ids: &[RecordId],
    ) -> Result<Snapshot> {
        let wanted = selection(mapping, Side::Left);
        let now = self.clock.now();
        let Some(staged) = staged.filter(|staged| now.duration_since(staged.at) < SOURCE_FRESH)
        else {
            return self.rows_by_ids(course, Side::Left, &wanted, ids, CallCause::Reread).await;
        };
        let mut left = empty(&wanted);
        for id in ids {
            let row = staged.scratch.row(Side::Left, &mapping.name, *id)?;
            left.rows.extend(row.map(|staged| staged.row));
        }
        Ok(left)
    }

    /// Plans the batch again with what both sides hold now, and judges each row.
    #[expect(
        clippy::too_many_arguments,
        reason = "a batch is its rows on both sides, its plan and its history"
    )]
    fn judge(
        &mut self,
        course: &Course<'_>,
        object: &BoundObject,
        staged: Option<&Staged>,
        left: &Snapshot,
        right: &Snapshot,
        batch: &[PlannedOperation],
        tries: &BTreeMap<Ordinal, Tries>,
    ) -> Result<Vec<(Ordinal, Verdict)>> {
        let mapping = &object.mapping;
        let mut facts = gather(self.ledger.read(), course, mapping, left, right, Phase::Applying)?;
        facts.links.repeated_keys = repeated_keys(staged, mapping, left)?;
        let settled = self.settle(mapping, right, &mut facts)?;
        self.store_settled(&settled)?;
        let fresh = plan(left, right, &facts.base, &facts.links, mapping, &object.policy);
        let mut fresh: BTreeMap<RecordId, Operation> =
            fresh.into_iter().map(|operation| (operation.source_id, operation)).collect();
        let (left_rows, right_rows) = (by_id(left), by_id(right));
        let mut verdicts = Vec::new();
        for planned in batch {
            let source = planned.operation.source_id;
            let tries = tries.get(&planned.ordinal).cloned().unwrap_or_default();
            let verdict = match (left_rows.get(&source), fresh.remove(&source)) {
                (Some(row), Some(now)) => {
                    let now = self.guarded(course, mapping, left, now)?;
                    let pair =
                        Pair { mapping, left, row, right, right_rows: &right_rows, facts: &facts };
                    pair.judge(planned, now, tries)
                }
                _ => Verdict::Hold(source_missing(source)),
            };
            verdicts.push((planned.ordinal, verdict));
        }
        Ok(verdicts)
    }

    /// Stores what needs no write, then sends the rest.
    async fn write_verdicts(
        &mut self,
        course: &mut Course<'_>,
        object: &BoundObject,
        verdicts: Vec<(Ordinal, Verdict)>,
    ) -> Result<Vec<Again>> {
        let mut again = Vec::new();
        let mut sends: Vec<Sending> = Vec::new();
        let mut others = Vec::new();
        for (ordinal, verdict) in verdicts {
            match verdict {
                Verdict::Send(row) => sends.push(*row),
                other => {
                    if let Verdict::Replan(_, tries) = &other {
                        let mapping = object.mapping.name.clone();
                        again.push(Again { ordinal, mapping, tries: tries.clone() });
                    }
                    others.push((ordinal, other));
                }
            }
        }
        self.store_verdicts(course, &object.mapping, &others)?;
        let (creates, updates): (Vec<Sending>, Vec<Sending>) = sends
            .into_iter()
            .partition(|row| matches!(row.operation.action, Action::Create { .. }));
        again.extend(self.send(course, object, creates).await?);
        again.extend(self.send(course, object, updates).await?);
        Ok(again)
    }

    fn store_verdicts(
        &mut self,
        course: &mut Course<'_>,
        mapping: &ObjectMapping,
        verdicts: &[(Ordinal, Verdict)],
    ) -> Result<()> {
        if verdicts.is_empty() {
            return Ok(());
        }
        let (now, org_now, run) = (self.clock.now(), self.sides.right.now(), course.run);
        let decided = self.ledger.write(|tx| {
            let mut decided: Vec<Outcome> = Vec::new();
            for (ordinal, verdict) in verdicts {
                let outcome = match verdict {
                    Verdict::Hold(cause) => Some(held_outcome(cause)),
                    Verdict::Decide(_, Some(agreement)) => {
                        agreement.store(tx, run, mapping, now, org_now)?
                    }
                    Verdict::Decide(operation, None) => outcome_without_write(&operation.action),
                    Verdict::Replan(operation, _) => {
                        tx.replace_operation(run, *ordinal, operation)?;
                        None
                    }
                    Verdict::Send(_) | Verdict::Wait => None,
                };
                if let Some(outcome) = outcome {
                    tx.set_outcome(run, *ordinal, &outcome, now)?;
                    decided.push(outcome);
                }
            }
            Ok(decided)
        })?;
        decided.iter().for_each(|outcome| course.counts.add(outcome));
        Ok(())
    }
}

/// One source row with everything it is judged by.
struct Pair<'p> {
    mapping: &'p ObjectMapping,
    left: &'p Snapshot,
    row: &'p SnapshotRow,
    right: &'p Snapshot,
    right_rows: &'p BTreeMap<RecordId, &'p SnapshotRow>,
    facts: &'p Facts,
}

impl Pair<'_> {
    fn judge(&self, planned: &PlannedOperation, now: Operation, mut tries: Tries) -> Verdict {
        tries.parent = parents_of(self.mapping, &self.alone()).first().map(|(_, parent)| *parent);
        match (&planned.operation.action, &now.action) {
            (_, Action::Hold { .. }) if self.waits() => Verdict::Wait,
            (_, Action::Link { .. } | Action::Unchanged { .. }) => {
                let agreement =
                    Agreement::of(self.mapping, self.left, self.row, self.right, self.facts, &now);
                Verdict::Decide(now, agreement)
            }
            // Nothing is written that the plan did not show.
            (Action::Hold { cause, .. }, _) | (_, Action::Hold { cause, .. }) => {
                Verdict::Hold(cause.clone())
            }
            (Action::Link { .. } | Action::Unchanged { .. }, _) => {
                Verdict::Hold(changed_since_plan())
            }
            (before, after) if still_as_planned(before, after) => {
                Verdict::Send(Box::new(self.sending(planned.ordinal, now, tries)))
            }
            _ if tries.replanned >= MAX_REPLANS => Verdict::Hold(target_changed()),
            _ => {
                tries.replanned += 1;
                Verdict::Replan(now, tries)
            }
        }
    }

    /// True when a parent of the row was sent and its answer is unknown.
    fn waits(&self) -> bool {
        parents_of(self.mapping, &self.alone())
            .iter()
            .any(|(_, parent)| self.facts.open_parents.contains(parent))
    }

    fn alone(&self) -> Snapshot {
        Snapshot {
            object: self.left.object.clone(),
            fields: self.left.fields.clone(),
            rows: vec![self.row.clone()],
        }
    }

    fn sending(&self, ordinal: Ordinal, operation: Operation, tries: Tries) -> Sending {
        let source = mapped_values(self.mapping, self.left, self.row, Side::Left);
        let (target, link) = match &operation.action {
            Action::Update { target_id, link, .. } => (Some(*target_id), *link),
            _ => (None, None),
        };
        let target = target.and_then(|target| self.right_rows.get(&target).copied());
        let before = target
            .map(|row| mapped_values(self.mapping, self.right, row, Side::Right))
            .unwrap_or_default();
        let differing = target
            .map(|row| {
                let (left, right) = ((self.left, self.row), (self.right, row));
                differing(left, right, self.mapping, &self.facts.links)
            })
            .unwrap_or_default();
        let old_base = link.and_then(|link| {
            let left = self.facts.base.row(link, Side::Left)?;
            Some((left.clone(), self.facts.base.row(link, Side::Right)?.clone()))
        });
        let source_fingerprint = mapped_fingerprint(self.mapping, &source, Side::Left);
        Sending {
            ordinal,
            tries,
            operation,
            source,
            source_fingerprint,
            before,
            old_base,
            differing,
        }
    }
}

/// True when the target is what the plan expected it to be.
fn still_as_planned(planned: &Action, now: &Action) -> bool {
    match (planned, now) {
        (Action::Create { .. }, Action::Create { .. }) => true,
        (
            Action::Update { target_id: planned_target, expectation: expected, .. },
            Action::Update { target_id, expectation, .. },
        ) => planned_target == target_id && expected.fingerprint == expectation.fingerprint,
        _ => false,
    }
}

/// Keys that several left rows carry: in the whole staged read where there is one, else in this batch.
fn repeated_keys(
    staged: Option<&Staged>,
    mapping: &ObjectMapping,
    left: &Snapshot,
) -> Result<BTreeSet<String>> {
    let mut seen = BTreeSet::new();
    let mut repeated = BTreeSet::new();
    for row in &left.rows {
        let Some(key) = row_key(left, row, &mapping.match_rule, Side::Left) else { continue };
        let in_staging = match staged {
            Some(staged) => {
                staged.scratch.rows_by_key(Side::Left, &mapping.name, &key, 2)?.len() > 1
            }
            None => false,
        };
        if !seen.insert(key.clone()) || in_staging {
            repeated.insert(key);
        }
    }
    Ok(repeated)
}

/// Why the rows of a mapping that stopped are not sent.
pub(super) fn halted_cause(cause: &Cause) -> Cause {
    own_cause(
        "mapping_stopped",
        format!(
            "the object mapping was stopped by an earlier row: {}: {}",
            cause.code, cause.message
        ),
        &cause.remedy,
    )
}

fn source_missing(source: RecordId) -> Cause {
    own_cause(
        "source_missing",
        format!(
            "the source record {source} is not there any more, or is hidden from the connected user"
        ),
        "run again: the next plan is made from what is there",
    )
}

fn changed_since_plan() -> Cause {
    own_cause(
        "changed_since_plan",
        "both rows agreed when the plan was made and differ now".to_owned(),
        "make a new plan, which shows the difference",
    )
}

fn target_changed() -> Cause {
    own_cause(
        "target_changed",
        format!(
            "the target record changed {MAX_REPLANS} times while this run was about to write it"
        ),
        "run again when whatever edits the record has come to rest",
    )
}
