//! Seeded schedules of faults, edits and crashes: the same seed gives the same trace, and every seed ends in agreement.

use std::time::Duration;

use isthmus_model::run::RunKind;
use isthmus_model::value::Value;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::world::{World, run_until_armed};
use crate::failpoint::{armed, names};
use crate::side::fake::Fault;

/// Seeds per test run; more by hand through `ISTHMUS_SEEDS`.
const SEEDS: u64 = 24;

fn fault(random: &mut StdRng) -> Option<Fault> {
    match random.random_range(0..16) {
        0 => Some(Fault::LostBefore),
        1 => Some(Fault::LostAfter),
        2 => Some(Fault::LostLate(Duration::from_secs(random.random_range(1..140)))),
        3 => Some(Fault::NotSent),
        4 => Some(Fault::Locked(random.random_range(1..6))),
        5 => Some(Fault::BadData(random.random_range(1..4))),
        6 => Some(Fault::Limit),
        7 => Some(Fault::AuthLost),
        8 => Some(Fault::CrashLate(Duration::from_secs(random.random_range(1..140)))),
        _ => None,
    }
}

/// One history: some runs with faults and crashes, edits in between, then rest.
async fn history(seed: u64) -> (World, Vec<String>) {
    let mut random = StdRng::seed_from_u64(seed);
    let mut world = World::seeded(random.random_range(1..9));
    world.seed = seed;
    for _ in 0..4 {
        let faults: Vec<Option<Fault>> = (0..12).map(|_| fault(&mut random)).collect();
        world.right.fail(faults);
        if random.random_range(0..2) == 0 {
            let point = names()[random.random_range(0..names().len())];
            armed::arm(point, random.random_range(1..4));
        }
        if run_until_armed(&world).await {
            world.ledger.crash();
        }
        world.right.log_in_again();
        world.right.clear_faults();
        tokio::time::sleep(Duration::from_secs(random.random_range(1..400))).await;
        let contacts: Vec<_> = world.left.rows("Contact").keys().copied().collect();
        let edited = contacts[random.random_range(0..contacts.len())];
        let email = format!("{}@example.com", random.random_range(0..1000));
        world.left.edit("Contact", edited, &[("Email", Value::Text(email))]);
    }
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_secs(25 * 3600)).await;
        world.engine().run(&world.sync, RunKind::Full).await.unwrap();
    }
    let trace = world.left.trace().into_iter().chain(world.right.trace()).collect();
    (world, trace)
}

fn seeds() -> u64 {
    std::env::var("ISTHMUS_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS)
}

#[tokio::test(start_paused = true)]
async fn every_history_ends_in_agreement_with_nothing_doubled() {
    for seed in 0..seeds() {
        let (world, _) = history(seed).await;
        for object in ["Account", "Contact", "Site__c"] {
            let (left, right) = world.comparable(object);
            assert_eq!(left, right, "seed {seed}, {object}");
        }
        // Accounts and sites are never edited: one effect each. Contacts: one for the insert, one per edit at most.
        for object in ["Account", "Site__c"] {
            for row in world.right.rows(object).values() {
                assert_eq!(row.effects, 1, "seed {seed}, {object}: {row:?}");
            }
        }
        let contacts: u64 = world.right.rows("Contact").values().map(|row| row.effects).sum();
        let rows = world.right.rows("Contact").len() as u64;
        assert!((rows..=rows + 4).contains(&contacts), "seed {seed}: {contacts} effects on {rows}");
        let last = world.engine().run(&world.sync, RunKind::Full).await.unwrap();
        assert_eq!(last.rows_sent, 0, "seed {seed}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_gives_the_same_trace() {
    for seed in 0..seeds().div_ceil(10) {
        let (_, first) = history(seed).await;
        let (_, second) = history(seed).await;
        assert_eq!(first, second, "seed {seed}");
    }
}
