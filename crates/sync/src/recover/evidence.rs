//! Weighing what a read shows of a row whose answer was lost. Pure: a decision table over rows.

use std::collections::BTreeMap;

use isthmus_model::canonical::same;
use isthmus_model::ids::RecordId;
use isthmus_model::plan::RowKey;
use isthmus_model::schema::{FieldName, FieldSchema, ObjectSchema};
use isthmus_model::snapshot::{Snapshot, SnapshotRow};
use isthmus_model::value::Value;
use isthmus_store::OutboxRow;
use jiff::SignedDuration;

use crate::rows::{MODIFIED_BY, value_of};

/// The fields that say who made a row, and when.
pub(super) const CREATED_BY: &str = "CreatedById";
pub(super) const CREATED_DATE: &str = "CreatedDate";
/// LastModifiedDate has whole seconds, so a write may be stamped up to a second before it was sent.
const STAMP_SLACK: SignedDuration = SignedDuration::from_secs(1);

/// What is known of a row now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Our write is there.
    Written {
        /// The record.
        target: RecordId,
    },
    /// Our write is not there and cannot appear any more: the row may be planned and sent again.
    NotDone,
    /// It may still appear.
    Open,
}

/// What a read shows.
pub(super) struct Evidence<'e> {
    pub(super) schema: &'e ObjectSchema,
    pub(super) found: &'e Snapshot,
    pub(super) own_user: Option<RecordId>,
    /// The org certifies everything up to the end of the request.
    pub(super) certified: bool,
}

impl Evidence<'_> {
    pub(super) fn verdict(&self, row: &OutboxRow) -> Verdict {
        match (self.ours(row), self.certified) {
            (Some(target), _) => Verdict::Written { target },
            (None, true) => Verdict::NotDone,
            (None, false) => Verdict::Open,
        }
    }

    /// The record that our write made or changed, if it is there.
    fn ours(&self, row: &OutboxRow) -> Option<RecordId> {
        if let Some(target) = row.intent.target_id {
            let found = self.found.rows.iter().find(|found| found.id == target)?;
            return self.updated_by_us(row, found).then_some(target);
        }
        let key = row.intent.key.as_ref()?;
        let with_key: Vec<&SnapshotRow> =
            self.found.rows.iter().filter(|found| self.has_key(found, key)).collect();
        let as_sent: Vec<&&SnapshotRow> =
            with_key.iter().filter(|found| self.holds_all(found, &row.intent.desired)).collect();
        let made_by_us: Vec<&&SnapshotRow> =
            with_key.iter().filter(|found| self.made_by_us(row, found)).collect();
        match (as_sent.as_slice(), made_by_us.as_slice(), with_key.as_slice()) {
            ([found], _, _) => Some(found.id),
            // Whoever changed it since, the row that our user made is the one that we sent.
            (_, [found], _) => Some(found.id),
            // Nothing had the key just before we sent; what we modified since is ours, as the org keeps it.
            ([], [], [found]) if self.modified_by_us(row, found) => Some(found.id),
            _ => None,
        }
    }

    /// A write is all or nothing: one sent field that changed to what we sent is enough, where the last hand was ours.
    fn updated_by_us(&self, row: &OutboxRow, found: &SnapshotRow) -> bool {
        let desired = &row.intent.desired;
        if self.holds_all(found, desired) {
            return true;
        }
        let before = |field: &str| row.intent.base.get(field).unwrap_or(&Value::Null);
        let arrived = desired.iter().any(|(field, value)| {
            self.field(field).is_some_and(|schema| {
                !same(before(field), value, schema) && self.holds(found, field, value)
            })
        });
        let moved = desired.iter().all(|(field, _)| {
            self.field(field)
                .is_some_and(|schema| !same(before(field), self.value(found, field), schema))
        });
        (arrived || moved) && self.modified_by_us(row, found)
    }

    fn modified_by_us(&self, row: &OutboxRow, found: &SnapshotRow) -> bool {
        let Some(own) = self.own_user else { return false };
        let by_us = self.value(found, MODIFIED_BY) == &Value::Id(own);
        let sent = row.sent_at.unwrap_or(row.intent.intended_at);
        let since = found
            .last_modified
            .is_some_and(|at| at.checked_add(STAMP_SLACK).is_ok_and(|at| at >= sent));
        by_us && since
    }

    fn made_by_us(&self, row: &OutboxRow, found: &SnapshotRow) -> bool {
        let Some(own) = self.own_user else { return false };
        let by_us = self.value(found, CREATED_BY) == &Value::Id(own);
        let sent = row.sent_at.unwrap_or(row.intent.intended_at);
        let Value::DateTime(at) = self.value(found, CREATED_DATE) else { return false };
        by_us && at.checked_add(STAMP_SLACK).is_ok_and(|at| at >= sent)
    }

    fn has_key(&self, found: &SnapshotRow, key: &RowKey) -> bool {
        match key {
            RowKey::External { field, value } => self.same_key(found, field, value),
            RowKey::Fields { fields } => {
                fields.iter().all(|(field, value)| self.same_key(found, field, value))
            }
        }
    }

    /// Keys are compared as the org compares them: without case unless the field has it.
    fn same_key(&self, found: &SnapshotRow, field: &str, value: &Value) -> bool {
        let Some(schema) = self.field(field) else { return false };
        let held = self.value(found, field);
        let folded = |value: &Value| {
            let text = isthmus_model::canonical::canonical(value, schema).display();
            if schema.case_sensitive { text } else { text.to_lowercase() }
        };
        folded(held) == folded(value)
    }

    fn holds_all(&self, found: &SnapshotRow, values: &BTreeMap<FieldName, Value>) -> bool {
        values.iter().all(|(field, value)| self.holds(found, field, value))
    }

    fn holds(&self, found: &SnapshotRow, field: &str, value: &Value) -> bool {
        self.field(field).is_some_and(|schema| same(self.value(found, field), value, schema))
    }

    fn value<'r>(&self, found: &'r SnapshotRow, field: &str) -> &'r Value {
        value_of(self.found, found, field)
    }

    fn field(&self, name: &str) -> Option<&FieldSchema> {
        self.schema.field(name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use isthmus_model::ids::{LaneId, MappingVersion, OrgId, OutboxId, RecordId, RunId};
    use isthmus_model::plan::RowKey;
    use isthmus_model::schema::ObjectSchema;
    use isthmus_model::snapshot::{Snapshot, SnapshotRow};
    use isthmus_model::value::Value;
    use isthmus_store::{NewOutboxRow, Ordinal, OutboxRow, OutboxState, RequestNumber};
    use jiff::Timestamp;

    use super::{CREATED_BY, CREATED_DATE, Evidence, Verdict};
    use crate::side::fake::FakeOrg;
    use crate::tests::world::{RIGHT_ORG, contact};

    const SENT_AT: &str = "2026-11-20T10:00:00Z";

    fn target() -> RecordId {
        RecordId::parse("003000000000001").unwrap()
    }

    fn intent(target_id: Option<RecordId>) -> OutboxRow {
        let key = RowKey::External { field: "ERP_Key__c".to_owned(), value: Value::from("C-1") };
        let at: Timestamp = SENT_AT.parse().unwrap();
        let base = match target_id {
            Some(_) => values("Old", "old@x"),
            None => BTreeMap::new(),
        };
        OutboxRow {
            id: OutboxId(1),
            intent: NewOutboxRow {
                run: RunId(1),
                ordinal: Ordinal(1),
                lane: LaneId(1),
                mapping_version: MappingVersion(1),
                request: RequestNumber(1),
                org: OrgId::parse(RIGHT_ORG).unwrap(),
                object: "Contact".to_owned(),
                target_id,
                key: target_id.is_none().then_some(key),
                base,
                desired: values("New", "new@x"),
                payload: serde_json::Value::Null,
                intended_at: at,
            },
            attempt: 1,
            state: OutboxState::Unknown,
            answer: None,
            sent_at: Some(at),
            request_ends_at: None,
            answered_at: None,
        }
    }

    fn values(name: &str, email: &str) -> BTreeMap<String, Value> {
        BTreeMap::from([
            ("LastName".to_owned(), Value::from(name)),
            ("Email".to_owned(), Value::from(email)),
        ])
    }

    fn found(rows: &[(&str, &str, bool)]) -> Snapshot {
        let fields = ["ERP_Key__c", "LastName", "Email", "LastModifiedById"];
        let other = RecordId::parse("005000000000099").unwrap();
        let row = |(name, email, by_us): &(&str, &str, bool)| SnapshotRow {
            id: target(),
            values: vec![
                Value::from("c-1"),
                Value::from(*name),
                Value::from(*email),
                Value::Id(if *by_us { FakeOrg::own_user_id() } else { other }),
            ],
            last_modified: Some(SENT_AT.parse().unwrap()),
            modstamp: None,
        };
        Snapshot {
            object: "Contact".to_owned(),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            rows: rows.iter().map(row).collect(),
        }
    }

    fn verdict(row: &OutboxRow, rows: &[(&str, &str, bool)], certified: bool) -> Verdict {
        let (schema, found): (ObjectSchema, Snapshot) = (contact(), found(rows));
        let own_user = Some(FakeOrg::own_user_id());
        Evidence { schema: &schema, found: &found, own_user, certified }.verdict(row)
    }

    const WRITTEN: fn() -> Verdict = || Verdict::Written { target: target() };

    #[test]
    fn a_create_is_written_once_its_key_shows_what_we_sent() {
        let row = intent(None);
        assert_eq!(verdict(&row, &[("New", "new@x", true)], false), WRITTEN());
        assert_eq!(verdict(&row, &[("New as the org likes it", "new@x", true)], false), WRITTEN());
        assert_eq!(verdict(&row, &[], false), Verdict::Open);
        assert_eq!(verdict(&row, &[], true), Verdict::NotDone);
        // Somebody else made a row with this key; ours may still land on it until the org certifies that it cannot.
        assert_eq!(verdict(&row, &[("Other", "other@x", false)], false), Verdict::Open);
        assert_eq!(verdict(&row, &[("Other", "other@x", false)], true), Verdict::NotDone);
    }

    #[test]
    fn a_row_that_we_made_is_ours_whatever_somebody_else_made_of_it() {
        let row = intent(None);
        let mut found = found(&[("Edited", "edited@x", false)]);
        let mut schema = contact();
        schema.fields.push(crate::tests::world::lookup_field(CREATED_BY, "User"));
        schema.fields.push(isthmus_model::schema::FieldSchema {
            kind: isthmus_model::schema::FieldType::DateTime,
            ..crate::tests::world::text_field(CREATED_DATE)
        });
        found.fields = found
            .fields
            .iter()
            .cloned()
            .chain([CREATED_BY.to_owned(), CREATED_DATE.to_owned()])
            .collect();
        let made = |by, at: &str| [Value::Id(by), Value::DateTime(at.parse().unwrap())];
        let judged = |values: [Value; 2]| {
            let mut found = found.clone();
            found.rows[0].values.extend(values);
            let own_user = Some(FakeOrg::own_user_id());
            Evidence { schema: &schema, found: &found, own_user, certified: true }.verdict(&row)
        };
        let other = RecordId::parse("005000000000099").unwrap();
        assert_eq!(judged(made(FakeOrg::own_user_id(), SENT_AT)), WRITTEN());
        assert_eq!(judged(made(other, SENT_AT)), Verdict::NotDone);
        assert_eq!(judged(made(FakeOrg::own_user_id(), "2026-11-20T09:00:00Z")), Verdict::NotDone);
    }

    #[test]
    fn an_update_is_written_when_a_sent_field_moved_by_our_hand() {
        let row = intent(Some(target()));
        assert_eq!(verdict(&row, &[("New", "new@x", false)], false), WRITTEN());
        assert_eq!(verdict(&row, &[("New", "NEW(x)", true)], false), WRITTEN());
        // Our user touched the row for another reason, and nothing that we sent has moved.
        assert_eq!(verdict(&row, &[("Old", "old@x", true)], false), Verdict::Open);
        assert_eq!(verdict(&row, &[("Old", "old@x", true)], true), Verdict::NotDone);
        assert_eq!(verdict(&row, &[("New", "other@x", false)], true), Verdict::NotDone);
        assert_eq!(verdict(&row, &[], true), Verdict::NotDone);
    }
}
