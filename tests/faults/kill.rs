//! The process is killed (SIGKILL) at every named fail point, and once more inside recovery: nothing is lost, nothing
//! is written twice, and automations fire exactly once per change.

use std::collections::{BTreeMap, BTreeSet};

use isthmus_tests::isthmus::{Desk, Done, done, ready};
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use jiff::SignedDuration;
use orgsim::rows::{Row, text};

/// Runs of recovery before a test gives up.
const RUNS_MAX: u32 = 6;

/// Longer than the client's request time-out plus the minute that `latestDateCovered` is cut to.
const PAST_ANY_REQUEST: SignedDuration = SignedDuration::from_mins(20);

const OBJECTS: [&str; 3] = ["Account", "Contact", "Site__c"];

/// One test per fail point, so that they run side by side and a failure names its point.
macro_rules! kills {
    ($($test:ident: $first:literal $(then $second:literal)?,)*) => {
        $(#[test]
        fn $test() {
            super::survive($first, None $(.or(Some($second)))?);
        })*

        /// The points above.
        pub(super) const POINTS: &[&str] = &[$($first, $($second,)?)*];
    };
}

/// Points that an undisturbed run passes.
mod in_a_run {
    kills! {
        run_begun: "run.begun",
        read_staged: "read.staged",
        plan_page_stored: "plan.page_stored",
        plan_stored: "plan.stored",
        apply_begun: "apply.begun",
        apply_wave_begun: "apply.wave_begun",
        apply_targets_reread: "apply.targets_reread",
        apply_intent_durable: "apply.intent_durable",
        apply_answer_unstored: "apply.answer_unstored",
        apply_answer_stored: "apply.answer_stored",
        apply_between_batches: "apply.between_batches",
        apply_waves_done: "apply.waves_done",
        run_ending: "run.ending",
        run_ended: "run.ended",
    }
}

/// The later of two passes: another wave, another object.
mod in_a_later_pass {
    kills! {
        apply_wave_begun: "apply.wave_begun:2",
        apply_intent_durable: "apply.intent_durable:2",
        apply_answer_unstored: "apply.answer_unstored:3",
        apply_answer_stored: "apply.answer_stored:2",
    }
}

/// Points inside recovery, each after a crash before and after the org has acted.
mod in_recovery {
    kills! {
        begun_before_the_wire: "apply.intent_durable" then "recover.begun",
        begun_after_the_wire: "apply.answer_unstored" then "recover.begun",
        read_back_before_the_wire: "apply.intent_durable" then "recover.read_back",
        read_back_after_the_wire: "apply.answer_unstored" then "recover.read_back",
        stored_before_the_wire: "apply.intent_durable" then "recover.stored",
        stored_after_the_wire: "apply.answer_unstored" then "recover.stored",
        done_before_the_wire: "apply.intent_durable" then "recover.done",
        done_after_the_wire: "apply.answer_unstored" then "recover.done",
    }
}

#[test]
fn every_fail_point_is_killed_at() {
    // A lost answer passes this one; the test below kills there.
    let lost = ["apply.unknown_noted"];
    let all = [in_a_run::POINTS, in_a_later_pass::POINTS, in_recovery::POINTS, &lost];
    // A later pass is written as `name:2`.
    let covered: BTreeSet<&str> = all
        .into_iter()
        .flatten()
        .map(|point| point.split_once(':').map_or(*point, |(name, _)| name))
        .collect();
    assert_eq!(covered, isthmus_sync::failpoint::names().iter().copied().collect());
}

#[test]
fn a_kill_after_a_lost_answer_was_noted_repeats_nothing() {
    let lost = orgsim::faults::Fault::new(orgsim::faults::Kind::ReplyLost)
        .path_contains("composite/sobjects/Account/");
    survive_with("apply.unknown_noted", None, Some(lost));
}

/// Kills at `first`, then at `second` inside recovery, then lets it recover; the orgs say whether each change came once.
fn survive(first: &str, second: Option<&str>) {
    survive_with(first, second, None);
}

fn survive_with(first: &str, second: Option<&str>, fault: Option<orgsim::faults::Fault>) {
    let orgs = Orgs::pair(12, 16);
    let mut desk = ready(&orgs, mapping::FAMILY);
    let before = rows(&orgs);
    if let Some(fault) = fault {
        orgs.fault("service", fault);
    }
    for point in [Some(first), second].into_iter().flatten() {
        let killed = run(&desk, Some(point));
        assert_eq!(killed.code, None, "{point} was not reached: {killed:?}");
        pass_time(&orgs, &mut desk);
    }
    recover(&orgs, &mut desk);
    assert_each_change_once(&orgs, &before);
    let audit = desk.run(&["audit", "verify", "--json"]).passed().json();
    assert_eq!(audit["verified"], true, "{audit}");
}

/// Runs until nothing is pending and nothing is sent.
fn recover(orgs: &Orgs, desk: &mut Desk) {
    for _ in 0..RUNS_MAX {
        let report = run(desk, None).json();
        if report["pending"] == 0 && report["rows_sent"] == 0 && report["end"] != "stopped" {
            return;
        }
        pass_time(orgs, desk);
    }
    panic!("still not at rest after {RUNS_MAX} runs");
}

fn run(desk: &Desk, fail_point: Option<&str>) -> Done {
    let mut command = desk.command(&["run", "family", "--yes", "--json"]);
    command.envs(fail_point.map(|name| ("ISTHMUS_FAILPOINT", name)));
    done(&command.output().expect("isthmus starts"))
}

/// Both clocks move on together: the machine's and the orgs'.
fn pass_time(orgs: &Orgs, desk: &mut Desk) {
    for name in ["sales", "service"] {
        orgs.advance(name, PAST_ANY_REQUEST);
    }
    let shift = orgs.org("sales").clock.shift.as_secs();
    desk.variables.retain(|(name, _)| name != "ISTHMUS_CLOCK_SHIFT_SECONDS");
    desk.variables.push(("ISTHMUS_CLOCK_SHIFT_SECONDS".to_owned(), shift.to_string()));
}

/// The target's rows by id, stamps left out.
fn rows(orgs: &Orgs) -> BTreeMap<String, Row> {
    let all = OBJECTS.into_iter().flat_map(|object| orgs.rows("service", object));
    all.map(|mut row| {
        row.retain(|name, _| {
            !matches!(name.as_str(), "LastModifiedDate" | "SystemModstamp" | "LastModifiedById")
        });
        (text(&row, "Id").unwrap_or_default().to_owned(), row)
    })
    .collect()
}

fn assert_each_change_once(orgs: &Orgs, before: &BTreeMap<String, Row>) {
    let after = rows(orgs);
    let inserted = after.keys().filter(|id| !before.contains_key(*id)).count() as u64;
    let updated =
        after.iter().filter(|(id, row)| before.get(*id).is_some_and(|was| was != *row)).count()
            as u64;
    assert!(inserted > 10 && updated > 0, "the run had something to do");
    let counters = orgs.counters("service");
    let sum = |pick: fn(&orgsim::org::RowsWritten) -> u64| {
        counters.rows_written.values().map(pick).sum::<u64>()
    };
    assert_eq!(sum(|rows| rows.inserted), inserted, "no row is inserted twice");
    assert_eq!(sum(|rows| rows.updated), updated, "no row is updated twice");
    assert_eq!(
        counters.automations_fired.values().sum::<u64>(),
        inserted + updated,
        "automations fire once per change"
    );
    for object in OBJECTS {
        let target = orgs.by_key("service", object);
        let keyed = orgs
            .rows("service", object)
            .iter()
            .filter(|row| text(row, "ERP_Key__c").is_some())
            .count();
        assert_eq!(target.len(), keyed, "no {object} is there twice");
        let lost: Vec<String> = orgs
            .by_key("sales", object)
            .into_keys()
            .filter(|key| !target.contains_key(key))
            .collect();
        assert!(lost.is_empty(), "{object} lost: {lost:?}");
    }
}
