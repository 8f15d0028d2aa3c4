//! The planner: what a run would do, as pure data. Imports model and formula alone: no client, no store, no clock.

pub mod inputs;
pub mod key;

mod fields;
mod hold;
mod preflight;
mod reference;
mod row;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use isthmus_model::mapping::{ObjectMapping, Policy};
use isthmus_model::plan::Operation;
use isthmus_model::schema::FieldName;
use isthmus_model::snapshot::{Snapshot, SnapshotRow};

use inputs::{Base, Links};

pub use row::target_expectation;

/// Plans the left rows given: one operation for each, in the order of their ids.
///
/// `left` holds the source rows to plan (all of them, or one page of them); `right` every target row that one of
/// them is linked to or that shares a key with one of them; `links` what the ledger and this run know of links,
/// parents and repeated keys. The same inputs give the same operations, whatever the order of the rows.
#[must_use]
pub fn plan(
    left: &Snapshot,
    right: &Snapshot,
    base: &Base,
    links: &Links,
    mapping: &ObjectMapping,
    policy: &Policy,
) -> Vec<Operation> {
    let context = row::Context::new(left, right, base, links, mapping, policy);
    let mut operations: Vec<Operation> =
        left.rows.iter().map(|source| context.plan_row(source)).collect();
    operations.sort_by_key(|operation| operation.source_id);
    operations
}

/// The right fields of a pair of rows that do not hold what the source asks for.
///
/// Of those that nobody writes, an edit was left alone: it must stay an edit, whatever the source becomes.
#[must_use]
pub fn differing(
    source: (&Snapshot, &SnapshotRow),
    target: (&Snapshot, &SnapshotRow),
    mapping: &ObjectMapping,
    links: &Links,
) -> BTreeSet<FieldName> {
    fields::differing(source, target, mapping, links)
}
