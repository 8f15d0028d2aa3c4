//! What the ledger knows of a page of rows: links, bases, parents. The planner is told this besides the rows.

use std::collections::{BTreeMap, BTreeSet};

use isthmus_model::ids::{LinkId, RecordId, Side};
use isthmus_model::mapping::{MappingName, ObjectMapping, ReferenceRule};
use isthmus_model::plan::Action;
use isthmus_model::run::Outcome;
use isthmus_model::snapshot::Snapshot;
use isthmus_model::value::Value;
use isthmus_store::{PlannedOperation, Reader};
use jiff::Timestamp;

use crate::course::Course;
use crate::error::Result;
use crate::plan::inputs::{Base, Links, Parent};
use crate::rows::value_of;

/// What is known of one page of rows.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) base: Base,
    pub(crate) links: Links,
    /// When each right base was stored.
    pub(crate) written_at: BTreeMap<LinkId, Timestamp>,
    /// Left parents that were sent, or wait for one that was, and whose own outcome is not known yet.
    pub(crate) open_parents: BTreeSet<RecordId>,
}

/// When the facts are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// While the plan is made: a parent that will be created is a promise.
    Planning,
    /// While it is carried out: a parent without an outcome by now is not known.
    Applying,
}

/// Gathers what is known of these rows.
pub(crate) fn gather(
    reader: Reader<'_>,
    course: &Course<'_>,
    mapping: &ObjectMapping,
    left: &Snapshot,
    right: &Snapshot,
    phase: Phase,
) -> Result<Facts> {
    let mut facts = Facts::default();
    for row in &left.rows {
        if let Some(link) = reader.link_of(mapping.lane, &mapping.name, Side::Left, row.id)? {
            facts.links.by_left.insert(row.id, (link.id, link.right));
            for side in [Side::Left, Side::Right] {
                if let Some(base) = reader.base(link.id, side)? {
                    if side == Side::Right {
                        facts.written_at.insert(link.id, base.written_at);
                    }
                    facts.base.rows.insert((link.id, side), base.row);
                }
            }
        }
    }
    for row in &right.rows {
        if let Some(link) = reader.link_of(mapping.lane, &mapping.name, Side::Right, row.id)? {
            facts.links.by_right.insert(row.id, link.left);
        }
    }
    for (name, parent) in parents_of(mapping, left) {
        match parent_state(reader, course, &name, parent, phase)? {
            None => {}
            Some(ParentState::Known(state)) => {
                facts.links.parents.insert((name, parent), state);
            }
            Some(ParentState::Open) => {
                facts.open_parents.insert(parent);
                facts.links.parents.insert((name, parent), Parent::Waiting);
            }
        }
    }
    Ok(facts)
}

/// The parents that these rows refer to, with each mapping that may cover them.
pub(crate) fn parents_of(
    mapping: &ObjectMapping,
    left: &Snapshot,
) -> BTreeSet<(MappingName, RecordId)> {
    let mut parents = BTreeSet::new();
    for field in &mapping.fields {
        let Some(ReferenceRule::Links(names)) = &field.reference else { continue };
        for row in &left.rows {
            if let Value::Id(parent) = value_of(left, row, &field.pair.left.name) {
                parents.extend(names.iter().map(|name| (name.clone(), *parent)));
            }
        }
    }
    parents
}

enum ParentState {
    Known(Parent),
    Open,
}

fn parent_state(
    reader: Reader<'_>,
    course: &Course<'_>,
    name: &MappingName,
    parent: RecordId,
    phase: Phase,
) -> Result<Option<ParentState>> {
    if let Some(link) = reader.link_of(course.sync.lane, name, Side::Left, parent)? {
        return Ok(Some(ParentState::Known(Parent::Exists(link.right))));
    }
    if let Some(planned) = reader.operation_of_source(course.run, name, parent)? {
        return Ok(planned_parent(&planned, phase));
    }
    // A mapping that could not be read knows nothing of its rows, so its children wait instead of being orphans.
    let halted = course.halted.contains_key(name);
    Ok(halted.then_some(ParentState::Known(Parent::Waiting)))
}

fn planned_parent(planned: &PlannedOperation, phase: Phase) -> Option<ParentState> {
    let exists = |id: RecordId| Some(ParentState::Known(Parent::Exists(id)));
    match (&planned.outcome, &planned.operation.action) {
        (Some(Outcome::Created { target_id } | Outcome::Updated { target_id }), _) => {
            exists(*target_id)
        }
        (Some(Outcome::Unchanged { target_id }), _) => target_id.and_then(exists),
        (Some(Outcome::Pending { .. }), _) => Some(ParentState::Open),
        (Some(Outcome::Held { .. } | Outcome::Quarantined { .. }), _) => {
            Some(ParentState::Known(Parent::Waiting))
        }
        (None, Action::Update { target_id, .. } | Action::Link { target_id }) => exists(*target_id),
        (None, Action::Unchanged { target_id, .. }) => target_id.and_then(exists),
        (None, Action::Create { .. }) if phase == Phase::Planning => {
            Some(ParentState::Known(Parent::Planned))
        }
        (None, Action::Create { .. }) => Some(ParentState::Open),
        (None, Action::Hold { .. } | Action::Delete { .. }) => {
            Some(ParentState::Known(Parent::Waiting))
        }
    }
}
