//! The commands around the main job: propose, switch, look, hand out, disconnect.

use isthmus_tests::isthmus::{Desk, ready};
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use orgsim::rows::text;
use serde_json::{Value, json};

const NOT_CONNECTED: i32 = 5;
const REFUSED: i32 = 3;
const NOT_FOUND: i32 = 4;

fn entries(desk: &Desk) -> u64 {
    let trail = desk.run(&["audit", "verify", "--json"]).passed().json();
    assert_eq!(trail["verified"], true, "{trail}");
    trail["entries"].as_u64().expect("a number of entries")
}

#[test]
fn a_proposal_is_imported_as_it_comes() {
    let orgs = Orgs::pair(12, 12);
    let desk = Desk::with_workspace();
    let _ = desk.adopt(&orgs, "sales").passed();
    let _ = desk.adopt(&orgs, "service").passed();
    let path = desk.home().join("proposal.yaml").display().to_string();
    let arguments =
        ["sync", "suggest", "sales", "service", "--objects", "Account,Contact", "--name", "both"];
    let proposal = desk.run(&arguments).passed().stdout;
    assert!(proposal.contains("key: {left: ERP_Key__c, right: ERP_Key__c}"), "{proposal}");
    let _ = desk.run(&[&arguments[..], &["--output", &path]].concat()).passed();
    assert_eq!(std::fs::read_to_string(&path).expect("the proposal is there"), proposal);
    let imported = desk.run(&["sync", "import", &path, "--json"]).passed().json();
    assert_eq!(imported["sync"]["objects"].as_array().map(Vec::len), Some(2), "{imported}");
    let again = desk.run(&["sync", "import", &path, "--json"]).passed().json();
    assert_eq!((&again["change"], &again["sync"]["version"]), (&json!("unchanged"), &json!(1)));
    let exported = desk.run(&["sync", "export", "both"]).passed().stdout;
    assert_eq!(exported, proposal, "the file comes back as it was, comments included");
}

#[test]
fn a_disabled_sync_runs_once_it_is_enabled_and_a_deleted_one_is_gone() {
    let orgs = Orgs::pair(12, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    let before = entries(&desk);
    let disabled = desk.run(&["sync", "disable", "accounts", "--json"]).passed().json();
    assert_eq!(disabled["enabled"], false);
    let refused = desk.run(&["run", "accounts", "--yes", "--json"]);
    assert_eq!(refused.code, Some(REFUSED), "{refused:?}");
    assert!(refused.stderr.contains("isthmus sync enable accounts"), "{refused:?}");
    assert_eq!(orgs.rows_written("service"), 0);

    let _ = desk.run(&["sync", "enable", "accounts"]).passed();
    let run = desk.run(&["run", "accounts", "--yes", "--json"]).json();
    let written = orgs.rows_written("service");
    assert_eq!(run["rows_sent"], written, "{run}");
    assert!(written > 0, "{run}");

    let _ = desk.run(&["sync", "delete", "accounts", "--yes"]).passed();
    assert_eq!(desk.run(&["sync", "list", "--json"]).passed().json(), json!([]));
    assert_eq!(desk.run(&["run", "accounts", "--yes"]).code, Some(NOT_FOUND));
    let runs = desk.run(&["runs", "--json"]).passed().json();
    assert_eq!(runs.as_array().map(Vec::len), Some(1), "its runs stay: {runs}");
    assert_eq!(orgs.rows_written("service"), written, "no record is touched");
    assert_eq!(entries(&desk), before + written + 3, "off, on and deleted are in the trail");
}

#[test]
fn a_plan_says_that_its_writes_are_unconditional_and_for_how_long() {
    let orgs = Orgs::pair(12, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    let notes = || desk.run(&["plan", "accounts", "--json"]).passed().json()["notes"].to_string();
    assert!(notes().contains("unconditional, window 450 s"), "{}", notes());
    let _ = desk.run(&["run", "accounts", "--yes"]);
    assert!(!notes().contains("unconditional"), "nothing is left to write: {}", notes());
}

#[test]
fn a_plan_that_was_only_looked_at_has_nothing_to_retry() {
    let orgs = Orgs::pair(12, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    let plan = desk.run(&["plan", "accounts", "--json"]).passed().json();
    let refused = desk.run(&["retry", &plan["run"].to_string(), "--json"]);
    assert!(refused.stderr.contains("nothing_to_retry"), "{refused:?}");
    assert_eq!(orgs.rows_written("service"), 0);
}

#[test]
fn a_query_reads_rows_as_table_csv_and_json() {
    let orgs = Orgs::pair(6, 0);
    let desk = Desk::with_workspace();
    let _ = desk.adopt(&orgs, "sales").passed();
    let account = orgs.rows("sales", "Account").remove(0);
    let id = text(&account, "Id").expect("rows have ids");
    orgs.edit("sales", "Account", id, "Name", "=1+1");
    let soql = format!("SELECT Id, Name FROM Account WHERE Id = '{id}'");

    let table = desk.run(&["query", "sales", &soql]).passed().stdout;
    assert!(table.contains(id) && table.contains("=1+1"), "{table}");
    let csv = desk.run(&["query", "sales", &soql, "--format", "csv"]).passed().stdout;
    assert_eq!(csv.lines().collect::<Vec<_>>(), ["Id,Name", &format!("{id},'=1+1")]);
    let read = desk.run(&["query", "sales", &soql, "--json"]).passed().json();
    assert_eq!(read["columns"], json!(["Id", "Name"]));
    assert_eq!(read["rows"], json!([[id, "=1+1"]]));
    let all = desk.run(&["query", "sales", "SELECT COUNT() FROM Account", "--json"]);
    assert_eq!(all.passed().json()["total"], 6);

    for change in [format!("{soql} FOR UPDATE"), "DELETE FROM Account".to_owned()] {
        let refused = desk.run(&["query", "sales", &change]);
        assert_eq!(refused.code, Some(REFUSED), "{refused:?}");
    }
    assert_eq!(orgs.rows_written("sales"), 0);
}

#[test]
fn rows_that_a_query_writes_to_a_file_are_in_the_audit_trail() {
    let orgs = Orgs::pair(6, 0);
    let desk = Desk::with_workspace();
    let _ = desk.adopt(&orgs, "sales").passed();
    let soql = "SELECT Id, Name FROM Account";
    let before = entries(&desk);
    let _ = desk.run(&["query", "sales", soql]).passed();
    assert_eq!(entries(&desk), before, "what is only shown leaves nothing outside");
    let path = desk.home().join("accounts.csv").display().to_string();
    let arguments = ["query", "sales", soql, "--format", "csv", "--output", &path, "--json"];
    let written = desk.run(&arguments).passed().json();
    assert_eq!(written, json!({ "files": [{ "file": path, "rows": 6 }] }));
    assert_eq!(std::fs::read_to_string(&path).expect("the file is there").lines().count(), 7);
    assert_eq!(entries(&desk), before + 1);
}

#[test]
fn a_record_is_shown_with_its_fields_and_its_links() {
    let orgs = Orgs::pair(12, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    let _ = desk.run(&["run", "accounts", "--yes"]);
    let target = orgs.by_key("service", "Account");
    let sources = orgs.by_key("sales", "Account");
    let (key, source) =
        sources.iter().find(|(key, _)| target.contains_key(*key)).expect("a shared key");
    let id = text(source, "Id").expect("rows have ids");

    let shown = desk.run(&["record", "get", "sales", "Account", id, "--json"]).passed().json();
    let name = shown["fields"]
        .as_array()
        .and_then(|fields| fields.iter().find(|field| field["field"] == "Name"))
        .map(|field| &field["value"]);
    assert_eq!(name.and_then(Value::as_str), text(source, "Name"), "{shown}");
    assert_eq!(shown["links"][0]["org"], "service", "{shown}");
    assert_eq!(shown["links"][0]["id"].as_str(), text(&target[key], "Id"), "{shown}");
    let missing = desk.run(&["record", "get", "service", "Account", id]);
    assert_eq!(missing.code, Some(NOT_FOUND), "{missing:?}");
}

#[test]
fn disconnecting_ends_the_grant_and_forgets_the_session() {
    let orgs = Orgs::pair(4, 0);
    let desk = Desk::with_workspace();
    let _ = desk.connect(&orgs, "sales").passed();
    assert_eq!(orgs.org("sales").oauth.refresh_token_count(), 1);
    let before = entries(&desk);

    let refused = desk.run(&["org", "disconnect", "sales"]);
    assert_eq!(refused.code, Some(REFUSED), "without a yes: {refused:?}");
    assert_eq!(orgs.org("sales").oauth.refresh_token_count(), 1);

    let gone = desk.run(&["org", "disconnect", "sales", "--yes", "--json"]).passed().json();
    assert_eq!(gone["grant"], "revoked", "{gone}");
    assert_eq!(orgs.org("sales").oauth.refresh_token_count(), 0, "asked of the org");
    assert_eq!(entries(&desk), before + 1);
    let refused = desk.run(&["query", "sales", "SELECT Id FROM Account"]);
    assert_eq!(refused.code, Some(NOT_CONNECTED), "{refused:?}");

    let _ = desk.connect(&orgs, "sales").passed();
    let _ = desk.run(&["query", "sales", "SELECT Id FROM Account"]).passed();
}

#[test]
fn completions_and_schema_need_no_workspace() {
    let desk = Desk::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = desk.run(&["completions", shell]).passed().stdout;
        assert!(script.contains("isthmus") && script.contains("disconnect"), "{shell}: {script}");
    }
    let schema = desk.run(&["schema"]).passed().json();
    let published = include_str!("../../docs/sync.schema.json");
    assert_eq!(schema, serde_json::from_str::<Value>(published).expect("the schema is JSON"));
}
