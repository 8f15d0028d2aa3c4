//! Rights that the connected user lacks, or loses: told before anything is written, and no row is taken for deleted.

use isthmus_contract::file::FileCode;
use isthmus_tests::isthmus::{Desk, ready};
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use isthmus_tests::refused::only;
use serde_json::json;

use crate::exits::{REFUSED, STOPPED, UNCHANGED};

#[test]
fn an_object_that_the_user_may_not_create_is_refused_at_import() {
    let orgs = Orgs::pair(4, 0);
    orgs.control("service", "schema", &json!({ "object": "Account", "createable": false }));
    let desk = Desk::with_workspace();
    let _ = desk.adopt(&orgs, "sales").passed();
    let _ = desk.adopt(&orgs, "service").passed();
    let problems = desk.import(mapping::ACCOUNTS).file_refused();
    let problem = only(&problems, FileCode::NotWritable);
    assert_eq!(problem.path, "objects[0].right");
    assert!(problem.remedy.contains("Create permission"), "{problem:?}");
    let without_creates =
        mapping::ACCOUNTS.replace("{first_contact: left}", "{first_contact: left, create: skip}");
    let _ = desk.import(&without_creates).passed();
}

#[test]
fn a_right_that_is_lost_after_the_import_stops_the_run_before_it_writes() {
    let orgs = Orgs::pair(20, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    orgs.control("service", "schema", &json!({ "object": "Account", "createable": false }));
    let problem =
        desk.run(&["run", "accounts", "--yes", "--json"]).refused(REFUSED, "sync_outdated");
    let lost = only(&problem.file, FileCode::NotWritable);
    assert!(lost.text.contains("service") && lost.remedy.contains("Create permission"), "{lost:?}");
    assert_eq!(orgs.rows_written("service"), 0);

    orgs.control("service", "schema", &json!({ "object": "Account", "restore": true }));
    let run = desk.run(&["run", "accounts", "--yes", "--json"]).json();
    assert!(run["created"].as_u64().is_some_and(|created| created > 0), "{run}");
    assert_eq!(run["pending"], 0, "{run}");
}

#[test]
fn no_readable_row_at_first_contact_is_said_and_writes_nothing() {
    let orgs = Orgs::pair(20, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    orgs.control("sales", "schema", &json!({ "object": "Account", "rows_visible": false }));
    let plan = desk.run(&["plan", "accounts", "--json"]).passed().json();
    let notes = plan["notes"].as_array().expect("notes");
    let said = notes.iter().filter_map(|note| note.as_str());
    let said: Vec<&str> =
        said.filter(|note| note.contains("can read no row") && note.contains("sales")).collect();
    assert!(said.len() == 1 && said[0].contains("read access"), "{plan}");
    let run = desk.run(&["run", "accounts", "--yes", "--json"]);
    assert_eq!(run.code, Some(UNCHANGED), "{run:?}");
    let reason = run.json()["reason"].as_str().unwrap_or_default().to_owned();
    assert!(reason.contains("can read no row") && reason.contains("read access"), "{run:?}");
    assert_eq!(orgs.rows_written("service"), 0);
}

#[test]
fn rows_that_can_no_longer_be_read_are_never_taken_for_deleted() {
    for hidden in ["sales", "service"] {
        let orgs = Orgs::pair(20, 0);
        let desk = ready(&orgs, mapping::ACCOUNTS);
        let _ = desk.run(&["run", "accounts", "--yes", "--json"]).json();
        let written = orgs.rows_written("service");
        orgs.control(hidden, "schema", &json!({ "object": "Account", "rows_visible": false }));
        let stopped = desk.run(&["run", "accounts", "--yes", "--json"]);
        assert_eq!(stopped.code, Some(STOPPED), "{hidden}: {stopped:?}");
        let reason = stopped.json()["reason"].as_str().unwrap_or_default().to_owned();
        assert!(reason.contains("Account") && reason.contains("read access"), "{hidden}: {reason}");
        assert_eq!(orgs.rows_written("service"), written, "{hidden}: nothing is written meanwhile");

        orgs.control(hidden, "schema", &json!({ "object": "Account", "rows_visible": true }));
        let again = desk.run(&["run", "accounts", "--yes", "--json"]).json();
        assert_eq!(again["rows_sent"], 0, "{hidden}: the links are all there: {again}");
    }
}
