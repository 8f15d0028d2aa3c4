//! Planning one row: find its partner, decide its fields, make its operation.

use std::collections::BTreeMap;

use isthmus_model::canonical::{fingerprint, same};
use isthmus_model::cause::Cause;
use isthmus_model::document::{CreatePolicy, Flow};
use isthmus_model::ids::{LinkId, RecordId, Side};
use isthmus_model::mapping::{FieldMapping, MatchRule, ObjectMapping, Policy};
use isthmus_model::plan::{Action, Expectation, FieldChange, Operation, ParentReference, RowKey};
use isthmus_model::snapshot::{Snapshot, SnapshotRow};
use isthmus_model::value::Value;

use super::fields::{Compared, Decision, Desired, decide, desired, value_of};
use super::hold;
use super::inputs::{Base, Links};
use super::key::row_key;
use super::preflight::{Write, check};

/// Everything a row is planned against.
pub(super) struct Context<'a> {
    left: &'a Snapshot,
    right: &'a Snapshot,
    base: &'a Base,
    links: &'a Links,
    mapping: &'a ObjectMapping,
    policy: &'a Policy,
    right_by_id: BTreeMap<RecordId, &'a SnapshotRow>,
    right_by_key: BTreeMap<String, Vec<&'a SnapshotRow>>,
}

/// What a source row was found to belong to.
enum Partner<'a> {
    /// A target row, linked already or matched now.
    Row(&'a SnapshotRow, Option<LinkId>),
    /// No target row has its key.
    None,
    /// It cannot be told, and why.
    Unclear(Option<RecordId>, Cause),
}

/// The fields of a row so far.
#[derive(Default)]
struct Draft {
    changes: Vec<FieldChange>,
    waits_for: Vec<ParentReference>,
    causes: Vec<Cause>,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        left: &'a Snapshot,
        right: &'a Snapshot,
        base: &'a Base,
        links: &'a Links,
        mapping: &'a ObjectMapping,
        policy: &'a Policy,
    ) -> Self {
        let right_by_id = right.rows.iter().map(|row| (row.id, row)).collect();
        let mut right_by_key: BTreeMap<String, Vec<&SnapshotRow>> = BTreeMap::new();
        for row in &right.rows {
            if let Some(key) = row_key(right, row, &mapping.match_rule, Side::Right) {
                right_by_key.entry(key).or_default().push(row);
            }
        }
        Self { left, right, base, links, mapping, policy, right_by_id, right_by_key }
    }

    /// The one operation a source row comes to.
    pub(super) fn plan_row(&self, source: &SnapshotRow) -> Operation {
        let (action, why) = match self.partner(source) {
            Partner::Unclear(target_id, cause) => held(target_id, cause),
            Partner::Row(target, link) => self.plan_pair(source, target, link),
            Partner::None => self.plan_create(source),
        };
        Operation {
            mapping: self.mapping.name.clone(),
            mapping_version: self.mapping.version,
            target: Side::Right,
            target_object: self.mapping.right.name.clone(),
            source_id: source.id,
            action,
            why,
        }
    }

    fn partner(&self, source: &SnapshotRow) -> Partner<'a> {
        if let Some((link, target)) = self.links.by_left.get(&source.id) {
            return match self.right_by_id.get(target) {
                Some(row) => Partner::Row(row, Some(*link)),
                // Absence is never evidence of a delete: the row may only be hidden from this user.
                None => Partner::Unclear(Some(*target), hold::target_missing(target.as_str())),
            };
        }
        let Some(key) = row_key(self.left, source, &self.mapping.match_rule, Side::Left) else {
            return Partner::Unclear(None, hold::key_blank(&self.key_fields(Side::Left)));
        };
        if self.links.repeated_keys.contains(&key) {
            return Partner::Unclear(None, hold::key_repeated(&self.key_fields(Side::Left)));
        }
        match self.right_by_key.get(&key).map_or(&[][..], Vec::as_slice) {
            [] => Partner::None,
            [row] => match self.links.by_right.get(&row.id) {
                None => Partner::Row(row, None),
                Some(other) => Partner::Unclear(Some(row.id), hold::partner_taken(other.as_str())),
            },
            several => Partner::Unclear(
                None,
                hold::match_ambiguous(several.len(), &self.key_fields(Side::Right)),
            ),
        }
    }

    fn plan_pair(
        &self,
        source: &SnapshotRow,
        target: &SnapshotRow,
        link: Option<LinkId>,
    ) -> (Action, String) {
        let mut draft = Draft::default();
        let mut asked = Asked::default();
        for field in self.flowing() {
            self.compare_field(field, source, target, link, &mut draft, &mut asked);
        }
        draft.causes.extend(asked.causes());
        if !draft.changes.is_empty() && !self.mapping.right.updateable {
            draft.causes.push(hold::not_updateable(&self.mapping.right.name));
        }
        if let Some(cause) = hold::joined(draft.causes) {
            return held(Some(target.id), cause);
        }
        if draft.changes.is_empty() {
            return match link {
                None => (
                    Action::Link { target_id: target.id },
                    "both rows agree; they are linked now".to_owned(),
                ),
                Some(_) => (
                    Action::Unchanged { target_id: Some(target.id), link },
                    "both rows agree".to_owned(),
                ),
            };
        }
        let why = changed_why(&draft.changes, link);
        let action = Action::Update {
            target_id: target.id,
            link,
            fields: draft.changes,
            expectation: self.expectation(target),
            waits_for: draft.waits_for,
        };
        (action, why)
    }

    fn compare_field(
        &self,
        field: &'a FieldMapping,
        source: &SnapshotRow,
        target: &SnapshotRow,
        link: Option<LinkId>,
        draft: &mut Draft,
        asked: &mut Asked<'a>,
    ) {
        let left = value_of(self.left, source, &field.pair.left.name);
        let right = value_of(self.right, target, &field.pair.right.name);
        let (after, waits) = match desired(left, field, self.links) {
            Err(cause) => return draft.causes.push(cause),
            Ok(Desired::Nothing) => return,
            Ok(Desired::Value(value)) if same(&value, right, &field.pair.right) => return,
            Ok(Desired::Value(value)) => (value, None),
            Ok(Desired::Waits(parent)) => (Value::Null, Some(parent)),
        };
        let base = |side| link.and_then(|link| self.base.row(link, side));
        let compared = Compared {
            field,
            left,
            right,
            left_base: base(Side::Left),
            right_base: base(Side::Right),
            left_modified: source.last_modified,
            right_modified: target.last_modified,
        };
        match decide(&compared, self.policy) {
            Decision::Keep => {}
            Decision::AskFirstContact => asked.first_contact.push(&field.pair.right.name),
            Decision::AskEdited => asked.edited.push(&field.pair.right.name),
            Decision::Flow => draft.flow(field, right, after, waits, Write::Update),
        }
    }

    fn plan_create(&self, source: &SnapshotRow) -> (Action, String) {
        if self.policy.create == CreatePolicy::Skip {
            let why = "only the source has this row, and the create policy is skip".to_owned();
            return (Action::Unchanged { target_id: None, link: None }, why);
        }
        let mut draft = Draft::default();
        if !self.mapping.right.createable {
            draft.causes.push(hold::not_createable(&self.mapping.right.name));
        }
        for field in self.flowing().filter(|field| field.pair.right.createable) {
            let left = value_of(self.left, source, &field.pair.left.name);
            match desired(left, field, self.links) {
                Err(cause) => draft.causes.push(cause),
                Ok(Desired::Nothing | Desired::Value(Value::Null)) => {}
                Ok(Desired::Value(value)) => {
                    draft.flow(field, &Value::Null, value, None, Write::Create)
                }
                Ok(Desired::Waits(parent)) => {
                    draft.flow(field, &Value::Null, Value::Null, Some(parent), Write::Create);
                }
            }
        }
        let key = self.create_key(source, &mut draft);
        self.require(&mut draft);
        match hold::joined(draft.causes) {
            Some(cause) => held(None, cause),
            None => (
                Action::Create { key, fields: draft.changes, waits_for: draft.waits_for },
                "no target row has its key".to_owned(),
            ),
        }
    }

    /// The key a new row is found again by. Its fields are sent too, mapped or not: the next run must find the row.
    fn create_key(&self, source: &SnapshotRow, draft: &mut Draft) -> RowKey {
        let mut fields = Vec::new();
        for pair in self.mapping.match_rule.pairs() {
            let left = value_of(self.left, source, &pair.left.name);
            let value = match isthmus_formula::convert::convert(left, &pair.left, &pair.right) {
                Ok(value) => isthmus_model::canonical::canonical(&value, &pair.right),
                Err(error) => {
                    let message = format!("{} to {}: {error}", pair.left.name, pair.right.name);
                    draft.causes.push(hold::cause(
                        "value_not_convertible",
                        &[&pair.left.name],
                        message,
                        "correct the key on the source record, or match by another field",
                    ));
                    Value::Null
                }
            };
            if !draft.changes.iter().any(|change| change.field == pair.right.name) {
                let change = FieldChange {
                    field: pair.right.name.clone(),
                    before: Value::Null,
                    after: value.clone(),
                };
                draft.changes.push(change);
            }
            fields.push((pair.right.name.clone(), value));
        }
        match (&self.mapping.match_rule, fields.first()) {
            (MatchRule::UniqueKey(_), Some((field, value))) => {
                RowKey::External { field: field.clone(), value: value.clone() }
            }
            _ => RowKey::Fields { fields },
        }
    }

    /// Required fields that would be left empty by an insert.
    fn require(&self, draft: &mut Draft) {
        let given = |name: &str| draft.changes.iter().any(|change| change.field == name);
        let missing: Vec<&str> = self
            .mapping
            .right
            .fields
            .iter()
            .filter(|field| field.required_on_create() && !given(&field.name))
            .map(|field| field.name.as_str())
            .collect();
        let already_named = draft
            .causes
            .iter()
            .any(|cause| missing.iter().all(|name| cause.fields.iter().any(|field| field == name)));
        if !missing.is_empty() && !already_named {
            let cause = hold::required_missing(&missing);
            draft.causes.push(cause);
        }
    }

    fn expectation(&self, target: &SnapshotRow) -> Expectation {
        target_expectation(self.right, target, self.mapping)
    }

    fn flowing(&self) -> impl Iterator<Item = &'a FieldMapping> {
        self.mapping.fields.iter().filter(|field| field.flow == Flow::LeftToRight)
    }

    fn key_fields(&self, side: Side) -> Vec<&'a str> {
        let name = |pair: &'a isthmus_model::mapping::FieldPair| match side {
            Side::Left => pair.left.name.as_str(),
            Side::Right => pair.right.name.as_str(),
        };
        self.mapping.match_rule.pairs().iter().map(name).collect()
    }
}

/// What a target row must still hold when it is written: the fingerprint of its mapped values, and its stamp.
///
/// `apply` makes it again from a fresh read and compares.
#[must_use]
pub fn target_expectation(
    rows: &Snapshot,
    target: &SnapshotRow,
    mapping: &ObjectMapping,
) -> Expectation {
    let values = mapping
        .fields
        .iter()
        .map(|field| (value_of(rows, target, &field.pair.right.name), &field.pair.right));
    Expectation { fingerprint: fingerprint(values), last_modified: target.last_modified }
}

/// Fields on which a person has to decide.
#[derive(Default)]
struct Asked<'a> {
    first_contact: Vec<&'a str>,
    edited: Vec<&'a str>,
}

impl Asked<'_> {
    fn causes(&self) -> Vec<Cause> {
        let mut causes = Vec::new();
        if !self.first_contact.is_empty() {
            causes.push(hold::first_contact_differs(&self.first_contact));
        }
        if !self.edited.is_empty() {
            causes.push(hold::target_edited(&self.edited));
        }
        causes
    }
}

impl Draft {
    fn flow(
        &mut self,
        field: &FieldMapping,
        before: &Value,
        after: Value,
        waits: Option<ParentReference>,
        write: Write,
    ) {
        // A value that waits for its parent is not known yet; everything else is checked as it will be sent.
        let checked =
            if waits.is_some() { Ok(()) } else { check(&after, &field.pair.right, write) };
        if let Err(cause) = checked {
            return self.causes.push(cause);
        }
        self.waits_for.extend(waits);
        self.changes.push(FieldChange {
            field: field.pair.right.name.clone(),
            before: before.clone(),
            after,
        });
    }
}

fn held(target_id: Option<RecordId>, cause: Cause) -> (Action, String) {
    let why = cause.message.clone();
    (Action::Hold { target_id, cause }, why)
}

fn changed_why(changes: &[FieldChange], link: Option<LinkId>) -> String {
    let names: Vec<&str> = changes.iter().map(|change| change.field.as_str()).collect();
    match link {
        Some(_) => format!("{} differs from the source", names.join(", ")),
        None => format!("matched for the first time; {} differs from the source", names.join(", ")),
    }
}
