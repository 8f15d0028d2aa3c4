//! Settling: what the ledger holds as base after a write, and after a later read has shown what the org made of it.

use std::collections::{BTreeMap, BTreeSet};

use isthmus_model::base::{BaseRow, BaseState};
use isthmus_model::canonical::same;
use isthmus_model::ids::Side;
use isthmus_model::mapping::ObjectMapping;
use isthmus_model::schema::FieldName;
use isthmus_model::value::Value;
use jiff::{SignedDuration, Timestamp};

use crate::rows::{mapped_fingerprint, schema_of};

/// LastModifiedDate has whole seconds and the org's own follow-up automation may land a moment after the answer.
const WRITE_WINDOW_SLACK: SignedDuration = SignedDuration::from_secs(2);

/// The mapped values of both sides of one link.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct BothValues {
    pub(crate) left: BTreeMap<FieldName, Value>,
    pub(crate) right: BTreeMap<FieldName, Value>,
}

/// Takes what a read shows of a row that we wrote: for the fields we sent, the stored value is the base.
///
/// Fields we did not send keep their base, so that what the org did to them counts as that side's change. A version
/// that somebody modified after our write window tells nothing of normalisation, so all fields keep their base.
pub(crate) fn settle_written(
    mapping: &ObjectMapping,
    base: &mut BaseRow,
    held: &BTreeMap<FieldName, Value>,
    sent: &BTreeSet<FieldName>,
    last_modified: Option<Timestamp>,
    written_at: Timestamp,
) {
    let ours = last_modified.is_none_or(|at| {
        at.duration_since(written_at) <= WRITE_WINDOW_SLACK
    });
    if ours {
        for (field, value) in held {
            if sent.contains(field) {
                base.values.insert(field.clone(), value.clone());
            }
        }
    }
    base.state = BaseState::Settled;
    base.fingerprint = mapped_fingerprint(mapping, &base.values, base.side);
}

/// The base values of both sides once nothing is left to write, or once `sent` has been written.
///
/// `held` is what both sides hold then. A field that only the right side changed, and that policy left alone, keeps its
/// base: the edit is still an edit in the next run. Every other field takes what is held.
pub(crate) fn base_after(
    mapping: &ObjectMapping,
    old: Option<(&BaseRow, &BaseRow)>,
    held: &BothValues,
    sent: &BTreeSet<FieldName>,
) -> BothValues {
    let Some((left_base, right_base)) = old else { return held.clone() };
    let mut after = held.clone();
    for field in &mapping.fields {
        let (left, right) = (&field.pair.left, &field.pair.right);
        if sent.contains(&right.name) {
            continue;
        }
        let (Some(left_old), Some(right_old)) =
            (left_base.values.get(&left.name), right_base.values.get(&right.name))
        else {
            continue;
        };
        let left_stands =
            held.left.get(&left.name).is_some_and(|value| same(value, left_old, left));
        let right_stands =
            held.right.get(&right.name).is_some_and(|value| same(value, right_old, right));
        if left_stands && !right_stands {
            after.left.insert(left.name.clone(), left_old.clone());
            after.right.insert(right.name.clone(), right_old.clone());
        }
    }
    after
}

/// Both base rows of a link from their values.
pub(crate) fn base_rows(
    mapping: &ObjectMapping,
    link: isthmus_model::ids::LinkId,
    values: BothValues,
    right_state: BaseState,
) -> [BaseRow; 2] {
    let row = |side: Side, values: BTreeMap<FieldName, Value>, state| BaseRow {
        link,
        side,
        lane: mapping.lane,
        mapping_version: mapping.version,
        state,
        fingerprint: mapped_fingerprint(mapping, &values, side),
        values,
    };
    [
        row(Side::Left, values.left, BaseState::Settled),
        row(Side::Right, values.right, right_state),
    ]
}

/// True when a stored base row says something else than this one.
pub(crate) fn differs(mapping: &ObjectMapping, stored: &BaseRow, now: &BaseRow) -> bool {
    stored.state != now.state
        || stored.mapping_version != now.mapping_version
        || mapping.fields.iter().any(|field| {
            let name = &schema_of(&field.pair, now.side).name;
            stored.values.get(name) != now.values.get(name)
        })
}
