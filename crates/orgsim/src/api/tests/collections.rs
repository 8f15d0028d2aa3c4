//! sObject Collections.

use proptest::collection::vec;
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use serde_json::{Value, json};

use crate::api::tests::fixtures::{body, call, create, org, query, refusal};
use crate::org::Org;

fn account(name: &str) -> Value {
    json!({ "attributes": { "type": "Account" }, "Name": name })
}

fn send(org: &mut Org, method: &str, path: &str, records: &[Value], all_or_none: bool) -> Value {
    let sent = json!({ "allOrNone": all_or_none, "records": records });
    body(call(org, method, path, sent), 200)
}

#[test]
fn rows_stand_alone_and_results_keep_their_order() {
    let mut org = org();
    let records = [account("A"), account(""), account("C")];
    let results = send(&mut org, "POST", "composite/sobjects", &records, false);
    assert_eq!(results[0]["success"], true);
    let failed = json!({
        "success": false,
        "errors": [{ "statusCode": "REQUIRED_FIELD_MISSING", "message": "Required fields are missing: [Name]", "fields": ["Name"] }],
    });
    assert_eq!(results[1], failed);
    assert!(results[2]["id"].is_string());
    assert_eq!(org.counters.rows_written["Account"].inserted, 2);
}

#[test]
fn all_or_none_rolls_back_rows_and_counters() {
    let mut org = org();
    let results = send(&mut org, "POST", "composite/sobjects", &[account("A"), account("")], true);
    assert_eq!(results[0]["errors"][0]["statusCode"], "ALL_OR_NONE_OPERATION_ROLLED_BACK");
    assert_eq!(
        results[0]["errors"][0]["message"],
        "Record rolled back because not all records were valid and the request was using AllOrNone header"
    );
    assert!(results[0].get("id").is_none());
    assert_eq!(results[1]["errors"][0]["statusCode"], "REQUIRED_FIELD_MISSING");
    assert!(query(&mut org, "SELECT Id FROM Account").is_empty());
    assert!(org.counters.rows_written.is_empty());
}

#[test]
fn a_rolled_back_update_keeps_its_id_and_its_old_values() {
    let mut org = org();
    let id = create(&mut org, "Account", json!({ "Name": "Old" }));
    let update = json!({ "attributes": { "type": "Account" }, "id": id, "Name": "New" });
    let wrong =
        json!({ "attributes": { "type": "Account" }, "id": "0015A00000zzzzz", "Name": "New" });
    let results = send(&mut org, "PATCH", "composite/sobjects", &[update, wrong], true);
    assert_eq!((&results[0]["id"], &results[0]["success"]), (&json!(id), &json!(false)));
    assert_eq!(results[1]["errors"][0]["statusCode"], "INVALID_CROSS_REFERENCE_KEY");
    assert_eq!(query(&mut org, "SELECT Name FROM Account")[0]["Name"], "Old");
}

#[test]
fn the_second_update_of_the_same_row_is_refused() {
    let mut org = org();
    let id = create(&mut org, "Account", json!({ "Name": "Old" }));
    let update = json!({ "attributes": { "type": "Account" }, "Id": id, "Name": "New" });
    let results = send(&mut org, "PATCH", "composite/sobjects", &[update.clone(), update], false);
    assert_eq!(results[0], json!({ "id": id, "success": true, "errors": [] }));
    assert_eq!(results[1]["errors"][0]["statusCode"], "DUPLICATE_VALUE");
}

#[test]
fn malformed_and_foreign_ids_are_named_by_label() {
    let mut org = org();
    let user = org.user.id.clone();
    for id in ["nope", user.as_str()] {
        let update = json!({ "attributes": { "type": "Account" }, "id": id, "Name": "New" });
        let results = send(&mut org, "PATCH", "composite/sobjects", &[update], false);
        assert_eq!(results[0]["errors"][0]["statusCode"], "MALFORMED_ID");
        assert_eq!(
            results[0]["errors"][0]["message"],
            format!("Account ID: id value of incorrect type: {id}")
        );
        assert_eq!(results[0]["errors"][0]["fields"], json!(["Id"]));
    }
}

#[test]
fn upserts_say_what_they_created() {
    let mut org = org();
    let row =
        |key: &str| json!({ "attributes": { "type": "Account" }, "Name": "N", "ERP_Key__c": key });
    let path = "composite/sobjects/Account/ERP_Key__c";
    let first = send(&mut org, "PATCH", path, &[row("A"), row("B")], false);
    assert_eq!((&first[0]["created"], &first[1]["created"]), (&json!(true), &json!(true)));
    let again = send(&mut org, "PATCH", path, &[row("B"), row("C"), row("c")], false);
    assert_eq!((&again[0]["created"], &again[0]["id"]), (&json!(false), &first[1]["id"]));
    assert_eq!(again[1]["created"], true);
    assert_eq!(again[2]["errors"][0]["statusCode"], "DUPLICATE_VALUE");
    assert_eq!(org.counters.automations_fired["Account"], 4);
}

#[test]
fn an_upsert_by_a_key_of_several_rows_fails_by_row() {
    let mut org = org();
    for name in ["One", "Two"] {
        create(&mut org, "Account", json!({ "Name": name, "Legacy_Code__c": "L" }));
    }
    let row = json!({ "attributes": { "type": "Account" }, "Name": "N", "Legacy_Code__c": "L" });
    let results =
        send(&mut org, "PATCH", "composite/sobjects/Account/Legacy_Code__c", &[row], false);
    assert_eq!(results[0]["errors"][0]["statusCode"], "DUPLICATE_EXTERNAL_ID");
    let none = json!({ "attributes": { "type": "Account" }, "Name": "N" });
    let results =
        send(&mut org, "PATCH", "composite/sobjects/Account/Legacy_Code__c", &[none], false);
    assert_eq!(results[0]["errors"][0]["statusCode"], "MISSING_ARGUMENT");
}

#[test]
fn an_upsert_by_id_inserts_where_the_id_is_null() {
    let mut org = org();
    let id = create(&mut org, "Account", json!({ "Name": "Old" }));
    let rows = [
        json!({ "attributes": { "type": "Account" }, "Id": null, "Name": "New" }),
        json!({ "attributes": { "type": "Account" }, "Id": id, "Name": "Changed" }),
    ];
    let results = send(&mut org, "PATCH", "composite/sobjects/Account/Id", &rows, false);
    assert_eq!((&results[0]["created"], &results[1]["created"]), (&json!(true), &json!(false)));
    assert_eq!(query(&mut org, "SELECT Id FROM Account").len(), 2);
}

#[test]
fn too_many_rows_and_too_many_changes_of_type_are_refused() {
    let mut org = org();
    let records = vec![account("A"); 201];
    let refused = call(&mut org, "POST", "composite/sobjects", json!({ "records": records }));
    let message = "record limit reached. cannot submit more than 200 records into this call";
    assert_eq!(refusal(&refused), (400, "EXCEEDED_ID_LIMIT".to_owned(), message.to_owned()));
    let contact = json!({ "attributes": { "type": "Contact" }, "LastName": "L" });
    let mixed: Vec<Value> =
        (0..11).map(|n| if n % 2 == 0 { account("A") } else { contact.clone() }).collect();
    let refused = call(&mut org, "POST", "composite/sobjects", json!({ "records": mixed }));
    assert_eq!(refusal(&refused).1, "LIMIT_EXCEEDED");
    let results = send(&mut org, "POST", "composite/sobjects", &mixed[..10], false);
    assert_eq!(results.as_array().unwrap().len(), 10);
}

#[test]
fn a_wrong_json_type_ends_the_whole_call() {
    let mut org = org();
    let wrong = json!({ "attributes": { "type": "Account" }, "Name": { "a": 1 } });
    let sent = json!({ "records": [account("A"), wrong] });
    let refused = call(&mut org, "POST", "composite/sobjects", sent);
    assert_eq!(refusal(&refused).1, "JSON_PARSER_ERROR");
    assert!(query(&mut org, "SELECT Id FROM Account").is_empty());
}

#[test]
fn rows_are_deleted_by_their_ids() {
    let mut org = org();
    let one = create(&mut org, "Account", json!({ "Name": "One" }));
    let two = create(&mut org, "Contact", json!({ "LastName": "Two" }));
    let path = format!("composite/sobjects?ids={one},{two},{one}&allOrNone=false");
    let results = body(call(&mut org, "DELETE", &path, Value::Null), 200);
    assert_eq!(results[0], json!({ "id": one, "success": true, "errors": [] }));
    assert_eq!(results[1]["success"], true);
    assert_eq!(results[2]["errors"][0]["statusCode"], "ENTITY_IS_DELETED");
    assert_eq!(results[2]["id"], json!(one));
}

#[test]
fn a_retrieve_has_null_in_the_place_of_missing_rows() {
    let mut org = org();
    let one = create(&mut org, "Account", json!({ "Name": "One" }));
    let asked = json!({ "ids": [one, "0015A00000zzzzz"], "fields": ["Name"] });
    let rows = body(call(&mut org, "POST", "composite/sobjects/Account", asked), 200);
    assert_eq!((&rows[0]["Name"], &rows[1]), (&json!("One"), &Value::Null));
    let path = format!("composite/sobjects/Account?ids={one}&fields=Id,Name");
    assert_eq!(body(call(&mut org, "GET", &path, Value::Null), 200)[0]["Id"], json!(one));
    let wrong = json!({ "ids": [one], "fields": ["Nope"] });
    assert_eq!(
        refusal(&call(&mut org, "POST", "composite/sobjects/Account", wrong)).1,
        "INVALID_FIELD"
    );
}

/// Rows of one call; numbers pick keys, names and whether the row is wrong.
fn rows(picks: &[(u8, u8)]) -> Vec<Value> {
    let row = |(key, name): &(u8, u8)| {
        let name = if *name == 0 { String::new() } else { format!("N{name}") };
        json!({ "attributes": { "type": "Account" }, "Name": name, "ERP_Key__c": format!("K{key}") })
    };
    picks.iter().map(row).collect()
}

proptest! {
    #[test]
    fn a_rolled_back_call_leaves_rows_and_indexes_as_they_were(
        before in vec((0_u8..12, 1_u8..5), 0..12),
        after in vec((0_u8..12, 0_u8..5), 1..12),
    ) {
        let mut org = org();
        let path = "composite/sobjects/Account/ERP_Key__c";
        send(&mut org, "PATCH", path, &rows(&before), false);
        let (tables, counters) = (org.tables.clone(), org.counters.clone());
        let results = send(&mut org, "PATCH", path, &rows(&after), true);
        let failed = results.as_array().unwrap().iter().any(|row| row["success"] == false);
        if failed {
            prop_assert!(org.tables["Account"].holds_the_same_as(&tables["Account"]));
            prop_assert_eq!(org.counters, counters);
        } else {
            prop_assert_eq!(org.tables["Account"].len(), query(&mut org, "SELECT Id FROM Account").len());
        }
    }
}
