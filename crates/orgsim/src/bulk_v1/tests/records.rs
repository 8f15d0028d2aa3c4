//! Jobs whose batches and results are JSON.

use serde_json::{Value, json};

use super::BASE;
use crate::bulk::tests::fixtures::{Answer, Desk};

#[track_caller]
fn create(desk: &Desk, operation: &str, key: Option<&str>) -> String {
    let body = json!({ "operation": operation, "object": "Account", "contentType": "JSON",
        "externalIdFieldName": key });
    let answer = desk.call("POST", BASE, body);
    let job = answer.json();
    assert_eq!((answer.status, &job["contentType"]), (201, &json!("JSON")), "{}", answer.text);
    job["id"].as_str().expect("an id").to_owned()
}

/// Adds a batch and gives its path.
#[track_caller]
fn add(desk: &Desk, job: &str, text: &str) -> String {
    let path = format!("{BASE}/{job}/batch");
    let answer = desk.send("POST", &path, "application/json", text.as_bytes());
    assert_eq!(answer.status, 201, "{}", answer.text);
    format!("{path}/{}", answer.json()["id"].as_str().expect("an id"))
}

fn get(desk: &Desk, path: &str) -> Answer {
    desk.send("GET", path, "application/json", b"")
}

/// What became of the records of a whole job.
#[track_caller]
fn load(desk: &Desk, (operation, key): (&str, Option<&str>), records: &Value) -> Value {
    let batch = add(desk, &create(desk, operation, key), &records.to_string());
    desk.pass(1_000);
    let results = get(desk, &format!("{batch}/result"));
    assert!(results.header("content-type").starts_with("application/json"), "{}", results.text);
    assert_eq!(get(desk, &format!("{batch}/request")).json(), *records);
    results.json()
}

/// The rows that a whole query job found.
#[track_caller]
fn extract(desk: &Desk, soql: &str) -> Value {
    let batch = add(desk, &create(desk, "query", None), soql);
    desk.pass(1_000);
    let results = get(desk, &format!("{batch}/result")).json();
    let rows = get(desk, &format!("{batch}/result/{}", results[0].as_str().expect("an id")));
    assert!(rows.header("content-type").starts_with("application/json"), "{}", rows.text);
    rows.json()
}

#[test]
fn records_are_inserted_and_each_answers_in_its_place() {
    let desk = Desk::new();
    let records = json!([
        { "attributes": { "type": "Account" }, "Name": "One", "ERP_Key__c": "K-1", "AnnualRevenue": 5 },
        { "Name": null },
        { "Name": "Three\nlines", "Parent": { "ERP_Key__c": "K-1" } },
    ]);
    let results = load(&desk, ("insert", None), &records);
    let id = results[0]["id"].as_str().expect("an id");
    assert_eq!(results[0], json!({ "success": true, "created": true, "id": id, "errors": [] }));
    let refused = json!({ "success": false, "created": false, "id": null, "errors": [{
        "statusCode": "REQUIRED_FIELD_MISSING", "message": "Required fields are missing: [Name]",
        "fields": ["Name"], "extendedErrorDetails": null,
    }] });
    assert_eq!(results[1], refused);
    let rows = desk.rows("SELECT Name, AnnualRevenue, ParentId FROM Account ORDER BY Name");
    assert_eq!((&rows[0]["AnnualRevenue"], &rows[1]["ParentId"]), (&json!(5.0), &json!(id)));
    assert_eq!((rows.len(), &rows[1]["Name"]), (2, &json!("Three\nlines")));
}

#[test]
fn null_clears_a_field_and_a_key_that_is_left_out_does_not() {
    let desk = Desk::new();
    let id = desk.row("Account", json!({ "Name": "One", "Phone": "1", "Fax": "2" }));
    let results = load(&desk, ("update", None), &json!([{ "Id": id, "Phone": null }, {}]));
    assert_eq!((&results[0]["success"], &results[0]["created"]), (&json!(true), &json!(false)));
    assert_eq!(results[1]["errors"][0]["statusCode"], "MISSING_ARGUMENT");
    let row = &desk.rows("SELECT Name, Phone, Fax FROM Account")[0];
    assert_eq!(
        (&row["Name"], &row["Phone"], &row["Fax"]),
        (&json!("One"), &Value::Null, &json!("2"))
    );
}

#[test]
fn upserts_and_deletes_go_by_their_keys() {
    let desk = Desk::new();
    let old = desk.row("Account", json!({ "Name": "Old", "ERP_Key__c": "K-1" }));
    let records =
        json!([{ "ERP_Key__c": "K-1", "Name": "New" }, { "ERP_Key__c": "K-2", "Name": "B" }]);
    let results = load(&desk, ("upsert", Some("ERP_Key__c")), &records);
    assert_eq!((&results[0]["id"], &results[0]["created"]), (&json!(old), &json!(false)));
    assert_eq!(results[1]["created"], true);
    let results = load(&desk, ("delete", None), &json!([{ "Id": old }]));
    assert_eq!(results[0]["success"], true);
    let rows = desk.rows("SELECT Name FROM Account");
    assert_eq!((rows.len(), &rows[0]["Name"]), (1, &json!("B")));
}

#[test]
fn more_records_than_one_chunk_are_all_written_once() {
    let desk = Desk::new();
    let records: Vec<Value> =
        (0..450).map(|number| json!({ "Name": number.to_string() })).collect();
    let results = load(&desk, ("insert", None), &Value::Array(records));
    let all = results.as_array().expect("a list");
    assert!(all.len() == 450 && all.iter().all(|result| result["success"] == true));
    assert_eq!(desk.rows("SELECT Id FROM Account").len(), 450);
}

#[test]
fn a_query_gives_records_with_parents_inside_and_datetimes_in_milliseconds() {
    let desk = Desk::new();
    let parent = desk.row("Account", json!({ "Name": "Parent", "ERP_Key__c": "K-1" }));
    let child =
        desk.row("Account", json!({ "Name": "A \"child\"\n of two lines", "ParentId": parent }));
    let stored = &desk.rows("SELECT CreatedDate FROM Account WHERE ParentId != NULL")[0];
    let stamp = stored["CreatedDate"].as_str().expect("a stamp").replace("+0000", "Z");
    let moment: jiff::Timestamp = stamp.parse().expect("a moment");
    let soql = "SELECT Name, createddate, Phone, Parent.Name FROM Account WHERE ParentId != NULL";
    let url = |id: &str| format!("/services/data/v40.0/sobjects/Account/{id}");
    let expected = json!([{
        "attributes": { "type": "Account", "url": url(&child) },
        "Name": "A \"child\"\n of two lines", "CreatedDate": moment.as_millisecond(), "Phone": null,
        "Parent": { "attributes": { "type": "Account", "url": url(&parent) }, "Name": "Parent" },
    }]);
    assert_eq!(extract(&desk, soql), expected);
    assert_eq!(extract(&desk, "SELECT Id FROM Account").as_array().map(Vec::len), Some(2));
    assert_eq!(extract(&desk, "SELECT Id FROM Account WHERE Name = 'none'"), json!([]));
}

#[test]
fn a_batch_that_is_no_list_of_records_of_the_object_fails() {
    let desk = Desk::new();
    for (operation, text, message) in [
        ("insert", "[{\"Nmae\":\"A\"}]", "InvalidBatch : Field name not found : Nmae"),
        (
            "delete",
            "[{\"Id\":\"001\",\"Name\":\"A\"}]",
            "InvalidBatch : Field name not found : Name",
        ),
        ("insert", "{\"Name\":\"A\"}", "InvalidBatch : Unable to parse JSON: "),
        ("insert", "Name\nA\n", "InvalidBatch : Unable to parse JSON: "),
    ] {
        let batch = add(&desk, &create(&desk, operation, None), text);
        desk.pass(1_000);
        let info = get(&desk, &batch).json();
        let told = info["stateMessage"].as_str().expect("a message");
        assert!(told.starts_with(message) && info["state"] == "Failed", "{told}");
        assert_eq!(get(&desk, &format!("{batch}/result")).status, 400);
    }
    let empty = load(&desk, ("insert", None), &json!([]));
    assert_eq!((empty, desk.rows("SELECT Id FROM Account").len()), (json!([]), 0));
}
