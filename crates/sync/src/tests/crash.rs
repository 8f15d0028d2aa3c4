//! A crash at every fail point, and once more inside recovery: nothing lost, nothing doubled.

use std::time::Duration;

use isthmus_model::run::{RunEnd, RunKind};

use super::world::{World, run_until_armed};
use crate::failpoint::{armed, names};
use crate::side::fake::Fault;

/// Starts at once again, and again after some minutes, until nothing is left to do.
async fn rest(world: &World) {
    for _ in 0..6 {
        let run = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
        if run.end == RunEnd::Unchanged {
            // What is still under way in the org lands before anything is counted.
            tokio::time::sleep(Duration::from_secs(400)).await;
            return;
        }
        tokio::time::sleep(Duration::from_secs(100)).await;
    }
    panic!("the runs do not come to rest");
}

/// Points after which something is open: what recovery is for.
const FIRST_CRASHES: [&str; 5] = [
    "apply.intent_durable",
    "apply.answer_unstored",
    "apply.unknown_noted",
    "apply.between_batches",
    "run.ending",
];

/// One crash at a point, one more at another during what follows; gives whether both were reached.
async fn crash_twice(
    first: (&str, u64),
    second: Option<&str>,
    fault: Option<Fault>,
) -> (bool, bool) {
    let mut world = World::seeded(3);
    world.right.fail([None, fault]);
    armed::arm(first.0, first.1);
    let reached = run_until_armed(&world).await;
    world.ledger.crash();
    let again = match second {
        None => false,
        Some(name) => {
            armed::arm(name, 1);
            let reached = run_until_armed(&world).await;
            world.ledger.crash();
            reached
        }
    };
    rest(&world).await;
    world.assert_synced_once();
    (reached, again)
}

#[tokio::test(start_paused = true)]
async fn a_crash_at_any_pass_of_any_point_loses_and_doubles_nothing() {
    let late = Fault::LostLate(Duration::from_secs(100));
    let mut unreached: Vec<&str> = names().to_vec();
    for name in names() {
        for pass in 1..5 {
            let (reached, _) = crash_twice((name, pass), None, Some(late.clone())).await;
            if !reached {
                break;
            }
            unreached.retain(|other| other != name);
        }
    }
    // Recovery's own points are passed by the next test, in the run after a crash.
    unreached.retain(|name| !name.starts_with("recover."));
    assert_eq!(unreached, Vec::<&str>::new());
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_under_way_in_a_crash_is_waited_for_and_never_repeated() {
    for position in 0..5 {
        let mut world = World::seeded(3);
        let late = Fault::CrashLate(Duration::from_secs(140));
        let faults = std::iter::repeat_n(None, position).chain([Some(late)]);
        world.right.fail(faults);
        assert!(run_until_armed(&world).await);
        world.ledger.crash();
        rest(&world).await;
        world.assert_synced_once();
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_crash_inside_recovery_loses_and_doubles_nothing() {
    let seconds = ["recover.", "apply.intent", "apply.answer", "run."];
    let seconds: Vec<&str> = names()
        .iter()
        .copied()
        .filter(|name| seconds.iter().any(|start| name.starts_with(start)))
        .collect();
    let mut unreached = seconds.clone();
    for first in FIRST_CRASHES {
        for second in &seconds {
            let (_, reached) = crash_twice((first, 1), Some(second), Some(Fault::LostAfter)).await;
            if reached {
                unreached.retain(|other| other != second);
            }
        }
    }
    assert_eq!(unreached, Vec::<&str>::new());
}
