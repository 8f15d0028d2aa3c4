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

/// Who made the version of a row that a read shows, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) last_modified: Option<Timestamp>,
    /// Our own user modified it last.
    pub(crate) by_us: bool,
}

/// Takes what a read shows of a row that we wrote: for the fields we sent, the stored value is the base.
///
/// Fields we did not send keep their base, so that what the org did to them counts as that side's change. A version
/// that somebody else modified last, or anybody after our write window, tells nothing of normalisation: all fields keep
/// their base, and what differs from it is an edit.
pub(crate) fn settle_written(
    mapping: &ObjectMapping,
    base: &mut BaseRow,
    held: &BTreeMap<FieldName, Value>,
    sent: &BTreeSet<FieldName>,
    version: Version,
    written_at: Timestamp,
) {
    let in_window =
        version.last_modified.is_none_or(|at| at.duration_since(written_at) <= WRITE_WINDOW_SLACK);
    if in_window && version.by_us {
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
/// `held` is what both sides hold then, and `differing` the right fields that did not hold what the source asks for. One
/// of them that the right side changed and that policy left alone keeps its base: the edit is still an edit in the next
/// run, also when the source has changed since. Every other field takes what is held.
pub(crate) fn base_after(
    mapping: &ObjectMapping,
    old: Option<(&BaseRow, &BaseRow)>,
    held: &BothValues,
    sent: &BTreeSet<FieldName>,
    differing: &BTreeSet<FieldName>,
) -> BothValues {
    let Some((left_base, right_base)) = old else { return held.clone() };
    let mut after = held.clone();
    for field in &mapping.fields {
        let (left, right) = (&field.pair.left, &field.pair.right);
        if sent.contains(&right.name) || !differing.contains(&right.name) {
            continue;
        }
        let (Some(left_old), Some(right_old)) =
            (left_base.values.get(&left.name), right_base.values.get(&right.name))
        else {
            continue;
        };
        let right_stands =
            held.right.get(&right.name).is_some_and(|value| same(value, right_old, right));
        if !right_stands {
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
    [row(Side::Left, values.left, BaseState::Settled), row(Side::Right, values.right, right_state)]
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

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use isthmus_model::base::{BaseRow, BaseState};
    use isthmus_model::ids::{LaneId, LinkId, Side};
    use isthmus_model::mapping::ObjectMapping;
    use isthmus_model::value::Value;
    use jiff::{SignedDuration, Timestamp};

    use super::{BothValues, Version, base_after, base_rows, settle_written};
    use crate::tests::world::{contact, mapping};

    fn values(name: &str, email: &str) -> BTreeMap<String, Value> {
        BTreeMap::from([
            ("LastName".to_owned(), Value::from(name)),
            ("Email".to_owned(), Value::from(email)),
        ])
    }

    fn mapped() -> ObjectMapping {
        mapping(&contact(), &["ERP_Key__c"], LaneId(1))
    }

    fn bases(left: BTreeMap<String, Value>, right: BTreeMap<String, Value>) -> [BaseRow; 2] {
        base_rows(&mapped(), LinkId(1), BothValues { left, right }, BaseState::Settling)
    }

    fn version(at: Timestamp, by_us: bool) -> Version {
        Version { last_modified: Some(at), by_us }
    }

    fn sent(fields: &[&str]) -> BTreeSet<String> {
        fields.iter().map(|field| (*field).to_owned()).collect()
    }

    #[test]
    fn a_sent_field_takes_what_the_org_stored_and_an_unsent_one_keeps_its_base() {
        let written: Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
        let [_, mut right] = bases(values("Ann", "a@x"), values("Ann", "a@x"));
        let held = values("ANN", "changed@x");
        settle_written(
            &mapped(),
            &mut right,
            &held,
            &sent(&["LastName"]),
            version(written, true),
            written,
        );
        assert_eq!((right.state, right.side), (BaseState::Settled, Side::Right));
        assert_eq!(right.values, values("ANN", "a@x"));
    }

    #[test]
    fn a_version_modified_after_our_write_tells_nothing_of_what_the_org_made_of_it() {
        let written: Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
        let later = written + SignedDuration::from_secs(10);
        let [_, mut right] = bases(values("Ann", "a@x"), values("Ann", "a@x"));
        let held = values("Bob", "a@x");
        settle_written(
            &mapped(),
            &mut right,
            &held,
            &sent(&["LastName"]),
            version(later, true),
            written,
        );
        assert_eq!(right.values, values("Ann", "a@x"));
    }

    #[test]
    fn an_edit_by_somebody_else_in_the_second_of_our_write_stays_an_edit() {
        let written: Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
        let [_, mut right] = bases(values("Ann", "a@x"), values("Ann", "a@x"));
        let held = values("Edited", "a@x");
        settle_written(
            &mapped(),
            &mut right,
            &held,
            &sent(&["LastName"]),
            version(written, false),
            written,
        );
        assert_eq!((right.state, right.values), (BaseState::Settled, values("Ann", "a@x")));
    }

    #[test]
    fn an_edit_that_policy_left_alone_stays_an_edit() {
        let [left, right] = bases(values("Ann", "a@x"), values("Ann", "a@x"));
        let held = BothValues { left: values("Ann", "new@x"), right: values("Edited", "new@x") };
        let old = Some((&left, &right));
        let after = base_after(&mapped(), old, &held, &sent(&[]), &sent(&["LastName"]));
        assert_eq!(after.right, values("Ann", "new@x"));
        assert_eq!(after.left, values("Ann", "new@x"));
    }

    #[test]
    fn an_edit_that_policy_left_alone_stays_an_edit_when_the_source_changes_too() {
        let [left, right] = bases(values("Ann", "a@x"), values("Ann", "a@x"));
        let held = BothValues { left: values("Anna", "a@x"), right: values("Edited", "a@x") };
        let old = Some((&left, &right));
        let after = base_after(&mapped(), old, &held, &sent(&[]), &sent(&["LastName"]));
        assert_eq!((after.left, after.right), (values("Ann", "a@x"), values("Ann", "a@x")));
    }

    #[test]
    fn sides_that_were_changed_to_the_same_agree_on_it() {
        let [left, right] = bases(values("Ann", "a@x"), values("Bob", "a@x"));
        let held = BothValues { left: values("Ann", "a@x"), right: values("Ann", "a@x") };
        let old = Some((&left, &right));
        let after = base_after(&mapped(), old, &held, &sent(&[]), &sent(&[]));
        assert_eq!(after.right, values("Ann", "a@x"));
    }

    #[test]
    fn without_a_base_both_sides_agree_on_what_they_hold() {
        let held = BothValues { left: values("Ann", "a@x"), right: values("Ann", "b@x") };
        assert_eq!(base_after(&mapped(), None, &held, &sent(&[]), &sent(&["Email"])), held);
    }
}
