//! A run that leaves rows behind: read, mended at the org, tried again; and a workspace that another process has.

use isthmus_store::{Ledger, LedgerKey, OpenInfo, OwnerKind};
use isthmus_tests::isthmus::{Desk, ready};
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use isthmus_tests::page::keys;
use jiff::Timestamp;
use orgsim::rows::text;

use crate::person::{Hand, Person};
use isthmus_tests::window::{Window, tell};

/// The id of the first account that only `sales` has.
fn new_account(orgs: &Orgs) -> (String, String) {
    let known = orgs.by_key("service", "Account");
    let accounts = orgs.by_key("sales", "Account");
    let (key, row) =
        accounts.into_iter().find(|(key, _)| !known.contains_key(key)).expect("a new account");
    (key, text(&row, "Id").expect("rows have ids").to_owned())
}

#[test]
fn a_run_that_left_a_row_behind_is_read_mended_and_retried() {
    let orgs = Orgs::pair(30, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    let (key, id) = new_account(&orgs);
    orgs.edit("sales", "Account", &id, "BillingCity", &"x".repeat(41));
    tell(read_mend_and_retry(&desk, &orgs, &id));
    assert_eq!(text(&orgs.by_key("service", "Account")[&key], "BillingCity"), Some("Berlin"));
}

async fn read_mend_and_retry(desk: &Desk, orgs: &Orgs, id: &str) {
    let window = Window::open(desk).await;
    window.resize(1440, 900).await;
    let person = Person::before(&window, Hand::Pointer);

    assert_eq!(person.preview_and_run("accounts").await, "Partial");
    person.use_control("[data-test=open-run]").await;
    window.wait_for_element("[data-test=causes] [data-test=cause]").await;
    window.wait_for_text("text_too_long").await;
    // The row itself, with what is wrong with it.
    person.use_control("[data-test=cause]").await;
    window.wait_for_element("[data-test=run-rows] [role=row][aria-rowindex='2']").await;
    window.press("[data-test=run-rows] [role=row][aria-rowindex='2']").await;
    window.keys(&[keys::ENTER]).await;
    window.wait_for_element("[data-test=drawer]").await;
    window.wait_for_text("BillingCity").await;
    window.keys(&[keys::ESCAPE]).await;
    window.wait_for("document.querySelector('[data-test=drawer]') === null").await;

    orgs.edit("sales", "Account", id, "BillingCity", "Berlin");
    person.use_control("[data-test=retry]").await;

    window.wait_long_for("document.querySelector('[data-test=run-view] .badge')?.innerText.includes('Succeeded')").await;
    window.close().await;
}

/// Opens the desk's ledger as a command does.
fn as_command(desk: &Desk, recovery_key: &str) -> Ledger {
    let key = LedgerKey::from_recovery(recovery_key).expect("the key that was shown");
    let path = desk.home().join("isthmus/default/ledger.db");
    let now = Timestamp::from_second(1_800_000_000).expect("a moment");
    let info = OpenInfo { now, build: "0.1.0", owner: OwnerKind::Command };
    Ledger::open(&path, &key, info).expect("nobody else has it")
}

#[tokio::test]
async fn a_workspace_that_a_command_has_open_is_told_and_opened_once_it_is_free() {
    let desk = Desk::new();
    let created = desk.run(&["workspace", "create", "--json"]).passed().json();
    let command = as_command(&desk, created["recovery_key"].as_str().expect("it is shown once"));
    let window = Window::open(&desk).await;
    window.wait_for_element("[data-test=workspace-refused]").await;
    window.wait_for_text("workspace_owned").await;

    command.close().expect("it closes");
    window.press_words("Try again").await;

    window.wait_for_element("[data-test=overview], [data-test=overview-first-run]").await;
    window.close().await;
}
