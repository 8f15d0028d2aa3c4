//! Writes that go wrong: each kind of trouble once, at each write of a run.

use std::time::Duration;

use isthmus_model::run::{RunEnd, RunKind};
use isthmus_model::value::Value;

use super::world::World;
use crate::engine::RunReport;
use crate::side::fake::Fault;

/// Runs until nothing is open any more, a few minutes apart.
async fn run_to_rest(world: &World) -> Vec<RunReport> {
    let mut reports = Vec::new();
    for _ in 0..4 {
        let report = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
        let rest = report.end == RunEnd::Unchanged;
        reports.push(report);
        if rest {
            break;
        }
        tokio::time::sleep(Duration::from_secs(300)).await;
    }
    reports
}

fn nth(position: usize, fault: Fault) -> Vec<Option<Fault>> {
    let mut faults = vec![None; position];
    faults.push(Some(fault));
    faults
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_at_any_write_loses_and_doubles_nothing() {
    let late = Fault::LostLate(Duration::from_secs(100));
    for fault in [Fault::LostBefore, Fault::LostAfter, late, Fault::NotSent] {
        for position in 0..7 {
            let world = World::seeded(4);
            world.right.fail(nth(position, fault.clone()));
            let reports = run_to_rest(&world).await;
            assert_eq!(reports.last().unwrap().end, RunEnd::Unchanged, "{fault:?} {position}");
            world.assert_synced_once();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_settled_within_the_run_when_there_is_time() {
    let world = World::seeded(12);
    world.right.fail(nth(1, Fault::LostBefore));
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!((run.end, run.counts.created), (RunEnd::Succeeded, 60), "{run:?}");
    world.assert_synced_once();
}

#[tokio::test(start_paused = true)]
async fn without_time_to_settle_the_row_is_pending_and_its_children_wait() {
    let mut world = World::seeded(3);
    world.settle_wait = Duration::ZERO;
    world.right.fail(nth(0, Fault::LostBefore));
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!((run.end, run.counts.created), (RunEnd::Failed, 0), "{run:?}");
    assert_eq!(run.counts.pending + run.counts.held, 15);
    assert!(run.counts.pending >= 2);
    // At once again: nothing is sent before the org certifies the time of the lost request.
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!(run.rows_sent, 0, "{run:?}");
    tokio::time::sleep(Duration::from_secs(200)).await;
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!((run.end, run.counts.created), (RunEnd::Succeeded, 15), "{run:?}");
    world.assert_synced_once();
}

#[tokio::test(start_paused = true)]
async fn a_lost_update_is_sent_again_only_when_it_surely_was_not_done() {
    for fault in [
        Fault::LostBefore,
        Fault::LostAfter,
        Fault::LostLate(Duration::from_secs(40)),
        Fault::NotSent,
    ] {
        let world = World::seeded(3);
        world.engine().run(&world.sync, RunKind::Full).await.unwrap();
        for id in world.left.rows("Contact").keys() {
            world.left.edit("Contact", *id, &[("Email", Value::from("new@example.com"))]);
        }
        world.right.fail([Some(fault.clone())]);
        run_to_rest(&world).await;
        for row in world.right.rows("Contact").values() {
            assert_eq!(
                (row.effects, row.values["Email"].display().as_str()),
                (2, "new@example.com"),
                "{fault:?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn locked_rows_are_tried_again_in_smaller_batches() {
    let world = World::seeded(12);
    world.right.fail([Some(Fault::Locked(7)), None, Some(Fault::Locked(3))]);
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!((run.end, run.counts.created), (RunEnd::Succeeded, 60), "{run:?}");
    world.assert_synced_once();
}

#[tokio::test(start_paused = true)]
async fn a_row_that_stays_locked_is_quarantined_and_the_others_go_on() {
    let world = World::seeded(1);
    world.right.fail(vec![Some(Fault::Locked(1)); 5]);
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!((run.counts.failed, run.counts.held, run.end), (1, 4, RunEnd::Failed), "{run:?}");
}

#[tokio::test(start_paused = true)]
async fn a_refused_row_is_quarantined_until_something_changes_or_a_person_asks() {
    let world = World::seeded(12);
    world.right.fail([Some(Fault::BadData(2))]);
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!((run.counts.failed, run.end), (2, RunEnd::Partial), "{run:?}");
    let held = run.counts.held;
    assert!(held >= 8);
    // Nothing changed: held, not sent.
    let again = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!((again.rows_sent, again.counts.held), (0, held + 2), "{again:?}");
    // By hand: they go, with the rows that waited for them.
    let retry = world.engine().retry(&world.sync, run.run).await.unwrap();
    assert_eq!((retry.end, retry.counts.created), (RunEnd::Succeeded, held + 2), "{retry:?}");
    world.assert_synced_once();
}

#[tokio::test(start_paused = true)]
async fn a_changed_source_row_leaves_quarantine_and_so_does_everything_after_a_day() {
    let world = World::seeded(2);
    world.right.fail([Some(Fault::BadData(2))]);
    world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    let account = *world.left.rows("Account").keys().next().unwrap();
    world.left.edit("Account", account, &[("Name", Value::from("Corrected"))]);
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!(run.counts.created, 5, "{run:?}");
    tokio::time::sleep(Duration::from_secs(24 * 3600)).await;
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!(run.counts.created, 5, "{run:?}");
    world.assert_synced_once();
}

#[tokio::test(start_paused = true)]
async fn a_missing_right_or_an_unknown_error_stops_one_mapping_and_keeps_the_rest() {
    for fault in [Fault::Forbidden, Fault::Strange] {
        let world = World::seeded(12);
        // Two writes of accounts in the first wave, one in the second, then contacts.
        world.right.fail(nth(3, fault.clone()));
        let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
        assert_eq!(run.end, RunEnd::Partial, "{fault:?} {run:?}");
        assert_eq!(run.halted.keys().map(|name| name.as_str()).collect::<Vec<_>>(), ["contact"]);
        assert_eq!((run.counts.failed, world.right.rows("Account").len()), (1, 12));
        assert_eq!(world.right.rows("Contact").len(), 3);
        // Sites of contacts that are there still go over.
        assert_eq!(world.right.rows("Site__c").len(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_login_and_a_limit_stop_the_run_and_the_next_one_goes_on() {
    for fault in [Fault::AuthLost, Fault::Limit] {
        let world = World::seeded(12);
        world.right.fail(nth(2, fault.clone()));
        let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
        assert_eq!(run.end, RunEnd::Stopped, "{fault:?}");
        assert!(run.counts.pending > 0 && run.cause.is_some());
        if fault == Fault::AuthLost {
            let blocked = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
            assert_eq!((blocked.end, blocked.rows_sent), (RunEnd::Stopped, 0));
        }
        world.right.log_in_again();
        let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
        assert_eq!(run.end, RunEnd::Succeeded, "{fault:?} {run:?}");
        world.assert_synced_once();
    }
}

#[tokio::test(start_paused = true)]
async fn an_org_that_stays_silent_stops_the_run() {
    let world = World::seeded(12);
    world.right.fail(vec![Some(Fault::NotSent); 20]);
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    assert_eq!((run.end, run.rows_sent), (RunEnd::Stopped, 0));
    world.right.clear_faults();
    world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    world.assert_synced_once();
}

#[tokio::test(start_paused = true)]
async fn every_written_row_has_one_audit_entry_that_names_its_fields() {
    let world = World::seeded(4);
    world.right.fail([Some(Fault::LostAfter), Some(Fault::BadData(1))]);
    let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    let entries = world.ledger.get().read().audit_page(Some(run.run), 0, 1000).unwrap();
    assert_eq!(entries.len() as u64, run.counts.created);
    let mut records: Vec<_> = entries.iter().map(|row| row.entry.record.unwrap()).collect();
    records.sort();
    records.dedup();
    assert_eq!(records.len(), entries.len());
    assert!(entries.iter().all(|row| !row.entry.fields.is_empty()));
    assert!(entries.iter().all(|row| row.entry.actor == "tester as integration@example.com"));
}
