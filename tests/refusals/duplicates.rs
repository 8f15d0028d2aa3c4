//! External ids that name more than one row (300): neither of them is written, the other rows go on.

use isthmus_contract::file::FileCode;
use isthmus_tests::isthmus::{Desk, ready};
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use isthmus_tests::refused::only;
use orgsim::rows::{Row, text};
use serde_json::Value;

/// The row as another one of the same key.
fn twin(row: &Row) -> Row {
    let mut twin = row.clone();
    twin.remove("Id");
    twin
}

/// The account that only `sales` has, as `service` would hold it.
fn new_account(orgs: &Orgs) -> (String, Row) {
    let known = orgs.by_key("service", "Account");
    let accounts = orgs.by_key("sales", "Account");
    accounts.into_iter().find(|(key, _)| !known.contains_key(key)).expect("a new account")
}

fn holders(orgs: &Orgs, field: &str, value: &str) -> usize {
    orgs.rows("service", "Account").iter().filter(|row| text(row, field) == Some(value)).count()
}

fn open_rows(report: &Value) -> Vec<&Value> {
    let rows = report["rows"].as_array().expect("rows").iter();
    rows.filter(|row| matches!(row["outcome"].as_str(), Some("held" | "failed"))).collect()
}

const BY_KEY: &str = "match: {key: {left: ERP_Key__c, right: ERP_Key__c}}";

#[test]
fn an_external_id_that_is_not_unique_is_refused_as_a_key() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let _ = desk.adopt(&orgs, "sales").passed();
    let _ = desk.adopt(&orgs, "service").passed();
    let by_code = "match: {key: {left: Legacy_Code__c, right: Legacy_Code__c}}";
    let problems = desk.import(&mapping::ACCOUNTS.replace(BY_KEY, by_code)).file_refused();
    let problem = only(&problems, FileCode::NotAKey);
    assert_eq!((problem.place.line, problem.path.as_str()), (8, "objects[0].match.key.right"));
    assert!(problem.remedy.contains("`ERP_Key__c`"), "{problem:?}");
}

#[test]
fn two_target_rows_of_one_key_are_held_as_ambiguous_and_neither_is_written() {
    let orgs = Orgs::pair(30, 0);
    let by_code = "match: {fields: [{left: Legacy_Code__c, right: Legacy_Code__c}]}";
    let (key, account) = new_account(&orgs);
    let id = text(&account, "Id").expect("an id").to_owned();
    orgs.edit("sales", "Account", &id, "Legacy_Code__c", "K-TWICE");
    for row in orgs.rows("service", "Account").iter().take(2) {
        let id = text(row, "Id").expect("an id");
        orgs.edit("service", "Account", id, "Legacy_Code__c", "K-TWICE");
    }
    let desk = ready(&orgs, &mapping::ACCOUNTS.replace(BY_KEY, by_code));
    let before = orgs.rows("service", "Account");
    let run = desk.run(&["run", "accounts", "--yes", "--json"]).json();
    let report =
        desk.run(&["report", &run["run"].to_string(), "--limit", "1000", "--json"]).passed().json();
    let held = open_rows(&report);
    let row = held
        .iter()
        .find(|row| row["source_id"] == id.as_str())
        .unwrap_or_else(|| panic!("{report}"));
    assert_eq!(row["code"], "match_ambiguous", "{row}");
    assert!(row["message"].as_str().is_some_and(|text| text.contains('2')), "{row}");
    assert!(row["remedy"].as_str().is_some_and(|text| text.contains("merge")), "{row}");
    for row in before.iter().filter(|row| text(row, "Legacy_Code__c") == Some("K-TWICE")) {
        let now = orgs.rows("service", "Account");
        assert!(now.contains(row), "{key}: a row was written though it is not known which one");
    }
    assert!(
        run["created"].as_u64().unwrap_or_default() + run["updated"].as_u64().unwrap_or_default()
            > 0,
        "{run}"
    );
}

#[test]
fn a_key_that_becomes_ambiguous_on_the_wire_is_quarantined_and_the_batch_goes_on() {
    let orgs = Orgs::pair(30, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    let (key, account) = new_account(&orgs);
    let id = text(&account, "Id").expect("an id").to_owned();
    orgs.hold("service", "composite/sobjects/Account/ERP_Key__c");
    let running = desk.start(&["run", "accounts", "--yes", "--json"]);
    orgs.wait_until_held("service");
    for _ in 0..2 {
        orgs.put("service", "Account", twin(&account));
    }
    orgs.release("service");
    let run = running.finish().json();
    assert_eq!(run["end"], "partial", "{run}");
    assert_eq!(run["pending"], 0, "{run}");
    let report =
        desk.run(&["report", &run["run"].to_string(), "--limit", "1000", "--json"]).passed().json();
    let open = open_rows(&report);
    let row = open
        .iter()
        .find(|row| row["source_id"] == id.as_str())
        .unwrap_or_else(|| panic!("{report}"));
    assert!(row["remedy"].as_str().is_some_and(|text| !text.is_empty()), "{row}");
    assert_eq!(holders(&orgs, "ERP_Key__c", &key), 2, "nothing was added to the two");
    let arrived = orgs.by_key("service", "Account");
    assert!(
        orgs.by_key("sales", "Account").keys().all(|key| arrived.contains_key(key)),
        "the others arrived"
    );
}
