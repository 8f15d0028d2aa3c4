//! Two fake orgs, a mapping of Account, Contact and a custom child, and a ledger in a folder of its own.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use isthmus_model::clock::Clock;
use isthmus_model::document::{
    ConflictPolicy, CreatePolicy, DeletePolicy, EditedTargetPolicy, FirstContactPolicy, Flow,
    NullPolicy,
};
use isthmus_model::ids::{LaneId, MappingVersion, RecordId};
use isthmus_model::mapping::{
    FieldMapping, FieldPair, MappingName, MatchRule, ObjectMapping, Policy, ReferenceRule,
};
use isthmus_model::run::RunKind;
use isthmus_model::schema::{FieldSchema, FieldType, ObjectSchema};
use isthmus_model::value::Value;
use jiff::{SignedDuration, Timestamp};
use rand::SeedableRng;
use tokio::time::Instant;

use crate::engine::{BoundObject, BoundSync, Engine, Options, Sides};
use crate::failpoint::armed;
use crate::side::fake::FakeOrg;

pub(crate) const LEFT_ORG: &str = "00D000000000001";
pub(crate) const RIGHT_ORG: &str = "00D000000000002";

/// Runs with tokio's clock, which the tests pause.
pub(crate) struct PausedClock {
    began: Timestamp,
    instant: Instant,
}

impl Clock for PausedClock {
    fn now(&self) -> Timestamp {
        self.began + SignedDuration::try_from(self.instant.elapsed()).unwrap()
    }
}

pub(crate) fn paused_clock() -> Rc<PausedClock> {
    let began = "2026-11-20T10:00:17Z".parse().unwrap();
    Rc::new(PausedClock { began, instant: Instant::now() })
}

pub(crate) fn text_field(name: &str) -> FieldSchema {
    FieldSchema { length: 255, ..FieldSchema::plain(name, FieldType::String) }
}

pub(crate) fn key_field(name: &str) -> FieldSchema {
    FieldSchema { unique: true, external_id: true, id_lookup: true, ..text_field(name) }
}

pub(crate) fn money_field(name: &str) -> FieldSchema {
    FieldSchema {
        kind: FieldType::Currency,
        length: 0,
        precision: 18,
        scale: 2,
        ..text_field(name)
    }
}

pub(crate) fn lookup_field(name: &str, to: &str) -> FieldSchema {
    FieldSchema {
        kind: FieldType::Reference,
        length: 18,
        reference_to: vec![to.to_owned()],
        relationship_name: Some(to.to_owned()),
        ..text_field(name)
    }
}

fn read_only(field: FieldSchema) -> FieldSchema {
    FieldSchema { createable: false, updateable: false, ..field }
}

pub(crate) fn object(name: &str, prefix: &str, fields: Vec<FieldSchema>) -> ObjectSchema {
    let mut all = vec![read_only(lookup_field("LastModifiedById", "User"))];
    all.extend(fields);
    ObjectSchema {
        name: name.to_owned(),
        label: name.to_owned(),
        key_prefix: Some(prefix.to_owned()),
        createable: true,
        updateable: true,
        deletable: true,
        queryable: true,
        replicateable: true,
        fields: all,
        record_types: Vec::new(),
    }
}

pub(crate) fn account() -> ObjectSchema {
    let fields = vec![
        key_field("ERP_Key__c"),
        text_field("Name"),
        money_field("AnnualRevenue"),
        lookup_field("ParentId", "Account"),
    ];
    object("Account", "001", fields)
}

pub(crate) fn contact() -> ObjectSchema {
    let fields = vec![
        key_field("ERP_Key__c"),
        text_field("LastName"),
        text_field("Email"),
        lookup_field("AccountId", "Account"),
    ];
    object("Contact", "003", fields)
}

pub(crate) fn site() -> ObjectSchema {
    let fields =
        vec![text_field("Name"), text_field("Street__c"), lookup_field("Contact__c", "Contact")];
    object("Site__c", "a00", fields)
}

fn pair(object: &ObjectSchema, field: &str) -> FieldPair {
    let field = object.field(field).unwrap();
    FieldPair { left: field.clone(), right: field.clone() }
}

pub(crate) fn mapping(object: &ObjectSchema, match_rule: &[&str], lane: LaneId) -> ObjectMapping {
    let fields = object
        .fields
        .iter()
        .filter(|field| field.createable)
        .map(|field| FieldMapping {
            pair: FieldPair { left: field.clone(), right: field.clone() },
            flow: Flow::LeftToRight,
            nulls: NullPolicy::Clear,
            reference: field
                .reference_to
                .first()
                .map(|to| ReferenceRule::Links(vec![MappingName::new(&to.to_lowercase())])),
        })
        .collect();
    let match_rule = match match_rule {
        [key] => MatchRule::UniqueKey(pair(object, key)),
        several => MatchRule::FieldSet(several.iter().map(|field| pair(object, field)).collect()),
    };
    ObjectMapping {
        name: MappingName::new(&object.name.to_lowercase()),
        version: MappingVersion(1),
        lane,
        left: Arc::new(object.clone()),
        right: Arc::new(object.clone()),
        match_rule,
        fields,
    }
}

pub(crate) fn policy() -> Policy {
    Policy {
        create: CreatePolicy::Create,
        edited_target: EditedTargetPolicy::Overwrite,
        delete: DeletePolicy::Ignore,
        conflict: ConflictPolicy::Ask,
        first_contact: FirstContactPolicy::Left,
    }
}

/// A row as a test compares it: values by field, lookups by the key of what they point to.
pub(crate) type Comparable = BTreeMap<String, String>;

/// Everything a test needs.
pub(crate) struct World {
    pub(crate) clock: Rc<PausedClock>,
    pub(crate) left: FakeOrg,
    pub(crate) right: FakeOrg,
    pub(crate) ledger: super::ledger::TestLedger,
    pub(crate) sync: BoundSync,
    pub(crate) settle_wait: Duration,
    pub(crate) seed: u64,
}

impl World {
    /// Orgs with Account, Contact and Site__c, without rows.
    pub(crate) fn new() -> Self {
        let clock = paused_clock();
        let left = FakeOrg::new(LEFT_ORG, clock.clone());
        let right = FakeOrg::new(RIGHT_ORG, clock.clone());
        for schema in [account(), contact(), site()] {
            left.add_object(schema.clone());
            right.add_object(schema);
        }
        let ledger = super::ledger::TestLedger::new(clock.now());
        let (sync, lane) = ledger.import();
        // Children stand before parents, so that the order is the engine's own doing.
        let objects = [
            mapping(&site(), &["Name", "Street__c"], lane),
            mapping(&contact(), &["ERP_Key__c"], lane),
            mapping(&account(), &["ERP_Key__c"], lane),
        ];
        let objects =
            objects.into_iter().map(|mapping| BoundObject { mapping, policy: policy() }).collect();
        let sync = BoundSync { sync, lane, version: MappingVersion(1), objects };
        let settle_wait = crate::engine::DEFAULT_SETTLE_WAIT;
        Self { clock, left, right, ledger, sync, settle_wait, seed: 7 }
    }

    /// A left org of `accounts` accounts (every third below the one before), two contacts each and a site for each contact.
    pub(crate) fn seeded(accounts: u32) -> Self {
        let world = Self::new();
        let mut before: Option<RecordId> = None;
        for number in 0..accounts {
            let mut values = vec![
                ("ERP_Key__c", Value::Text(format!("A-{number}"))),
                ("Name", Value::Text(format!(" Account {number} "))),
                ("AnnualRevenue", Value::Number("1234.5678".parse().unwrap())),
            ];
            if let Some(parent) = before.filter(|_| number % 3 == 2) {
                values.push(("ParentId", Value::Id(parent)));
            }
            let account = world.left.insert("Account", &values);
            before = Some(account);
            for child in 0..2 {
                let contact = world.left.insert(
                    "Contact",
                    &[
                        ("ERP_Key__c", Value::Text(format!("C-{number}-{child}"))),
                        ("LastName", Value::Text(format!("Contact {child}"))),
                        ("AccountId", Value::Id(account)),
                    ],
                );
                world.left.insert(
                    "Site__c",
                    &[
                        ("Name", Value::Text(format!("Site {number}"))),
                        ("Street__c", Value::Text(format!("Street {child}"))),
                        ("Contact__c", Value::Id(contact)),
                    ],
                );
            }
        }
        world
    }

    /// An engine as the program would make it after each start.
    pub(crate) fn engine(&self) -> Engine<'_> {
        let sides = Sides { left: &self.left, right: &self.right };
        let options = Options {
            settle_wait: self.settle_wait,
            actor: "tester".to_owned(),
            build: "0.0.0".to_owned(),
        };
        let random = Box::new(rand::rngs::StdRng::seed_from_u64(self.seed));
        Engine::new(self.ledger.get(), sides, &*self.clock, random, options)
    }

    /// Both orgs' rows of one object, sorted, ids replaced by what they stand for.
    pub(crate) fn comparable(&self, object: &str) -> (Vec<Comparable>, Vec<Comparable>) {
        (comparable(&self.left, object), comparable(&self.right, object))
    }

    /// Left and right hold the same rows, and each right row was written exactly once.
    pub(crate) fn assert_synced_once(&self) {
        for object in ["Account", "Contact", "Site__c"] {
            let (left, right) = self.comparable(object);
            assert_eq!(left, right, "{object}");
            for (id, row) in self.right.rows(object) {
                assert_eq!(row.effects, 1, "{object} {id}: {row:?}");
            }
        }
    }
}

/// Drives the engine until it ends or stops at the armed point; true when it stopped there.
pub(crate) async fn run_until_armed(world: &World) -> bool {
    let mut engine = world.engine();
    let mut run = std::pin::pin!(engine.run(&world.sync, RunKind::Full));
    std::future::poll_fn(|context| {
        let polled = run.as_mut().poll(context);
        if armed::reached() {
            return std::task::Poll::Ready(());
        }
        polled.map(|result| drop(result.unwrap()))
    })
    .await;
    armed::disarm()
}

fn comparable(org: &FakeOrg, object: &str) -> Vec<Comparable> {
    let mut rows: Vec<Comparable> = org
        .rows(object)
        .values()
        .map(|row| {
            let shown = |value: &Value| match value {
                Value::Id(id) => name_of(org, *id),
                other => other.display(),
            };
            row.values
                .iter()
                .filter(|(_, value)| !value.is_blank())
                .map(|(field, value)| (field.clone(), shown(value)))
                .collect()
        })
        .collect();
    rows.sort();
    rows
}

fn name_of(org: &FakeOrg, id: RecordId) -> String {
    let found = ["Account", "Contact"]
        .into_iter()
        .find_map(|object| org.rows(object).get(&id).map(|row| row.values["ERP_Key__c"].display()));
    found.unwrap_or_else(|| panic!("{id} points to nothing"))
}
