//! Lost answers, passing trouble and lost logins, each over a real socket.

use isthmus_tests::isthmus::ready;
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use orgsim::faults::{Fault, Kind};
use serde_json::Value;

fn inserted_and_updated(orgs: &Orgs) -> (u64, u64) {
    let counters = orgs.counters("service");
    let written = counters.rows_written.values().map(|rows| rows.inserted + rows.updated).sum();
    (written, counters.automations_fired.values().sum())
}

/// Runs `accounts` with one fault in the target org; gives the report.
fn run_with(orgs: &Orgs, fault: Fault) -> Value {
    let desk = ready(orgs, mapping::ACCOUNTS);
    orgs.fault("service", fault);
    desk.run(&["run", "accounts", "--yes", "--json"]).json()
}

#[test]
fn a_reply_lost_after_the_commit_is_read_back_and_not_sent_again() {
    let orgs = Orgs::pair(30, 0);
    let report = run_with(
        &orgs,
        Fault::new(Kind::ReplyLost).method("PATCH").path_contains("composite/sobjects"),
    );
    let (written, automations) = inserted_and_updated(&orgs);
    assert_eq!(written, automations);
    assert_eq!(
        report["created"].as_u64().unwrap() + report["updated"].as_u64().unwrap(),
        written,
        "{report}"
    );
    assert_eq!(report["pending"], 0, "{report}");
}

#[test]
fn a_locked_row_is_tried_again_and_lands() {
    let orgs = Orgs::pair(30, 0);
    let report =
        run_with(&orgs, Fault::new(Kind::RowLock { row_id: None }).object("Account").times(2));
    assert_eq!(report["failed"], 0, "{report}");
    let (written, automations) = inserted_and_updated(&orgs);
    assert_eq!(written, automations);
}

#[test]
fn an_ended_session_is_refreshed_once_and_the_run_goes_on() {
    let orgs = Orgs::pair(30, 0);
    let desk = isthmus_tests::isthmus::Desk::with_workspace();
    let _ = desk.connect(&orgs, "sales").passed();
    let _ = desk.connect(&orgs, "service").passed();
    let _ = desk.import(mapping::ACCOUNTS).passed();
    orgs.fault("service", Fault::new(Kind::RevokeToken).path_contains("composite/sobjects"));
    let report = desk.run(&["run", "accounts", "--yes", "--json"]).json();
    assert_eq!(report["pending"], 0, "{report}");
    assert!(report["created"].as_u64().unwrap() > 0, "{report}");
}

#[test]
fn a_grant_revoked_in_mid_run_stops_it_and_a_new_login_goes_on_exactly_there() {
    let orgs = Orgs::pair(450, 0);
    let desk = isthmus_tests::isthmus::Desk::with_workspace();
    let _ = desk.connect(&orgs, "sales").passed();
    let _ = desk.connect(&orgs, "service").passed();
    let _ = desk.import(mapping::ACCOUNTS).passed();
    orgs.fault(
        "service",
        Fault::new(Kind::RevokeGrant).method("PATCH").path_contains("composite/sobjects").after(1),
    );
    let done = desk.run(&["run", "accounts", "--yes", "--json"]);
    let report = done.json();
    assert_eq!(report["end"], "stopped", "{report}");
    assert!(done.printed().contains("connect"), "the remedy is a new login: {done:?}");
    let (before, _) = inserted_and_updated(&orgs);

    let _ = desk.connect(&orgs, "service").passed();
    let report = desk.run(&["run", "accounts", "--yes", "--json"]).json();
    assert_eq!(report["pending"], 0, "{report}");
    let (written, automations) = inserted_and_updated(&orgs);
    assert!(written > before);
    assert_eq!(written, automations, "nothing is written twice");
}

#[test]
fn the_daily_limit_stops_a_run_and_is_never_called_success() {
    let orgs = Orgs::pair(60, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    orgs.fault(
        "service",
        Fault::new(Kind::Error {
            status: 403,
            error_code: "REQUEST_LIMIT_EXCEEDED".to_owned(),
            message: "TotalRequests Limit exceeded.".to_owned(),
        })
        .method("PATCH")
        .times(100),
    );
    let report = desk.run(&["run", "accounts", "--yes", "--json"]).json();
    assert_eq!(report["end"], "stopped", "{report}");
    assert!(report["reason"].as_str().is_some_and(|reason| reason.contains("imit")), "{report}");
}
