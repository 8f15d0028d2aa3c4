//! Composite and batch.

use serde_json::{Value, json};

use crate::api::tests::fixtures::{body, call, create, org, query, refusal};
use crate::org::Org;

const BASE: &str = "/services/data/v68.0";

fn composite(org: &mut Org, all_or_none: bool, entries: &Value) -> Value {
    let sent = json!({ "allOrNone": all_or_none, "collateSubrequests": false, "compositeRequest": entries });
    body(call(org, "POST", "composite", sent), 200)["compositeResponse"].clone()
}

#[test]
fn later_entries_use_what_earlier_ones_answered() {
    let mut org = org();
    let entries = json!([
        { "method": "POST", "url": format!("{BASE}/sobjects/Account"), "referenceId": "parent", "body": { "Name": "Acme" } },
        { "method": "POST", "url": format!("{BASE}/sobjects/Contact"), "referenceId": "child",
          "body": { "LastName": "Lee", "AccountId": "@{parent.id}" } },
        { "method": "GET", "url": format!("{BASE}/query?q=SELECT Name FROM Contact WHERE AccountId = '@{{parent.id}}'"), "referenceId": "found" },
        { "method": "PATCH", "url": format!("{BASE}/sobjects/Account/@{{parent.id}}"), "referenceId": "change",
          "body": { "Site": "@{found.records[0].Name}" } },
    ]);
    let results = composite(&mut org, true, &entries);
    let statuses: Vec<i64> = results
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|own| own["httpStatusCode"].as_i64())
        .collect();
    assert_eq!(statuses, [201, 201, 200, 204]);
    assert!(results[0]["httpHeaders"]["Location"].is_string());
    assert_eq!(results[3]["body"], Value::Null);
    assert_eq!(query(&mut org, "SELECT Site FROM Account")[0]["Site"], "Lee");
    assert_eq!(org.counters.rows_written["Account"].inserted, 1);
}

#[test]
fn all_or_none_keeps_the_real_error_and_halts_the_others() {
    let mut org = org();
    let entries = json!([
        { "method": "POST", "url": format!("{BASE}/sobjects/Account"), "referenceId": "a", "body": { "Name": "Acme" } },
        { "method": "POST", "url": format!("{BASE}/sobjects/Account"), "referenceId": "b", "body": {} },
        { "method": "POST", "url": format!("{BASE}/sobjects/Account"), "referenceId": "c", "body": { "Name": "Third" } },
    ]);
    let results = composite(&mut org, true, &entries);
    let code = |place: usize| results[place]["body"][0]["errorCode"].as_str().unwrap().to_owned();
    assert_eq!(
        [code(0), code(1), code(2)],
        ["PROCESSING_HALTED", "REQUIRED_FIELD_MISSING", "PROCESSING_HALTED"]
    );
    assert!(query(&mut org, "SELECT Id FROM Account").is_empty());
    assert!(org.counters.rows_written.is_empty());
    let results = composite(&mut org, false, &entries);
    assert_eq!(results[2]["httpStatusCode"], 201);
    assert_eq!(query(&mut org, "SELECT Id FROM Account").len(), 2);
}

#[test]
fn entries_have_headers_of_their_own() {
    let mut org = org();
    let id = create(&mut org, "Account", json!({ "Name": "Acme" }));
    let entries = json!([{ "method": "PATCH", "url": format!("{BASE}/sobjects/Account/{id}"), "referenceId": "a",
        "httpHeaders": { "If-Unmodified-Since": "Thu, 19 Nov 2026 00:00:00 GMT" }, "body": { "Site": "x" } }]);
    assert_eq!(composite(&mut org, false, &entries)[0]["httpStatusCode"], 412);
}

#[test]
fn a_reference_to_nothing_fails_its_entry() {
    let mut org = org();
    let entries = json!([{ "method": "GET", "url": format!("{BASE}/sobjects/Account/@{{nobody.id}}"), "referenceId": "a" }]);
    let results = composite(&mut org, false, &entries);
    assert_eq!(results[0]["body"][0]["errorCode"], "PROCESSING_HALTED");
}

#[test]
fn composite_limits_are_kept() {
    let mut org = org();
    let entry = |n: usize, url: &str| json!({ "method": "GET", "url": format!("{BASE}{url}"), "referenceId": format!("r{n}") });
    let many: Vec<Value> = (0..26).map(|n| entry(n, "/limits")).collect();
    let refused = call(&mut org, "POST", "composite", json!({ "compositeRequest": many }));
    assert_eq!(refusal(&refused).0, 400);
    let queries: Vec<Value> = (0..6).map(|n| entry(n, "/query?q=SELECT Id FROM Account")).collect();
    let refused = call(&mut org, "POST", "composite", json!({ "compositeRequest": queries }));
    assert_eq!(refusal(&refused).1, "LIMIT_EXCEEDED");
    let illegal =
        json!([{ "method": "GET", "url": format!("{BASE}/limits"), "referenceId": "not-legal" }]);
    assert_eq!(
        call(&mut org, "POST", "composite", json!({ "compositeRequest": illegal })).status,
        400
    );
    let nested = json!([{ "method": "POST", "url": format!("{BASE}/composite"), "referenceId": "a", "body": {} }]);
    assert_eq!(composite(&mut org, false, &nested)[0]["httpStatusCode"], 400);
}

#[test]
fn a_batch_rolls_nothing_back_and_can_halt() {
    let mut org = org();
    let entries = json!([
        { "method": "POST", "url": "v68.0/sobjects/Account", "richInput": { "Name": "Acme" } },
        { "method": "POST", "url": "v68.0/sobjects/Account", "richInput": {} },
        { "method": "GET", "url": "v68.0/limits" },
    ]);
    let sent = json!({ "batchRequests": entries, "haltOnError": true });
    let answer = body(call(&mut org, "POST", "composite/batch", sent), 200);
    assert_eq!(answer["hasErrors"], true);
    assert_eq!(answer["results"][0]["statusCode"], 201);
    assert_eq!(answer["results"][1]["statusCode"], 400);
    assert_eq!(answer["results"][2]["statusCode"], 412);
    assert_eq!(query(&mut org, "SELECT Id FROM Account").len(), 1);
}
