//! Undelete and merge.

use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use crate::api::error::ApiError;
use crate::api::journal::Journal;
use crate::api::merge::{Merged, merge};
use crate::api::tests::fixtures::{body, call, create, org, pass, query, query_raw, read};
use crate::api::undelete::undelete;
use crate::org::Org;

fn delete(org: &mut Org, object: &str, id: &str) {
    body(call(org, "DELETE", &format!("sobjects/{object}/{id}"), Value::Null), 204);
}

fn take_back(org: &mut Org, id: &str) -> Result<String, ApiError> {
    let mut journal = Journal::default();
    let outcome = undelete(org, &mut journal, id);
    journal.commit(&mut org.counters);
    outcome.map(|id| id.to_string())
}

fn merged(
    org: &mut Org,
    master: &str,
    fields: &Value,
    losers: &[&str],
) -> Result<Merged, ApiError> {
    let mut journal = Journal::default();
    let fields: Map<String, Value> = fields.as_object().cloned().unwrap_or_default();
    let losers: Vec<String> = losers.iter().map(|id| (*id).to_owned()).collect();
    let outcome = merge(org, &mut journal, "Account", (master, &fields), &losers);
    journal.commit(&mut org.counters);
    outcome
}

#[test]
fn an_undeleted_row_brings_its_details_and_its_lookups_back() {
    let mut org = org();
    let account = create(&mut org, "Account", json!({ "Name": "Acme" }));
    let site = create(&mut org, "Site__c", json!({ "Name": "HQ", "Account__c": account }));
    let child = create(&mut org, "Account", json!({ "Name": "Acme East", "ParentId": account }));
    delete(&mut org, "Account", &account);
    assert_eq!(read(&mut org, "Account", &child)["ParentId"], Value::Null);
    pass(&mut org, SignedDuration::from_secs(5));
    assert_eq!(take_back(&mut org, &account[..15]).unwrap(), account);
    let row = read(&mut org, "Account", &account);
    assert_eq!((&row["IsDeleted"], &row["Name"]), (&json!(false), &json!("Acme")));
    assert_eq!(row["SystemModstamp"], "2026-11-20T10:00:35.000+0000");
    assert_eq!(read(&mut org, "Site__c", &site)["Account__c"], json!(account));
    assert_eq!(read(&mut org, "Account", &child)["ParentId"], json!(account));
}

#[test]
fn a_detail_deleted_before_its_master_stays_deleted() {
    let mut org = org();
    let account = create(&mut org, "Account", json!({ "Name": "Acme" }));
    let site = create(&mut org, "Site__c", json!({ "Name": "HQ", "Account__c": account }));
    delete(&mut org, "Site__c", &site);
    pass(&mut org, SignedDuration::from_secs(5));
    delete(&mut org, "Account", &account);
    assert_eq!(take_back(&mut org, &site).unwrap_err().code, "UNDELETE_FAILED");
    take_back(&mut org, &account).unwrap();
    assert!(query(&mut org, "SELECT Id FROM Site__c").is_empty());
    assert_eq!(take_back(&mut org, &site).unwrap(), site);
}

#[test]
fn after_fifteen_days_or_when_it_is_live_a_row_is_not_in_the_bin() {
    let mut org = org();
    let account = create(&mut org, "Account", json!({ "Name": "Acme" }));
    assert_eq!(take_back(&mut org, &account).unwrap_err().code, "UNDELETE_FAILED");
    delete(&mut org, "Account", &account);
    pass(&mut org, SignedDuration::from_hours(15 * 24));
    assert_eq!(take_back(&mut org, &account).unwrap_err().code, "UNDELETE_FAILED");
}

#[test]
fn a_unique_value_that_was_taken_meanwhile_keeps_a_row_in_the_bin() {
    let mut org = org();
    let account = create(&mut org, "Account", json!({ "Name": "Acme", "ERP_Key__c": "A-1" }));
    delete(&mut org, "Account", &account);
    create(&mut org, "Account", json!({ "Name": "Other", "ERP_Key__c": "a-1" }));
    assert_eq!(take_back(&mut org, &account).unwrap_err().code, "DUPLICATE_VALUE");
}

#[test]
fn a_merge_hangs_children_under_the_master_and_marks_the_losers() {
    let mut org = org();
    let master = create(&mut org, "Account", json!({ "Name": "Acme" }));
    let loser = create(&mut org, "Account", json!({ "Name": "ACME", "ParentId": master }));
    let site = create(&mut org, "Site__c", json!({ "Name": "HQ", "Account__c": loser }));
    let contact = create(&mut org, "Contact", json!({ "LastName": "Lee", "AccountId": loser }));
    let done = merged(&mut org, &master, &json!({ "Phone": "1" }), &[&loser]).unwrap();
    let mut related: Vec<&str> = done.updated_related.iter().map(|id| &**id).collect();
    related.sort_unstable();
    let mut wanted = [site.as_str(), contact.as_str()];
    wanted.sort_unstable();
    assert_eq!(related, wanted);
    assert_eq!(read(&mut org, "Account", &master)["Phone"], "1");
    assert_eq!(read(&mut org, "Site__c", &site)["Account__c"], json!(master));
    let soql = format!("SELECT MasterRecordId, IsDeleted FROM Account WHERE Id = '{loser}'");
    let all = body(query_raw(&mut org, "queryAll", &soql), 200);
    assert_eq!(all["records"][0]["MasterRecordId"], json!(master));
    assert_eq!(all["records"][0]["IsDeleted"], true);
}

#[test]
fn a_merge_that_fails_changes_nothing() {
    let mut org = org();
    let master = create(&mut org, "Account", json!({ "Name": "Acme" }));
    let loser = create(&mut org, "Account", json!({ "Name": "ACME" }));
    let refused = merged(&mut org, &master, &json!({ "foo": 1 }), &[&loser]).unwrap_err();
    assert_eq!(refused.code, "INVALID_FIELD");
    assert_eq!(read(&mut org, "Account", &loser)["Name"], "ACME");
    let itself = merged(&mut org, &master, &json!({}), &[&master]).unwrap_err();
    assert_eq!(itself.code, "INVALID_OPERATION");
    let none = merged(&mut org, &master, &json!({}), &[]).unwrap_err();
    assert_eq!(none.code, "INVALID_OPERATION");
}
