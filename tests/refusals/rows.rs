//! Rows that the target cannot take: each is told with cause and remedy, and the other rows go on.

use isthmus_tests::isthmus::{Desk, ready};
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use orgsim::rows::text;
use serde_json::{Value, json};

use crate::exits::PARTIAL;

/// Runs a sync that cannot do everything, and gives its report's rows with that outcome.
fn partial_run(desk: &Desk, sync: &str, outcome: &str) -> Vec<Value> {
    let run = desk.run(&["run", sync, "--yes", "--json"]);
    assert_eq!(run.code, Some(PARTIAL), "{run:?}");
    let run = run.json();
    assert_eq!(run["end"], "partial", "{run}");
    assert_eq!(run["pending"], 0, "{run}");
    let number = run["run"].to_string();
    let report = desk
        .run(&["report", &number, "--outcome", outcome, "--limit", "1000", "--json"])
        .passed()
        .json();
    let rows = report["rows"].as_array().expect("rows").clone();
    for row in &rows {
        for part in ["code", "message", "remedy"] {
            assert!(
                row[part].as_str().is_some_and(|words| !words.is_empty()),
                "no {part} in {row}"
            );
        }
    }
    rows
}

fn row_of<'a>(rows: &'a [Value], source_id: &str) -> &'a Value {
    let found = rows.iter().find(|row| row["source_id"] == source_id);
    found.unwrap_or_else(|| panic!("{source_id} is not in {rows:?}"))
}

/// The key and id of the first account that only `sales` has.
fn new_account(orgs: &Orgs) -> (String, String) {
    let known = orgs.by_key("service", "Account");
    let accounts = orgs.by_key("sales", "Account");
    let (key, row) =
        accounts.into_iter().find(|(key, _)| !known.contains_key(key)).expect("a new account");
    (key, text(&row, "Id").expect("rows have ids").to_owned())
}

/// Every account of `sales` arrived but this one.
fn assert_all_others_arrived(orgs: &Orgs, but: &str) {
    let arrived = orgs.by_key("service", "Account");
    for (key, row) in orgs.by_key("sales", "Account") {
        assert_eq!(arrived.contains_key(&key), key != but, "{key}");
        if key != but {
            assert_eq!(text(&arrived[&key], "Name"), text(&row, "Name"), "{key}");
        }
    }
}

#[test]
fn a_text_that_is_too_long_is_held_and_never_cut() {
    let orgs = Orgs::pair(30, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    let (key, id) = new_account(&orgs);
    orgs.edit("sales", "Account", &id, "BillingCity", &"x".repeat(41));
    let rows = partial_run(&desk, "accounts", "held");
    let row = row_of(&rows, &id);
    assert_eq!(
        (row["code"].as_str(), &row["fields"]),
        (Some("text_too_long"), &json!(["BillingCity"])),
        "{row}"
    );
    assert!(
        row["message"].as_str().is_some_and(|text| text.contains("41") && text.contains("40")),
        "{row}"
    );
    assert_all_others_arrived(&orgs, &key);
}

#[test]
fn a_value_that_a_restricted_picklist_does_not_list_is_held() {
    let orgs = Orgs::pair(30, 0);
    let (key, id) = new_account(&orgs);
    orgs.edit("sales", "Account", &id, "Customer_Tier__c", "Legacy");
    let text = format!(
        "{}      - {{left: Customer_Tier__c, right: Customer_Tier__c}}\n",
        mapping::ACCOUNTS
    );
    let desk = ready(&orgs, &text);
    let rows = partial_run(&desk, "accounts", "held");
    let row = row_of(&rows, &id);
    assert_eq!(row["code"], "picklist_value_unknown", "{row}");
    assert!(row["message"].as_str().is_some_and(|text| text.contains("Legacy")), "{row}");
    assert_all_others_arrived(&orgs, &key);
}

#[test]
fn a_child_whose_parent_cannot_be_found_is_held_and_its_siblings_arrive() {
    let orgs = Orgs::pair(20, 40);
    let desk = ready(&orgs, mapping::FAMILY);
    let contacts = orgs.by_key("sales", "Contact");
    let known = orgs.by_key("service", "Contact");
    let (key, contact) =
        contacts.iter().find(|(key, _)| !known.contains_key(*key)).expect("a new contact");
    let id = text(contact, "Id").expect("rows have ids");
    orgs.edit("sales", "Contact", id, "AccountId", "001000000000001AAA");
    let rows = partial_run(&desk, "family", "held");
    let row = row_of(&rows, id);
    assert_eq!(
        (row["code"].as_str(), &row["fields"]),
        (Some("parent_missing"), &json!(["AccountId"])),
        "{row}"
    );
    let arrived = orgs.by_key("service", "Contact");
    assert!(!arrived.contains_key(key));
    assert!(orgs.by_key("service", "Account").len() >= orgs.by_key("sales", "Account").len());
}

#[test]
fn a_child_waits_while_its_parent_is_held_and_follows_when_it_is_mended() {
    let orgs = Orgs::pair(20, 40);
    let desk = ready(&orgs, mapping::FAMILY);
    let known = orgs.by_key("service", "Account");
    let contacts = orgs.by_key("sales", "Contact");
    let accounts = orgs.rows("sales", "Account");
    let family = contacts.iter().find_map(|(key, contact)| {
        let sane = text(contact, "Email").is_none_or(|email| email.contains('@'));
        let parent = accounts.iter().find(|row| text(row, "Id") == text(contact, "AccountId"))?;
        let new = !known.contains_key(text(parent, "ERP_Key__c")?);
        (sane && new).then(|| (key.clone(), contact.clone(), parent.clone()))
    });
    let (key, contact, parent) = family.expect("a contact whose account is only in sales");
    let (contact_id, parent_id) =
        (text(&contact, "Id").expect("an id"), text(&parent, "Id").expect("an id"));
    orgs.edit("sales", "Account", parent_id, "BillingCity", &"x".repeat(41));
    let rows = partial_run(&desk, "family", "held");
    assert_eq!(row_of(&rows, parent_id)["code"], "text_too_long");
    assert_eq!(row_of(&rows, contact_id)["code"], "parent_waiting");
    assert!(!orgs.by_key("service", "Contact").contains_key(&key));

    orgs.edit("sales", "Account", parent_id, "BillingCity", "Ulm");
    let _ = desk.run(&["run", "family", "--yes", "--json"]).json();
    assert!(orgs.by_key("service", "Contact").contains_key(&key), "the child follows its parent");
}
