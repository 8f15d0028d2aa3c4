//! Making a plan: staged rows go page by page through the planner, parents first, and are stored in the order of carrying out.

mod levels;

use std::collections::{BTreeMap, BTreeSet};

use isthmus_model::base::{BaseRow, BaseState};
use isthmus_model::cause::Cause;
use isthmus_model::ids::{RecordId, Side};
use isthmus_model::mapping::{MappingName, ObjectMapping};
use isthmus_model::plan::{Action, Operation};
use isthmus_model::run::Outcome;
use isthmus_model::snapshot::Snapshot;
use isthmus_store::{NewOperation, Ordinal, RunState, Scratch, StagedRow, WriteTransaction};
use tokio::task::yield_now;

use crate::agreement::Agreement;
use crate::apply::ANSWER_PENDING;
use crate::course::{Course, QuarantineRule, answer_pending, own_cause};
use crate::engine::{BoundObject, Engine};
use crate::error::Result;
use crate::facts::{Facts, Phase, gather};
use crate::failpoint::{FailPoint, hit};
use crate::order::{Group, groups};
use crate::plan::plan;
use crate::progress::{Meter, Stage};
use crate::read::{PAGE_ROWS, Staged};
use crate::rows::{
    by_id, describe_fingerprint, empty, last_modified_by_us, mapped_fingerprint, mapped_values,
    selection,
};
use crate::settle::Version;

/// Whether the plan is only shown, or carried out right away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Nothing but the plan is stored.
    Show,
    /// What the read settles (links, bases, outcomes of rows that need no write) is stored with it.
    CarryOut,
}

/// The plan so far.
struct Draft {
    purpose: Purpose,
    last: Ordinal,
    wave: u32,
    meter: Meter,
}

/// One planned row with what its transaction stores besides.
struct Planned {
    operation: Operation,
    outcome: Option<Outcome>,
    agreement: Option<Agreement>,
}

impl Engine<'_> {
    /// Plans every staged row and stores the plan.
    pub(crate) async fn make_plan(
        &mut self,
        course: &mut Course<'_>,
        staged: &Staged,
        purpose: Purpose,
    ) -> Result<()> {
        let mappings: Vec<&ObjectMapping> =
            course.sync.objects.iter().map(|object| &object.mapping).collect();
        let mut total = 0;
        for mapping in &mappings {
            total += staged.scratch.count(Side::Left, &mapping.name)?;
        }
        let meter = Meter::new(Stage::Planning, Some(total), self.clock);
        let mut draft = Draft { purpose, last: Ordinal(0), wave: 0, meter };
        for group in groups(&mappings) {
            self.plan_group(course, staged, &mut draft, &group).await?;
        }
        self.hold_not_found(course, staged, &mut draft)?;
        self.store_planned(course, staged, purpose)?;
        hit(FailPoint::PlanStored).await;
        Ok(())
    }

    async fn plan_group(
        &mut self,
        course: &mut Course<'_>,
        staged: &Staged,
        draft: &mut Draft,
        group: &Group,
    ) -> Result<()> {
        let members: Vec<usize> = group
            .members
            .iter()
            .copied()
            .filter(|member| {
                !course.halted.contains_key(&course.sync.objects[*member].mapping.name)
            })
            .collect();
        let waiting = match group.refers_to_itself {
            true => levels::waiting(course, &staged.scratch, self.ledger.read(), &members).await?,
            false => levels::Waiting::default(),
        };
        for member in &members {
            let later = |id: &RecordId| waiting.contains((*member, *id));
            self.plan_whole(course, staged, draft, &course.sync.objects[*member], later).await?;
        }
        for (level, rows) in &waiting.levels {
            for (member, ids) in rows {
                let object = &course.sync.objects[*member];
                draft.wave += level;
                for part in ids.chunks(PAGE_ROWS as usize) {
                    let rows = staged_rows(&staged.scratch, &object.mapping.name, part)?;
                    self.plan_page(course, &staged.scratch, draft, object, rows).await?;
                }
                draft.wave -= level;
            }
        }
        for (member, id) in &waiting.rings {
            let object = &course.sync.objects[*member];
            self.store_page(course, draft, &object.mapping, &[held(object, *id, parent_cycle())])?;
        }
        draft.wave += waiting.deepest() + 1;
        Ok(())
    }

    /// Plans all staged rows of a mapping but those that come later.
    async fn plan_whole(
        &mut self,
        course: &mut Course<'_>,
        staged: &Staged,
        draft: &mut Draft,
        object: &BoundObject,
        later: impl Fn(&RecordId) -> bool,
    ) -> Result<()> {
        let mut after = None;
        loop {
            let name = &object.mapping.name;
            let mut page = staged.scratch.rows_page(Side::Left, name, after, PAGE_ROWS)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.row.id);
            page.retain(|staged| !later(&staged.row.id));
            self.plan_page(course, &staged.scratch, draft, object, page).await?;
        }
    }

    async fn plan_page(
        &mut self,
        course: &mut Course<'_>,
        scratch: &Scratch,
        draft: &mut Draft,
        object: &BoundObject,
        page: Vec<StagedRow>,
    ) -> Result<()> {
        if page.is_empty() {
            return Ok(());
        }
        if self.cancel.is_cancelled() {
            return Err(crate::error::Error::Cancelled);
        }
        let mapping = &object.mapping;
        let reader = self.ledger.read();
        let repeated = repeated_keys(scratch, mapping, &page)?;
        let mut left = empty(&selection(mapping, Side::Left));
        let right = self.staged_partners(scratch, mapping, &page)?;
        left.rows = page.into_iter().map(|staged| staged.row).collect();
        let mut facts = gather(reader, course, mapping, &left, &right, Phase::Planning)?;
        facts.links.repeated_keys = repeated;
        let settled = self.settle(mapping, &right, &mut facts)?;
        let operations = plan(&left, &right, &facts.base, &facts.links, mapping, &object.policy);
        let mut planned = Vec::new();
        for operation in operations {
            let operation = self.guarded(course, mapping, &left, operation)?;
            planned.push(self.decided(draft.purpose, mapping, &left, &right, &facts, operation));
        }
        let rows = planned.len() as u64;
        if draft.purpose == Purpose::CarryOut {
            self.store_settled(&settled)?;
        }
        self.store_page(course, draft, mapping, &planned)?;
        let progress = draft.meter.advance(rows, Some(&mapping.name), course.counts, self.clock);
        (self.watch)(progress);
        hit(FailPoint::PlanPage).await;
        yield_now().await;
        Ok(())
    }

    /// Right rows that staged left rows are linked with, or share a key with where they are not.
    fn staged_partners(
        &self,
        scratch: &Scratch,
        mapping: &ObjectMapping,
        page: &[StagedRow],
    ) -> Result<Snapshot> {
        let reader = self.ledger.read();
        let mut rows = BTreeMap::new();
        for staged in page {
            let link = reader.link_of(mapping.lane, &mapping.name, Side::Left, staged.row.id)?;
            let found = match (link, &staged.key) {
                (Some(link), _) => {
                    scratch.row(Side::Right, &mapping.name, link.right)?.into_iter().collect()
                }
                (None, Some(key)) => {
                    let limit = isthmus_store::CANDIDATE_LIMIT;
                    scratch.rows_by_key(Side::Right, &mapping.name, key, limit)?
                }
                (None, None) => Vec::new(),
            };
            rows.extend(found.into_iter().map(|staged| (staged.row.id, staged.row)));
        }
        let mut right = empty(&selection(mapping, Side::Right));
        right.rows = rows.into_values().collect();
        Ok(right)
    }

    /// The operation, or a hold where its row must not be sent now: its last answer is unknown, or it is quarantined.
    pub(crate) fn guarded(
        &self,
        course: &Course<'_>,
        mapping: &ObjectMapping,
        left: &Snapshot,
        operation: Operation,
    ) -> Result<Operation> {
        let source = operation.source_id;
        if course.unanswered.contains(&(mapping.name.clone(), source)) {
            return Ok(hold_operation(operation, answer_pending(source)));
        }
        let writes = matches!(operation.action, Action::Create { .. } | Action::Update { .. });
        if !writes || course.quarantine == QuarantineRule::Override {
            return Ok(operation);
        }
        let found = self.ledger.read().quarantined(mapping.lane, &mapping.name, source)?;
        let Some(quarantined) = found else { return Ok(operation) };
        let row = left.rows.iter().find(|row| row.id == source);
        let fingerprint = row.map(|row| {
            let values = mapped_values(mapping, left, row, Side::Left);
            mapped_fingerprint(mapping, &values, Side::Left)
        });
        let unchanged = quarantined.mapping_version == mapping.version
            && Some(quarantined.source_fingerprint) == fingerprint
            && quarantined.describe_fingerprint == describe_fingerprint(&mapping.right)
            && self.clock.now() < quarantined.next_try_at;
        Ok(if unchanged { hold_operation(operation, quarantined.cause) } else { operation })
    }

    /// What needs no write is decided with the plan, when the plan is carried out.
    fn decided(
        &self,
        purpose: Purpose,
        mapping: &ObjectMapping,
        left: &Snapshot,
        right: &Snapshot,
        facts: &Facts,
        operation: Operation,
    ) -> Planned {
        if purpose == Purpose::Show {
            return Planned { operation, outcome: None, agreement: None };
        }
        let outcome = outcome_without_write(&operation.action);
        let left_row = by_id(left).get(&operation.source_id).copied();
        let agreement =
            left_row.and_then(|row| Agreement::of(mapping, left, row, right, facts, &operation));
        Planned { operation, outcome, agreement }
    }

    fn store_page(
        &mut self,
        course: &mut Course<'_>,
        draft: &mut Draft,
        mapping: &ObjectMapping,
        planned: &[Planned],
    ) -> Result<()> {
        let (now, org_now) = (self.clock.now(), self.sides.right.now());
        let mut last = draft.last;
        let decided = self.ledger.write(|tx| {
            let mut decided = Vec::new();
            for row in planned {
                last = Ordinal(last.0 + 1);
                let new =
                    NewOperation { ordinal: last, wave: draft.wave, operation: &row.operation };
                tx.insert_operation(course.run, mapping.lane, new)?;
                let outcome = match &row.agreement {
                    Some(agreement) => agreement.store(tx, course.run, mapping, now, org_now)?,
                    None => row.outcome.clone(),
                };
                if let Some(outcome) = outcome {
                    tx.set_outcome(course.run, last, &outcome, now)?;
                    decided.push(outcome);
                }
            }
            Ok(decided)
        })?;
        draft.last = last;
        decided.iter().for_each(|outcome| course.counts.add(outcome));
        Ok(())
    }

    /// Base rows of our own writes that this read has shown.
    pub(crate) fn settle(
        &self,
        mapping: &ObjectMapping,
        right: &Snapshot,
        facts: &mut Facts,
    ) -> Result<Vec<BaseRow>> {
        let rows = by_id(right);
        let mut settled = Vec::new();
        for (link, target) in facts.links.by_left.values() {
            let Some(row) = rows.get(target) else { continue };
            let Some(base) = facts.base.rows.get_mut(&(*link, Side::Right)) else { continue };
            if base.state != BaseState::Settling {
                continue;
            }
            let last = self.ledger.read().last_write(self.sides.right.org(), *target)?;
            let sent: BTreeSet<_> =
                last.into_iter().flat_map(|write| write.intent.desired.into_keys()).collect();
            let held = mapped_values(mapping, right, row, Side::Right);
            let by_us = last_modified_by_us(right, row, self.sides.right.own_user());
            let version = Version { last_modified: row.last_modified, by_us };
            let written_at = facts.written_at.get(link).copied().unwrap_or_default();
            crate::settle::settle_written(mapping, base, &held, &sent, version, written_at);
            settled.push(base.clone());
        }
        Ok(settled)
    }

    pub(crate) fn store_settled(&self, settled: &[BaseRow]) -> Result<()> {
        if settled.is_empty() {
            return Ok(());
        }
        let at = self.sides.right.now();
        Ok(self.ledger.write(|tx| settled.iter().try_for_each(|base| tx.put_base(base, at)))?)
    }

    fn hold_not_found(
        &mut self,
        course: &mut Course<'_>,
        staged: &Staged,
        draft: &mut Draft,
    ) -> Result<()> {
        for (name, id) in &staged.not_found {
            let object = course.object(name)?;
            let cause = own_cause(
                "record_not_found",
                format!("the left org shows no record {id}"),
                "check the id, and whether the connected user may see the record",
            );
            let mut planned = held(object, *id, cause);
            if draft.purpose == Purpose::Show {
                planned.outcome = None;
            }
            self.store_page(course, draft, &object.mapping, &[planned])?;
        }
        Ok(())
    }

    /// The plan is whole: its counts and the marks of the read are stored together.
    fn store_planned(&self, course: &Course<'_>, staged: &Staged, purpose: Purpose) -> Result<()> {
        let now = self.clock.now();
        self.ledger.write(|tx: &WriteTransaction<'_>| {
            let counts = tx.plan_counts(course.run)?;
            tx.set_run_planned(course.run, now, counts)?;
            if purpose == Purpose::CarryOut {
                staged.cursors.iter().try_for_each(|cursor| tx.put_cursor(cursor))?;
                tx.set_run_state(course.run, RunState::Applying)?;
            }
            Ok(())
        })?;
        tracing::info!(run = %course.run, "plan stored");
        Ok(())
    }
}

/// Keys of these rows that more than one staged left row carries.
fn repeated_keys(
    scratch: &Scratch,
    mapping: &ObjectMapping,
    page: &[StagedRow],
) -> Result<BTreeSet<String>> {
    let mut repeated = BTreeSet::new();
    for key in page.iter().filter_map(|staged| staged.key.as_ref()) {
        if scratch.rows_by_key(Side::Left, &mapping.name, key, 2)?.len() > 1 {
            repeated.insert(key.clone());
        }
    }
    Ok(repeated)
}

fn staged_rows(
    scratch: &Scratch,
    mapping: &MappingName,
    ids: &[RecordId],
) -> Result<Vec<StagedRow>> {
    let mut rows = Vec::new();
    for id in ids {
        rows.extend(scratch.row(Side::Left, mapping, *id)?);
    }
    Ok(rows)
}

/// The outcome of an operation that writes nothing; `None` for the others.
pub(crate) fn outcome_without_write(action: &Action) -> Option<Outcome> {
    match action {
        Action::Link { target_id } => Some(Outcome::Unchanged { target_id: Some(*target_id) }),
        Action::Unchanged { target_id, .. } => Some(Outcome::Unchanged { target_id: *target_id }),
        Action::Hold { cause, .. } => Some(held_outcome(cause)),
        Action::Create { .. } | Action::Update { .. } | Action::Delete { .. } => None,
    }
}

/// A row that waits for a lost answer is pending, any other one is held.
pub(crate) fn held_outcome(cause: &Cause) -> Outcome {
    let cause = cause.clone();
    if cause.code == ANSWER_PENDING { Outcome::Pending { cause } } else { Outcome::Held { cause } }
}

fn hold_operation(operation: Operation, cause: Cause) -> Operation {
    let target_id = match &operation.action {
        Action::Update { target_id, .. }
        | Action::Link { target_id }
        | Action::Delete { target_id, .. } => Some(*target_id),
        Action::Unchanged { target_id, .. } | Action::Hold { target_id, .. } => *target_id,
        Action::Create { .. } => None,
    };
    let why = cause.message.clone();
    Operation { action: Action::Hold { target_id, cause }, why, ..operation }
}

fn held(object: &BoundObject, source_id: RecordId, cause: Cause) -> Planned {
    let mapping = &object.mapping;
    let operation = Operation {
        mapping: mapping.name.clone(),
        mapping_version: mapping.version,
        target: Side::Right,
        target_object: mapping.right.name.clone(),
        source_id,
        why: cause.message.clone(),
        action: Action::Hold { target_id: None, cause },
    };
    let outcome = outcome_without_write(&operation.action);
    Planned { operation, outcome, agreement: None }
}

fn parent_cycle() -> Cause {
    own_cause(
        "parent_cycle",
        "the parents of this row lead back to the row itself, so none of them can be written first"
            .to_owned(),
        "clear one of the lookups on a source record, run, then set it again; or leave the lookup out of the mapping",
    )
}
