//! What a run leaves in the ledger: lane and version on every row, the outbox's whole story, bases that settle.

use std::collections::BTreeMap;

use isthmus_model::base::BaseState;
use isthmus_model::ids::Side;
use isthmus_model::link::Link;
use isthmus_model::plan::RowKey;
use isthmus_model::run::RunKind;
use isthmus_model::value::Value;
use isthmus_store::{OperationFilter, OutboxState, Reader};

use super::world::World;
use crate::side::fake::Fault;

fn links(read: &Reader<'_>, world: &World) -> Vec<Link> {
    let names = world.sync.objects.iter().map(|object| &object.mapping.name);
    names.flat_map(|name| read.links_page(world.sync.lane, name, None, 1000).unwrap()).collect()
}

#[tokio::test(start_paused = true)]
async fn every_row_that_a_run_leaves_carries_lane_and_mapping_version() {
    let world = World::seeded(3);
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap().run;
    let read = world.ledger.get().read();
    let wanted = (world.sync.lane, world.sync.version);
    let row = read.run(run).unwrap().unwrap();
    assert_eq!((row.lane, row.mapping_version), wanted);
    let mut found = BTreeMap::new();
    let mut seen = |table, lane_and_version| {
        assert_eq!(lane_and_version, wanted, "{table}");
        *found.entry(table).or_insert(0) += 1;
    };
    for row in read.operations_page(run, &OperationFilter::default(), None, 1000).unwrap() {
        seen("plan_operation", (row.lane, row.mapping_version));
    }
    for link in links(&read, &world) {
        seen("link", (link.lane, link.mapping_version));
        for side in [Side::Left, Side::Right] {
            let base = read.base(link.id, side).unwrap().unwrap().row;
            assert_eq!((base.link, base.side), (link.id, side));
            seen("base", (base.lane, base.mapping_version));
        }
    }
    for row in read.outbox_page(run, None, 1000).unwrap() {
        seen("outbox", (row.intent.lane, row.intent.mapping_version));
    }
    for cursor in read.cursors(world.sync.lane).unwrap() {
        assert!(cursor.read.is_some(), "{cursor:?}");
        seen("cursor", (cursor.lane, cursor.mapping_version));
    }
    for row in read.audit_page(Some(run), 0, 1000).unwrap() {
        seen("audit", (row.entry.lane.unwrap(), row.entry.mapping_version.unwrap()));
    }
    let counts = ["plan_operation", "link", "base", "outbox", "cursor", "audit"]
        .map(|table| found.get(table).copied().unwrap_or(0));
    assert_eq!(counts, [15, 15, 30, 15, 6, 15]);
}

#[tokio::test(start_paused = true)]
async fn an_outbox_row_tells_what_was_held_what_was_sent_and_what_came_back() {
    let world = World::seeded(1);
    world.right.fail([Some(Fault::Locked(1))]);
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap().run;
    let rows = world.ledger.get().read().outbox_page(run, None, 100).unwrap();
    let account = rows.iter().find(|row| row.intent.object == "Account").unwrap();
    let key = Value::from("A-0");
    let wanted = RowKey::External { field: "ERP_Key__c".to_owned(), value: key.clone() };
    assert_eq!(account.intent.key, Some(wanted));
    assert_eq!(account.intent.desired["ERP_Key__c"], key);
    assert_eq!(account.intent.base, BTreeMap::new(), "nothing was there");
    assert_eq!(account.intent.payload["verb"], "upsert");
    assert_eq!((account.attempt, account.state), (2, OutboxState::Done), "locked, then written");
    assert!(account.answer.is_some() && account.sent_at < account.request_ends_at);

    let (source, target) = (only(&world.left), only(&world.right));
    let held = world.right.rows("Account")[&target].values["Name"].clone();
    world.left.edit("Account", source, &[("Name", Value::from("Renamed"))]);
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap().run;
    let rows = world.ledger.get().read().outbox_page(run, None, 100).unwrap();
    let [update] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!(update.intent.target_id, Some(target));
    assert_eq!(update.intent.base["Name"], held, "the before-image");
    let desired = BTreeMap::from([("Name".to_owned(), Value::from("Renamed"))]);
    assert_eq!(update.intent.desired, desired);
    assert_eq!((update.attempt, update.state), (1, OutboxState::Done));
}

fn only(org: &crate::side::fake::FakeOrg) -> isthmus_model::ids::RecordId {
    *org.rows("Account").keys().next().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_written_row_is_settling_until_a_later_read_shows_it() {
    let world = World::seeded(3);
    let states = |side| {
        let read = world.ledger.get().read();
        let mut states: Vec<BaseState> = links(&read, &world)
            .iter()
            .map(|link| read.base(link.id, side).unwrap().unwrap().row.state)
            .collect();
        states.dedup();
        states
    };
    world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!(states(Side::Left), [BaseState::Settled]);
    assert_eq!(states(Side::Right), [BaseState::Settling]);
    let second = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!(second.rows_sent, 0);
    assert_eq!(states(Side::Right), [BaseState::Settled]);
}
