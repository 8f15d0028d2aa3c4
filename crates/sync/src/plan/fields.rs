//! Deciding one field of one pair of rows.

use std::collections::BTreeSet;

use isthmus_formula::convert::convert;
use isthmus_model::base::FieldBase;
use isthmus_model::base::{BaseRow, BaseState};
use isthmus_model::canonical::{canonical, same};
use isthmus_model::cause::Cause;
use isthmus_model::document::{EditedTargetPolicy, FirstContactPolicy, NullPolicy};
use isthmus_model::mapping::{FieldMapping, ObjectMapping, Policy};
use isthmus_model::plan::ParentReference;
use isthmus_model::schema::FieldName;
use isthmus_model::snapshot::{Snapshot, SnapshotRow};
use isthmus_model::value::Value;
use jiff::Timestamp;

use super::hold;
use super::inputs::Links;
use super::reference::{Translated, translate};

/// What the source wants a field of the target to hold.
pub(super) enum Desired {
    /// This value.
    Value(Value),
    /// The id of a parent that this plan creates.
    Waits(ParentReference),
    /// Nothing is asked of the target: the source is empty and empty values are kept.
    Nothing,
}

/// The value the right field should hold for a left value.
pub(super) fn desired(left: &Value, field: &FieldMapping, links: &Links) -> Result<Desired, Cause> {
    if left.is_blank() && field.nulls == NullPolicy::Keep {
        return Ok(Desired::Nothing);
    }
    if let Some(rule) = &field.reference {
        return Ok(match translate(left, field, rule, links)? {
            Translated::Value(value) => Desired::Value(value),
            Translated::Waits(parent) => Desired::Waits(parent),
        });
    }
    let converted = convert(left, &field.pair.left, &field.pair.right).map_err(|error| {
        hold::cause(
            "value_not_convertible",
            &[&field.pair.left.name, &field.pair.right.name],
            format!("{} to {}: {error}", field.pair.left.name, field.pair.right.name),
            "correct the source value, or map another field",
        )
    })?;
    Ok(Desired::Value(canonical(&converted, &field.pair.right)))
}

/// The right fields of a pair of rows that do not hold what the source asks for: left alone, or not written yet.
pub(super) fn differing(
    (left, source): (&Snapshot, &SnapshotRow),
    (right, target): (&Snapshot, &SnapshotRow),
    mapping: &ObjectMapping,
    links: &Links,
) -> BTreeSet<FieldName> {
    let differs = |field: &&FieldMapping| {
        let (from, to) = (&field.pair.left, &field.pair.right);
        let held = value_of(right, target, &to.name);
        match desired(value_of(left, source, &from.name), field, links) {
            Ok(Desired::Value(value)) => !same(&value, held, to),
            Ok(Desired::Nothing) => !held.is_blank(),
            Ok(Desired::Waits(_)) | Err(_) => true,
        }
    };
    let fields = mapping.fields.iter().filter(differs);
    fields.map(|field| field.pair.right.name.clone()).collect()
}

/// A row's value of a field, null where it was not read.
pub(super) fn value_of<'r>(rows: &Snapshot, row: &'r SnapshotRow, field: &str) -> &'r Value {
    rows.position(field).and_then(|position| row.values.get(position)).unwrap_or(&Value::Null)
}

/// What both sides of a field hold, and held.
pub(super) struct Compared<'a> {
    pub(super) field: &'a FieldMapping,
    pub(super) left: &'a Value,
    pub(super) right: &'a Value,
    pub(super) left_base: Option<&'a BaseRow>,
    pub(super) right_base: Option<&'a BaseRow>,
    pub(super) left_modified: Option<Timestamp>,
    pub(super) right_modified: Option<Timestamp>,
}

/// What is done with a field whose desired value differs from what the target holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    /// The source's value is written.
    Flow,
    /// The target's value stays.
    Keep,
    /// A person decides: never compared before.
    AskFirstContact,
    /// A person decides: the target was edited.
    AskEdited,
}

/// The decision table of a one-way field that differs.
pub(super) fn decide(compared: &Compared<'_>, policy: &Policy) -> Decision {
    let left_base = field_base(compared.left_base, &compared.field.pair.left.name);
    let right_base = field_base(compared.right_base, &compared.field.pair.right.name);
    let (FieldBase::Held(left_was), FieldBase::Held(right_was)) = (left_base, right_base) else {
        return first_contact(compared, policy.first_contact);
    };
    let left_changed = !same(left_was, compared.left, &compared.field.pair.left);
    // Until a read has settled our own write, a difference on the target is what the org made of it, not an edit.
    let settling = compared.right_base.is_some_and(|row| row.state == BaseState::Settling);
    let right_changed = !settling && !same(right_was, compared.right, &compared.field.pair.right);
    match (left_changed, right_changed, policy.edited_target) {
        // Nobody changed anything: both sides agreed to hold different values.
        (false, false, _) => Decision::Keep,
        // Only the source changed.
        (true, false, _) => Decision::Flow,
        // The target was edited; whether the source changed too makes no difference to a one-way mapping.
        (_, true, EditedTargetPolicy::Overwrite) => Decision::Flow,
        (_, true, EditedTargetPolicy::Leave) => Decision::Keep,
        (_, true, EditedTargetPolicy::Report) => Decision::AskEdited,
    }
}

fn field_base<'a>(row: Option<&'a BaseRow>, name: &str) -> FieldBase<'a> {
    row.map_or(FieldBase::NoBase, |row| row.field(name))
}

fn first_contact(compared: &Compared<'_>, policy: FirstContactPolicy) -> Decision {
    let flow = match policy {
        FirstContactPolicy::Left => true,
        FirstContactPolicy::Right => false,
        // Without a stamp on either side the target's value stays: nothing proves that the source is newer.
        FirstContactPolicy::Newest => {
            matches!((compared.left_modified, compared.right_modified), (Some(left), Some(right)) if left > right)
        }
        FirstContactPolicy::FillBlanks => compared.right.is_blank(),
        FirstContactPolicy::Ask => return Decision::AskFirstContact,
    };
    if flow { Decision::Flow } else { Decision::Keep }
}
