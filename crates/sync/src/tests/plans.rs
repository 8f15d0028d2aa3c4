//! Plans: dry ones write nothing, stored ones can be carried out later, and bad reads stop the run.

use std::collections::BTreeSet;

use isthmus_model::cause::Cause;
use isthmus_model::ids::RecordId;
use isthmus_model::run::{Outcome, RunEnd, RunKind};
use isthmus_model::value::Value;
use isthmus_store::{OperationFilter, RunState};

use super::world::{World, run_until_armed};
use crate::error::Error;
use crate::failpoint::armed;
use crate::side::fake::Fault;

fn causes(world: &World, run: isthmus_model::ids::RunId) -> Vec<Cause> {
    let filter = OperationFilter::default();
    let operations = world.ledger.get().read().operations_page(run, &filter, None, 1000).unwrap();
    operations
        .into_iter()
        .filter_map(|planned| match planned.outcome {
            Some(
                Outcome::Held { cause }
                | Outcome::Quarantined { cause }
                | Outcome::Pending { cause },
            ) => Some(cause),
            _ => None,
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_dry_plan_shows_every_row_and_changes_nothing_but_itself() {
    let world = World::seeded(4);
    let plan = world.engine().plan(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!(plan.counts.creates, 20);
    assert!(world.right.trace().iter().all(|call| !call.starts_with("write")));
    let names: Vec<&str> = plan.objects.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["account", "contact", "site__c"]);
    let reader = world.ledger.get().read();
    assert_eq!(reader.run(plan.run).unwrap().unwrap().state, RunState::Planned);
    assert_eq!(
        reader.count_links(world.sync.lane, &world.sync.objects[2].mapping.name).unwrap(),
        0
    );
}

#[tokio::test(start_paused = true)]
async fn an_old_plan_is_checked_again_row_by_row_when_it_is_carried_out() {
    let world = World::seeded(4);
    let plan = world.engine().plan(&world.sync, RunKind::Full).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(3600)).await;
    let accounts: Vec<RecordId> = world.left.rows("Account").keys().copied().collect();
    world.left.edit("Account", accounts[0], &[("Name", Value::from("Newer"))]);
    // Somebody has made one of the rows in the meantime.
    world.right.insert(
        "Account",
        &[("ERP_Key__c", Value::from("a-1")), ("Name", Value::from("Made there"))],
    );
    let run = world.engine().resume(&world.sync, plan.run).await.unwrap();
    assert_eq!(
        (run.end, run.counts.created, run.counts.updated),
        (RunEnd::Succeeded, 19, 1),
        "{run:?}"
    );
    let names: BTreeSet<String> =
        world.right.rows("Account").values().map(|row| row.values["Name"].display()).collect();
    assert!(names.contains("Newer") && !names.contains("Made there"), "{names:?}");
}

#[tokio::test(start_paused = true)]
async fn a_newer_plan_takes_the_place_of_one_that_nobody_carried_out() {
    let world = World::seeded(1);
    let first = world.engine().plan(&world.sync, RunKind::Full).await.unwrap();
    world.engine().plan(&world.sync, RunKind::Full).await.unwrap();
    let row = world.ledger.get().read().run(first.run).unwrap().unwrap();
    assert_eq!(
        (row.end, row.stop_cause.unwrap().code.as_str()),
        (Some(RunEnd::Stopped), "superseded")
    );
}

#[tokio::test(start_paused = true)]
async fn rows_on_a_ring_are_held_and_the_others_go_on() {
    let world = World::seeded(6);
    let accounts: Vec<RecordId> = world.left.rows("Account").keys().copied().collect();
    world.left.edit("Account", accounts[0], &[("ParentId", Value::Id(accounts[1]))]);
    world.left.edit("Account", accounts[1], &[("ParentId", Value::Id(accounts[0]))]);
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!(run.end, RunEnd::Partial);
    let codes: Vec<String> = causes(&world, run.run).into_iter().map(|cause| cause.code).collect();
    // The account below the ring waits too, and so do the contacts and sites of all three.
    assert_eq!(codes.iter().filter(|code| *code == "parent_cycle").count(), 3);
    assert_eq!(codes.iter().filter(|code| *code == "parent_waiting").count(), 12);
    assert_eq!(run.counts.created, 15);
    world.left.edit("Account", accounts[1], &[("ParentId", Value::Null)]);
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!(
        (run.end, run.counts.created),
        (RunEnd::Succeeded, 15),
        "{:?}",
        causes(&world, run.run)
    );
    world.assert_synced_once();
}

#[tokio::test(start_paused = true)]
async fn a_repeated_key_holds_both_rows_and_their_children() {
    let world = World::seeded(4);
    world
        .left
        .insert("Account", &[("ERP_Key__c", Value::from("a-0 ")), ("Name", Value::from("Twin"))]);
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    let codes: Vec<String> = causes(&world, run.run).into_iter().map(|cause| cause.code).collect();
    assert_eq!(codes.iter().filter(|code| *code == "key_repeated").count(), 2, "{codes:?}");
    assert_eq!(run.counts.held, 2 + 4);
}

#[tokio::test(start_paused = true)]
async fn an_empty_read_of_linked_rows_stops_the_run_and_is_no_agreement() {
    for hide_left in [true, false] {
        let world = World::seeded(2);
        world.engine().run(&world.sync, RunKind::Full).await.unwrap();
        if hide_left {
            world.left.hide_everything()
        } else {
            world.right.hide_everything()
        };
        let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
        assert_eq!(run.end, RunEnd::Stopped);
        assert_eq!(run.cause.unwrap().code, "nothing_readable");
        assert_eq!(run.rows_sent, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn an_object_that_shows_no_row_stops_alone_and_the_others_go_on() {
    let world = World::seeded(2);
    world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    let account = *world.left.rows("Account").keys().next().unwrap();
    world.left.edit("Account", account, &[("Name", Value::from("Renamed"))]);
    world.right.hide("Contact");
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!((run.end, run.counts.updated, run.counts.created), (RunEnd::Partial, 1, 0));
    assert_eq!(run.cause.unwrap().code, "nothing_readable");
}

#[tokio::test(start_paused = true)]
async fn a_selected_record_of_no_mapped_object_is_refused() {
    let world = World::seeded(1);
    let records = vec![RecordId::parse("500000000000001").unwrap()];
    let error = world.engine().plan(&world.sync, RunKind::Selected { records }).await.unwrap_err();
    assert!(matches!(error, Error::UnmappedRecord(_)), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_cancel_ends_the_run_stopped_and_a_new_run_brings_the_rest() {
    let world = World::seeded(20);
    let cancel = tokio_util::sync::CancellationToken::new();
    let stop = cancel.clone();
    let watch = move |progress: crate::progress::Progress| {
        if progress.stage == crate::progress::Stage::Writing && progress.done >= 20 {
            stop.cancel();
        }
    };
    let mut engine = world.engine().watched_by(watch).cancelled_by(cancel);
    let run = engine.run(&world.sync, RunKind::Full).await.unwrap();
    drop(engine);
    assert_eq!(run.end, RunEnd::Stopped);
    assert_eq!((run.counts.created, run.counts.pending), (20, 80));
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!((run.end, run.counts.created), (RunEnd::Succeeded, 80));
    world.assert_synced_once();
}

#[tokio::test(start_paused = true)]
async fn a_shown_plan_writes_nothing_that_it_did_not_show() {
    let world = World::seeded(4);
    world.right.fail([Some(Fault::BadData(1))]);
    let first = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!((first.counts.failed, first.counts.created), (1, 15), "{first:?}");
    // The refused row is quarantined: the plan holds it, and so does the carrying out.
    let plan = world.engine().plan(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!(plan.counts.writes(), 0);
    let contact = *world.left.rows("Contact").keys().last().unwrap();
    world.left.edit("Contact", contact, &[("Email", Value::from("late@example.com"))]);
    let run = world.engine().resume(&world.sync, plan.run).await.unwrap();
    assert_eq!((run.rows_sent, run.counts.held), (0, 6), "{run:?}");
    let codes: Vec<String> = causes(&world, run.run).into_iter().map(|cause| cause.code).collect();
    assert!(codes.contains(&"changed_since_plan".to_owned()), "{codes:?}");
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!(run.counts.updated, 1);
}

#[tokio::test(start_paused = true)]
async fn carrying_out_a_shown_plan_recovers_what_a_crash_left_first() {
    let mut world = World::seeded(4);
    armed::arm("apply.intent_durable", 2);
    assert!(run_until_armed(&world).await);
    world.ledger.crash();
    let plan = world.engine().plan(&world.sync, RunKind::Full).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(400)).await;
    let run = world.engine().resume(&world.sync, plan.run).await.unwrap();
    assert_eq!((run.recovered.len(), run.recovered[0].end), (1, RunEnd::Succeeded), "{run:?}");
    assert_eq!(run.end, RunEnd::Unchanged);
    world.assert_synced_once();
}
