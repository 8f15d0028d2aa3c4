//! Window and command at once: one owner, the other is told who it is, and nobody opens a second writer.

use std::time::Duration;

use isthmus_store::{Ledger, LedgerKey, OpenInfo, OwnerKind};
use isthmus_tests::isthmus::{Desk, ready};
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use jiff::Timestamp;
use serde_json::json;

use crate::exits::{NOT_FOUND, OWNED};

/// Opens the desk's ledger as the window does.
fn as_window(desk: &Desk, recovery_key: &str) -> Ledger {
    let key = LedgerKey::from_recovery(recovery_key).expect("the key that was shown");
    let path = desk.home().join("isthmus/default/ledger.db");
    let now = Timestamp::from_second(1_800_000_000).expect("a moment");
    let info = OpenInfo { now, build: "0.1.0", owner: OwnerKind::Window };
    Ledger::open(&path, &key, info).expect("nobody else has it")
}

#[test]
fn a_command_is_told_that_the_window_has_the_workspace_and_works_once_it_is_closed() {
    let desk = Desk::new();
    let created = desk.run(&["workspace", "create", "--json"]).passed().json();
    let window = as_window(&desk, created["recovery_key"].as_str().expect("it is shown once"));
    let problem = desk.run(&["runs", "--wait", "0", "--json"]).refused(OWNED, "workspace_owned");
    assert!(problem.text.contains("window"), "{problem:?}");
    assert!(problem.text.contains(&format!("process {}", std::process::id())), "{problem:?}");

    let waiting = desk.start(&["runs", "--wait", "60", "--json"]);
    std::thread::sleep(Duration::from_secs(1));
    window.close().expect("it closes");
    let _ = waiting.finish().passed();
}

#[test]
fn two_commands_at_once_never_write_both() {
    let orgs = Orgs::pair(20, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    orgs.hold("service", "composite/sobjects");
    let first = desk.start(&["run", "accounts", "--yes", "--json"]);
    orgs.wait_until_held("service");
    let problem = desk
        .run(&["run", "accounts", "--yes", "--wait", "0", "--json"])
        .refused(OWNED, "workspace_owned");
    assert!(problem.text.contains(&format!("isthmus, process {}", first.id())), "{problem:?}");
    orgs.org("service").faults.clear();
    let run = first.finish().json();
    assert_eq!(run["pending"], 0, "{run}");
    let written =
        run["created"].as_u64().unwrap_or_default() + run["updated"].as_u64().unwrap_or_default();
    assert_eq!(orgs.rows_written("service"), written);
}

#[test]
fn a_refused_command_closes_the_workspace_as_cleanly_as_one_that_is_done() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let _ = desk.adopt(&orgs, "sales").passed();
    let _ = desk.run(&["plan", "nothing", "--json"]).refused(NOT_FOUND, "sync_unknown");
    let health = desk.run(&["health", "--json"]).json();
    assert_eq!(health["alerts"], json!([]), "nothing crashed: {health}");
}
