//! A small mapping (Account to Account, with a parent lookup) and rows to plan with.

use std::collections::BTreeMap;
use std::sync::Arc;

use isthmus_model::base::{BaseRow, BaseState};
use isthmus_model::canonical::Fingerprint;
use isthmus_model::document::{
    ConflictPolicy, CreatePolicy, DeletePolicy, EditedTargetPolicy, FirstContactPolicy, Flow,
    NullPolicy,
};
use isthmus_model::ids::{LaneId, LinkId, MappingVersion, RecordId, Side};
use isthmus_model::mapping::{
    FieldMapping, FieldPair, MappingName, MatchRule, ObjectMapping, Policy, ReferenceRule,
};
use isthmus_model::plan::Operation;
use isthmus_model::schema::{FieldSchema, FieldType, ObjectSchema};
use isthmus_model::snapshot::{Snapshot, SnapshotRow};
use isthmus_model::value::Value;

use crate::plan::inputs::{Base, Links};
use crate::plan::plan;

/// The mapped fields, in the order of every row below.
pub(super) const FIELDS: [&str; 5] =
    ["ERP_Key__c", "Name", "Industry", "AnnualRevenue", "ParentId"];

/// A left record id.
pub(super) fn left_id(number: u32) -> RecordId {
    RecordId::parse(&format!("001L{number:011}")).unwrap()
}

/// A right record id.
pub(super) fn right_id(number: u32) -> RecordId {
    RecordId::parse(&format!("001R{number:011}")).unwrap()
}

/// One field, text of 40 characters unless changed.
pub(super) fn field(name: &str, kind: FieldType) -> FieldSchema {
    FieldSchema { length: 40, precision: 18, ..FieldSchema::plain(name, kind) }
}

/// Account with [`FIELDS`]; Name is required.
pub(super) fn account() -> ObjectSchema {
    let mut key = field("ERP_Key__c", FieldType::String);
    (key.unique, key.external_id) = (true, true);
    let mut name = field("Name", FieldType::String);
    name.nillable = false;
    let mut parent = field("ParentId", FieldType::Reference);
    parent.reference_to = vec!["Account".to_owned()];
    ObjectSchema {
        name: "Account".to_owned(),
        label: "Account".to_owned(),
        key_prefix: Some("001".to_owned()),
        createable: true,
        updateable: true,
        deletable: true,
        queryable: true,
        replicateable: true,
        fields: vec![
            key,
            name,
            field("Industry", FieldType::Picklist),
            field("AnnualRevenue", FieldType::Currency),
            parent,
        ],
        record_types: Vec::new(),
    }
}

/// Everything a plan is made from; tests change what they are about.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) right_object: ObjectSchema,
    pub(super) nulls: NullPolicy,
    pub(super) left: Vec<SnapshotRow>,
    pub(super) right: Vec<SnapshotRow>,
    pub(super) base: Base,
    pub(super) links: Links,
    pub(super) policy: Policy,
}

impl World {
    /// No rows, default policies except that first contact takes the left value.
    pub(super) fn new() -> Self {
        Self {
            right_object: account(),
            nulls: NullPolicy::Clear,
            left: Vec::new(),
            right: Vec::new(),
            base: Base::default(),
            links: Links::default(),
            policy: Policy {
                create: CreatePolicy::Create,
                edited_target: EditedTargetPolicy::Overwrite,
                delete: DeletePolicy::Ignore,
                conflict: ConflictPolicy::Ask,
                first_contact: FirstContactPolicy::Left,
            },
        }
    }

    /// Links left and right record `number`, with a base that holds these values on both sides.
    pub(super) fn link(
        &mut self,
        number: u32,
        left: &SnapshotRow,
        right: &SnapshotRow,
        state: BaseState,
    ) {
        let link = LinkId(i64::from(number));
        self.links.by_left.insert(left.id, (link, right.id));
        self.links.by_right.insert(right.id, left.id);
        for (side, row) in [(Side::Left, left), (Side::Right, right)] {
            let values =
                FIELDS.iter().map(|name| (*name).to_owned()).zip(row.values.clone()).collect();
            self.base.rows.insert(
                (link, side),
                BaseRow {
                    link,
                    side,
                    lane: LaneId(1),
                    mapping_version: MappingVersion(1),
                    state,
                    fingerprint: Fingerprint([0; 16]),
                    values,
                },
            );
        }
    }

    /// The mapping of the world.
    pub(super) fn mapping(&self) -> ObjectMapping {
        let left = account();
        let pair = |name: &str| FieldPair {
            left: left.field(name).unwrap().clone(),
            right: self.right_object.field(name).unwrap().clone(),
        };
        let parent = ReferenceRule::Links(vec![MappingName::new("Account")]);
        let fields = FIELDS
            .iter()
            .map(|name| FieldMapping {
                pair: pair(name),
                flow: Flow::LeftToRight,
                nulls: self.nulls,
                reference: (*name == "ParentId").then(|| parent.clone()),
            })
            .collect();
        ObjectMapping {
            name: MappingName::new("Account"),
            version: MappingVersion(1),
            lane: LaneId(1),
            match_rule: MatchRule::UniqueKey(pair("ERP_Key__c")),
            fields,
            left: Arc::new(left),
            right: Arc::new(self.right_object.clone()),
        }
    }

    /// The plan of the world.
    pub(super) fn plan(&self) -> Vec<Operation> {
        let mapping = self.mapping();
        plan(&rows(&self.left), &rows(&self.right), &self.base, &self.links, &mapping, &self.policy)
    }
}

/// A row with key, name, industry and revenue; no parent.
pub(super) fn row(
    id: RecordId,
    key: &str,
    name: &str,
    industry: &str,
    revenue: i64,
) -> SnapshotRow {
    SnapshotRow {
        id,
        values: vec![
            text(key),
            text(name),
            text(industry),
            Value::Number(revenue.into()),
            Value::Null,
        ],
        last_modified: Some(jiff::Timestamp::UNIX_EPOCH),
        modstamp: Some(jiff::Timestamp::UNIX_EPOCH),
    }
}

/// A snapshot of rows in the order of [`FIELDS`].
pub(super) fn rows(rows: &[SnapshotRow]) -> Snapshot {
    Snapshot {
        object: "Account".to_owned(),
        fields: FIELDS.iter().map(|name| (*name).to_owned()).collect(),
        rows: rows.to_vec(),
    }
}

/// How many operations came to what.
pub(super) fn tally(operations: &[Operation]) -> BTreeMap<&'static str, usize> {
    use isthmus_model::plan::Action;
    let mut tally = BTreeMap::new();
    for operation in operations {
        let word = match operation.action {
            Action::Create { .. } => "create",
            Action::Update { .. } => "update",
            Action::Delete { .. } => "delete",
            Action::Link { .. } => "link",
            Action::Unchanged { .. } => "unchanged",
            Action::Hold { .. } => "hold",
        };
        *tally.entry(word).or_insert(0) += 1;
    }
    tally
}

fn text(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::from(text) }
}
