//! From a fresh profile to records in the other org, asked of that org.

use std::collections::BTreeSet;

use isthmus_tests::isthmus::{Desk, ready};
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use orgsim::org::Counters;
use orgsim::rows::text;
use serde_json::Value;

/// Rows written to an org since its start.
fn rows_written(counters: &Counters) -> u64 {
    counters.rows_written.values().map(|rows| rows.inserted + rows.updated + rows.deleted).sum()
}

fn automations(counters: &Counters) -> u64 {
    counters.automations_fired.values().sum()
}

fn number(json: &Value, name: &str) -> u64 {
    json[name].as_u64().unwrap_or_else(|| panic!("no {name} in {json}"))
}

#[test]
fn two_orgs_agree_after_one_run_and_a_second_run_writes_nothing() {
    let orgs = Orgs::pair(120, 200);
    let desk = Desk::with_workspace();
    let _ = desk.connect(&orgs, "sales").passed();
    let _ = desk.connect(&orgs, "service").passed();
    let _ = desk.import(mapping::FAMILY).passed();

    let plan = desk.run(&["plan", "family", "--json"]).passed().json();
    assert!(number(&plan["counts"], "creates") > 50, "{}", plan["counts"]);
    assert_eq!(rows_written(&orgs.counters("service")), 0, "a plan writes nothing");

    let run = desk.run(&["run", "family", "--yes", "--json"]).json();
    let sum: u64 = ["created", "updated", "unchanged", "held", "failed", "pending"]
        .iter()
        .map(|name| number(&run, name))
        .sum();
    assert_eq!(number(&run, "rows_read"), sum, "{run}");
    let written = number(&run, "created") + number(&run, "updated");
    assert!(written > 100, "{run}");
    let counters = orgs.counters("service");
    assert_eq!(rows_written(&counters), written, "what Isthmus reports is what the org counted");
    assert_eq!(automations(&counters), written, "automations fire once per change");
    assert_eq!(rows_written(&orgs.counters("sales")), 0, "the source is only read");
    assert_agreement(&orgs, &desk, &run["run"].to_string());

    let again = desk.run(&["run", "family", "--yes", "--json"]).json();
    assert_eq!(number(&again, "rows_sent"), 0, "{again}");
    assert_eq!(rows_written(&orgs.counters("service")), written);
}

/// Every source row is in the other org with its values and its parent, or stands in the report with a cause.
fn assert_agreement(orgs: &Orgs, desk: &Desk, run: &str) {
    let open = open_rows(desk, run);
    for (object, fields) in [
        ("Account", &["Name", "Phone", "BillingCity"][..]),
        ("Contact", &["FirstName", "LastName", "Email"]),
        ("Site__c", &["Name"]),
    ] {
        let target = orgs.by_key("service", object);
        for (key, source) in orgs.by_key("sales", object) {
            if text(&source, "Id").is_some_and(|id| open.contains(id)) {
                continue;
            }
            let row = target.get(&key).unwrap_or_else(|| panic!("{object} {key} did not arrive"));
            for field in fields {
                assert_eq!(text(row, field), text(&source, field), "{object} {key} {field}");
            }
        }
    }
    assert_parents(orgs);
}

/// The source records that the report names as held, failed or pending.
fn open_rows(desk: &Desk, run: &str) -> BTreeSet<String> {
    let words = ["held", "failed", "pending"];
    let reports = words.map(|word| {
        desk.run(&["report", run, "--outcome", word, "--limit", "1000", "--json"]).json()
    });
    let rows = reports.iter().flat_map(|report| report["rows"].as_array().into_iter().flatten());
    rows.filter_map(|row| row["source_id"].as_str().map(str::to_owned)).collect()
}

/// Contacts hang under the account with the same key as in the source org.
fn assert_parents(orgs: &Orgs) {
    let key_of = |org: &str, id: Option<&str>| {
        let accounts = orgs.rows(org, "Account");
        let found = accounts.into_iter().find(|row| text(row, "Id") == id)?;
        text(&found, "ERP_Key__c").map(str::to_owned)
    };
    let target = orgs.by_key("service", "Contact");
    for (key, source) in orgs.by_key("sales", "Contact").into_iter().take(40) {
        let Some(row) = target.get(&key) else { continue };
        if let Some(parent) = text(&source, "AccountId") {
            assert_eq!(
                key_of("service", text(row, "AccountId")),
                key_of("sales", Some(parent)),
                "{key}"
            );
        }
    }
}

#[test]
fn every_row_stands_in_the_report_and_failed_rows_can_be_retried() {
    let orgs = Orgs::pair(40, 60);
    let desk = ready(&orgs, mapping::FAMILY);
    let broken = orgs.by_key("sales", "Contact").into_keys().next().expect("contacts are seeded");
    edit(&orgs, "sales", "Contact", &broken, "Email", "nobody@");
    let run = desk.run(&["run", "family", "--yes", "--json"]).json();
    assert_eq!(run["end"], "partial", "{run}");
    assert!(number(&run, "failed") >= 1, "{run}");

    let report = desk.run(&["report", "1", "--outcome", "failed", "--json"]).passed().json();
    let row = &report["rows"][0];
    assert_eq!(row["code"], "INVALID_EMAIL_ADDRESS", "{report}");
    assert!(row["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()), "{row}");

    let csv = desk.home().join("report.csv");
    let _ = desk.run(&["report", "1", "--csv", &csv.display().to_string()]).passed();
    let lines = std::fs::read_to_string(&csv).expect("the export is there").lines().count();
    assert_eq!(lines as u64, number(&run, "rows_read") + 1, "a header and one line per row");

    for row in report["rows"].as_array().expect("rows") {
        let id = row["source_id"].as_str().expect("a source id");
        mend(&orgs, id);
    }
    let retried = desk.run(&["retry", "1", "--json"]).json();
    assert_eq!(number(&retried, "failed"), 0, "{retried}");
    assert_eq!(orgs.by_key("service", "Contact")[&broken]["Email"], "mended@example.com");
    let runs = desk.run(&["runs", "--json"]).passed().json();
    assert_eq!(runs.as_array().or(runs["runs"].as_array()).map(Vec::len), Some(2), "{runs}");
}

/// Changes a field as a user of the org does.
fn edit(orgs: &Orgs, org: &str, object: &str, key: &str, field: &str, value: &str) {
    let id = orgs.by_key(org, object)[key]["Id"].as_str().expect("rows have ids").to_owned();
    orgs.edit(org, object, &id, field, value);
}

fn mend(orgs: &Orgs, contact: &str) {
    orgs.edit("sales", "Contact", contact, "Email", "mended@example.com");
}
