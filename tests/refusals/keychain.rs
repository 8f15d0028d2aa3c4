//! A keychain that is locked, absent or has lost its entry: told within its own time limit, nothing made anew.

use std::time::{Duration, Instant};

use isthmus_tests::isthmus::{Desk, ready};
use isthmus_tests::keychain::State;
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use isthmus_vault::KEYCHAIN_TIMEOUT;

use crate::exits::{KEYCHAIN, REFUSED};

/// What a command takes besides waiting for the keychain, on a busy machine.
const REST: Duration = Duration::from_secs(20);

/// Every file below the workspaces' folder.
fn files(desk: &Desk) -> Vec<String> {
    let mut folders = vec![desk.home().join("isthmus")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.path().is_dir() {
                true => folders.push(entry.path()),
                false => files.push(entry.path().display().to_string()),
            }
        }
    }
    files
}

#[test]
fn without_a_keychain_no_workspace_is_made_and_no_secret_goes_into_a_file() {
    let mut desk = Desk::with_keychain(State::Absent);
    for bus in [desk.keychain.address.clone(), "unix:path=/nonexistent/bus".to_owned()] {
        desk.variables = vec![("DBUS_SESSION_BUS_ADDRESS".to_owned(), bus)];
        let problem =
            desk.run(&["workspace", "create", "--json"]).refused(KEYCHAIN, "keychain_missing");
        assert!(problem.hint.contains("gnome-keyring-daemon"), "{problem:?}");
        assert!(files(&desk).iter().all(|file| file.contains("/logs/")), "{:?}", files(&desk));
    }
}

#[test]
fn a_keychain_that_waits_for_a_prompt_for_ever_is_given_up() {
    let desk = Desk::with_workspace();
    desk.keychain.freeze();
    let started = Instant::now();
    let problem = desk.run(&["runs", "--json"]).refused(KEYCHAIN, "keychain_locked");
    let took = started.elapsed();
    assert!(took >= KEYCHAIN_TIMEOUT && took < KEYCHAIN_TIMEOUT + REST, "{took:?}");
    assert!(
        problem.text.contains("did not answer") && problem.hint.contains("unlock"),
        "{problem:?}"
    );
}

#[test]
fn a_locked_keychain_is_given_up_within_its_time_limit() {
    let orgs = Orgs::pair(4, 0);
    let mut desk = ready(&orgs, mapping::ACCOUNTS);
    let home = desk.home().to_owned();
    desk.keychain.restart(&home, State::Locked);
    let started = Instant::now();
    let problem =
        desk.run(&["run", "accounts", "--yes", "--json"]).refused(KEYCHAIN, "keychain_locked");
    assert!(started.elapsed() < KEYCHAIN_TIMEOUT + REST, "{:?}", started.elapsed());
    assert!(problem.hint.contains("unlock"), "{problem:?}");
    assert_eq!(orgs.rows_written("service"), 0);

    desk.keychain.restart(&home, State::Unlocked);
    let run = desk.run(&["run", "accounts", "--yes", "--json"]).json();
    assert_eq!(run["pending"], 0, "all is there after unlocking: {run}");
}

#[test]
fn a_keychain_that_is_locked_from_the_start_makes_no_workspace() {
    let desk = Desk::with_keychain(State::Locked);
    let started = Instant::now();
    let _ = desk.run(&["workspace", "create", "--json"]).refused(KEYCHAIN, "keychain_locked");
    assert!(started.elapsed() < KEYCHAIN_TIMEOUT + REST, "{:?}", started.elapsed());
    assert!(files(&desk).iter().all(|file| file.contains("/logs/")), "{:?}", files(&desk));
}

#[test]
fn a_deleted_entry_is_never_replaced_and_the_recovery_key_brings_everything_back() {
    let orgs = Orgs::pair(20, 0);
    let mut desk = Desk::new();
    let created = desk.run(&["workspace", "create", "--json"]).passed().json();
    let recovery_key = created["recovery_key"].as_str().expect("it is shown once").to_owned();
    for org in ["sales", "service"] {
        let _ = desk.adopt(&orgs, org).passed();
    }
    let _ = desk.import(mapping::ACCOUNTS).passed();
    let first = desk.run(&["run", "accounts", "--yes", "--json"]).json();

    let home = desk.home().to_owned();
    desk.keychain.forget(&home);
    let problem = desk.run(&["runs", "--json"]).refused(KEYCHAIN, "keychain_entry_missing");
    assert!(problem.hint.contains("workspace recover --recovery-key-stdin"), "{problem:?}");
    let again = desk.run(&["workspace", "create", "--json"]).refused(REFUSED, "workspace_exists");
    assert!(again.text.contains("already"), "{again:?}");

    let recover = ["workspace", "recover", "--recovery-key-stdin", "--json"];
    let wrong = recovery_key.chars().rev().collect::<String>();
    let _ = desk.run_with_input(&recover, &wrong).refused(REFUSED, "recovery_key_wrong");
    let _ = desk.run_with_input(&recover, &recovery_key).passed();
    let runs = desk.run(&["runs", "--json"]).passed().json();
    assert_eq!(runs[0]["run"], first["run"], "the ledger is the old one: {runs}");

    let lost = desk.run(&["run", "accounts", "--yes", "--json"]);
    assert!(lost.problem().hint.contains("connect"), "the tokens are gone: {lost:?}");
    for org in ["sales", "service"] {
        let _ = desk.adopt(&orgs, org).passed();
    }
    let run = desk.run(&["run", "accounts", "--yes", "--json"]).json();
    assert_eq!(run["rows_sent"], 0, "the links are all there: {run}");
}
