//! Rows that agree without a write: the link they get, and the base that both sides hold from now on.

use std::collections::BTreeSet;

use isthmus_model::base::{BaseRow, BaseState};
use isthmus_model::ids::{LinkId, RecordId, RunId, Side};
use isthmus_model::mapping::ObjectMapping;
use isthmus_model::plan::{Action, Operation};
use isthmus_model::run::Outcome;
use isthmus_model::schema::FieldName;
use isthmus_model::snapshot::{Snapshot, SnapshotRow};
use isthmus_store::{NewLink, WriteTransaction};
use jiff::Timestamp;

use crate::course::own_cause;
use crate::facts::Facts;
use crate::plan::differing;
use crate::rows::mapped_values;
use crate::settle::{BothValues, base_after, base_rows, differs};

/// Two rows that were found to agree.
#[derive(Debug)]
pub(crate) struct Agreement {
    source: RecordId,
    target: RecordId,
    link: Option<LinkId>,
    old: Option<(BaseRow, BaseRow)>,
    held: BothValues,
    differing: BTreeSet<FieldName>,
}

impl Agreement {
    /// The agreement that an operation without a write comes to; `None` where there is no pair of rows.
    pub(crate) fn of(
        mapping: &ObjectMapping,
        left: &Snapshot,
        left_row: &SnapshotRow,
        right: &Snapshot,
        facts: &Facts,
        operation: &Operation,
    ) -> Option<Self> {
        let (target, link) = match operation.action {
            Action::Link { target_id } => (target_id, None),
            Action::Unchanged { target_id: Some(target_id), link } => (target_id, link),
            _ => return None,
        };
        let right_row = right.rows.iter().find(|row| row.id == target)?;
        let held = BothValues {
            left: mapped_values(mapping, left, left_row, Side::Left),
            right: mapped_values(mapping, right, right_row, Side::Right),
        };
        let old = link.and_then(|link| {
            let left = facts.base.row(link, Side::Left)?;
            Some((left.clone(), facts.base.row(link, Side::Right)?.clone()))
        });
        let differing = differing((left, left_row), (right, right_row), mapping, &facts.links);
        Some(Self { source: left_row.id, target, link, old, held, differing })
    }

    /// Stores link and bases where they say something new, and lets the row out of quarantine.
    pub(crate) fn store(
        &self,
        tx: &WriteTransaction<'_>,
        run: RunId,
        mapping: &ObjectMapping,
        now: Timestamp,
        org_now: Timestamp,
    ) -> isthmus_store::Result<Option<Outcome>> {
        let link = match self.link {
            Some(link) => link,
            None => match link_rows(tx, run, mapping, self.source, self.target, now)? {
                LinkResult::Linked(link) => link,
                LinkResult::Taken(outcome) => return Ok(Some(outcome)),
            },
        };
        let old = self.old.as_ref().map(|(left, right)| (left, right));
        let values = base_after(mapping, old, &self.held, &BTreeSet::new(), &self.differing);
        let rows = base_rows(mapping, link, values, BaseState::Settled);
        let known = self.old.as_ref().map(|(left, right)| [left, right]);
        for (position, row) in rows.iter().enumerate() {
            let stored = known.and_then(|known| known.get(position).copied());
            if stored.is_none_or(|stored| differs(mapping, stored, row)) {
                tx.put_base(row, org_now)?;
            }
        }
        tx.release_quarantine(mapping.lane, &mapping.name, self.source)?;
        Ok(Some(Outcome::Unchanged { target_id: Some(self.target) }))
    }
}

/// What linking two rows came to.
pub(crate) enum LinkResult {
    /// They are linked.
    Linked(LinkId),
    /// One of them is linked with another record already.
    Taken(Outcome),
}

/// Links two rows, or finds that they are linked.
pub(crate) fn link_rows(
    tx: &WriteTransaction<'_>,
    run: RunId,
    mapping: &ObjectMapping,
    left: RecordId,
    right: RecordId,
    now: Timestamp,
) -> isthmus_store::Result<LinkResult> {
    let of_left = tx.link_of(mapping.lane, &mapping.name, Side::Left, left)?;
    let of_right = tx.link_of(mapping.lane, &mapping.name, Side::Right, right)?;
    match (of_left, of_right) {
        (Some(link), _) if link.right == right => Ok(LinkResult::Linked(link.id)),
        (None, None) => {
            let new = NewLink {
                lane: mapping.lane,
                mapping: mapping.name.clone(),
                mapping_version: mapping.version,
                left,
                right,
                run: Some(run),
                at: now,
            };
            Ok(LinkResult::Linked(tx.insert_link(&new)?))
        }
        (of_left, of_right) => {
            let other = of_left.map(|link| link.right).or(of_right.map(|link| link.left));
            let other = other.map(|id| id.to_string()).unwrap_or_default();
            let cause = own_cause(
                "partner_taken",
                format!(
                    "{left} and {right} belong together by key, but one of them is linked with {other}"
                ),
                "one of the records has a wrong key: correct it, or merge the duplicates",
            );
            Ok(LinkResult::Taken(Outcome::Held { cause }))
        }
    }
}
