//! The five end states of a run, each with an exit code of its own.

use std::process::Command;

use isthmus_tests::isthmus::{Desk, Done, ready};
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use isthmus_tests::running::Running;
use orgsim::rows::text;

const SUCCEEDED: i32 = 0;
const UNCHANGED: i32 = 10;
const PARTIAL: i32 = 11;
const STOPPED: i32 = 12;
const FAILED: i32 = 13;

#[track_caller]
fn ended(done: &Done, end: &str, code: i32) {
    assert_eq!((done.json()["end"].as_str(), done.code), (Some(end), Some(code)), "{done:?}");
}

/// An account that only the source has.
fn new_account(orgs: &Orgs) -> String {
    let target = orgs.by_key("service", "Account");
    let sources = orgs.by_key("sales", "Account");
    let (_, row) =
        sources.iter().find(|(key, _)| !target.contains_key(*key)).expect("a row of its own");
    text(row, "Id").expect("rows have ids").to_owned()
}

#[test]
fn a_run_that_wrote_everything_succeeded_and_the_next_one_is_unchanged() {
    let orgs = Orgs::pair(12, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    let account = new_account(&orgs);
    let run = || desk.run(&["run", "accounts", "--records", &account, "--yes", "--json"]);
    ended(&run(), "succeeded", SUCCEEDED);
    ended(&run(), "unchanged", UNCHANGED);
    assert_eq!(orgs.rows_written("service"), 1);
}

#[test]
fn a_run_with_a_refused_row_is_partial() {
    let orgs = Orgs::pair(12, 12);
    let desk = ready(&orgs, mapping::FAMILY);
    let contact = orgs.rows("sales", "Contact").remove(0);
    let id = text(&contact, "Id").expect("rows have ids");
    orgs.edit("sales", "Contact", id, "Email", "nobody@");
    let run = desk.run(&["run", "family", "--yes", "--json"]);
    ended(&run, "partial", PARTIAL);
    assert_eq!(run.json()["failed"], 1, "{run:?}");
}

#[test]
fn a_run_that_could_write_nothing_failed() {
    let orgs = Orgs::pair(12, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    let account = new_account(&orgs);
    orgs.edit("sales", "Account", &account, "Phone", &"9".repeat(60));
    let run = desk.run(&["run", "accounts", "--records", &account, "--yes", "--json"]);
    ended(&run, "failed", FAILED);
    assert_eq!(orgs.rows_written("service"), 0);
}

#[test]
fn a_run_that_a_person_interrupts_is_stopped_and_the_next_one_brings_the_rest() {
    let orgs = Orgs::pair(30, 30);
    let desk = ready(&orgs, mapping::FAMILY);
    orgs.hold("service", "composite/sobjects");
    let running = desk.start(&["run", "family", "--yes", "--json"]);
    orgs.wait_until_held("service");
    interrupt(&running);
    let mut running = running;
    let told = running.line_with("after the batch in flight");
    assert!(told.contains("Ctrl-C again"), "{told}");
    orgs.release("service");
    let stopped = running.finish();
    ended(&stopped, "stopped", STOPPED);
    let first = stopped.json();
    assert!(first["pending"].as_u64() > Some(0), "{first}");
    let written = orgs.rows_written("service");
    assert_eq!(first["rows_sent"], written, "the batch in flight was finished: {first}");
    assert!(written > 0);

    let second = desk.run(&["run", "family", "--yes", "--json"]).json();
    assert_eq!(second["pending"], 0, "{second}");
    let sent = second["rows_sent"].as_u64().expect("a number");
    assert_eq!(orgs.rows_written("service"), written + sent, "nothing is sent twice");
    assert_nothing_is_missing(&orgs, &desk);
}

/// Sends what Ctrl-C sends.
fn interrupt(running: &Running) {
    let sent = Command::new("kill").args(["-INT", &running.id().to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()));
}

fn assert_nothing_is_missing(orgs: &Orgs, desk: &Desk) {
    let again = desk.run(&["run", "family", "--yes", "--json"]).json();
    assert_eq!(again["rows_sent"], 0, "{again}");
    let open = again["held"].as_u64().unwrap_or_default();
    let objects = ["Account", "Contact", "Site__c"];
    let missing = objects.iter().flat_map(|object| {
        let target = orgs.by_key("service", object);
        orgs.by_key("sales", object).into_keys().filter(move |key| !target.contains_key(key))
    });
    assert!(missing.count() as u64 <= open, "{again}");
}
