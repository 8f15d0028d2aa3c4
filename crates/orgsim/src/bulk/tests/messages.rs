//! Jobs that fail as a whole, with the documented messages: a bad file is taken, and the job says later what is wrong.

use serde_json::{Value, json};

use super::fixtures::{BASE, Desk};

#[track_caller]
fn failed(desk: &Desk, object: &str, operation: &str, csv: &str) -> String {
    let done = desk.load(json!({ "object": object, "operation": operation }), csv);
    let counts = (&done["numberRecordsProcessed"], &done["numberRecordsFailed"]);
    assert_eq!((&done["state"], counts), (&json!("Failed"), (&json!(0), &json!(0))), "{done}");
    done["errorMessage"].as_str().expect("a message").to_owned()
}

#[test]
fn garbage_is_uploaded_with_201_and_fails_with_no_row_counted() {
    let desk = Desk::new();
    for (csv, message) in [
        ("Nmae,Phnoe\nOne,1\n", "InvalidBatch : Field name not found : Nmae"),
        ("\u{feff}Name\nOne\n", "InvalidBatch : Field name not found : \u{feff}Name"),
        ("Name;Phone\nOne;1\n", "InvalidBatch : Field name not found : Name;Phone"),
        ("Account.ERP_Key__c\nx\n", "InvalidBatch : Unable to find relationship: Account"),
        (
            "Name\r\nOne\r\n",
            "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF",
        ),
        (
            "Name\n\"One\r\nTwo\"\n",
            "ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF",
        ),
    ] {
        assert_eq!(failed(&desk, "Account", "insert", csv), message);
    }
    assert_eq!(
        failed(&desk, "Account", "update", "Name\nOne\n"),
        "InvalidBatch : Field name not found : Id"
    );
    assert_eq!(
        failed(&desk, "Account", "delete", "Id,Name\n001,One\n"),
        "InvalidBatch : Field name not found : Name"
    );
    assert_eq!(desk.rows("SELECT Id FROM Account"), Vec::<Value>::new());
}

#[test]
fn a_failed_header_leaves_lists_with_every_row_unprocessed() {
    let desk = Desk::new();
    let done = desk.load(json!({ "object": "Account", "operation": "insert" }), "Nope\nOne\n");
    assert_eq!(desk.lines(&done, "successfulResults"), ["\"sf__Id\",\"sf__Created\",Nope"]);
    assert_eq!(desk.lines(&done, "unprocessedrecords"), ["Nope", "\"One\""]);
}

#[test]
fn a_job_can_fail_with_rows_already_done() {
    let desk = Desk::new();
    desk.settings(json!({ "failing": [{ "after_rows": 250, "message": "InternalServerError : Retried 20 times" }] }));
    let rows: String = (0..600).map(|number| format!("Row {number}\n")).collect();
    let done =
        desk.load(json!({ "object": "Account", "operation": "insert" }), &format!("Name\n{rows}"));
    assert_eq!((&done["state"], &done["numberRecordsProcessed"]), (&json!("Failed"), &json!(250)));
    assert_eq!(done["errorMessage"], "InternalServerError : Retried 20 times");
    assert_eq!(desk.rows("SELECT Id FROM Account").len(), 250);
    assert_eq!(desk.lines(&done, "successfulResults").len(), 251);
    assert_eq!(desk.lines(&done, "unprocessedRecords").len(), 351);
    let next = desk.load(json!({ "object": "Account", "operation": "insert" }), "Name\nLater\n");
    assert_eq!(next["state"], "JobComplete");
}

#[test]
fn a_broken_line_stops_the_job_behind_the_rows_before_it() {
    let desk = Desk::new();
    let done = desk.load(
        json!({ "object": "Account", "operation": "insert" }),
        "Name,Phone\nOne,1\nTwo, \"2\"\n",
    );
    assert_eq!((&done["state"], &done["numberRecordsProcessed"]), (&json!("Failed"), &json!(1)));
    assert_eq!(desk.rows("SELECT Id FROM Account").len(), 1);
    assert_eq!(desk.lines(&done, "unprocessedRecords"), ["Name,Phone", "Two, \"2\""]);
}

#[test]
fn a_locked_row_fails_under_job_complete() {
    let desk = Desk::new();
    let fault = json!({ "kind": "row_lock", "object": "Account", "times": 1 });
    assert_eq!(desk.call("POST", "/__orgsim/faults", fault).status, 200);
    let done = desk.load(json!({ "object": "Account", "operation": "insert" }), "Name\nOne\nTwo\n");
    assert_eq!((&done["state"], &done["numberRecordsFailed"]), (&json!("JobComplete"), &json!(1)));
    let failed = desk.lines(&done, "failedResults");
    assert!(
        failed[1].starts_with("\"\",\"UNABLE_TO_LOCK_ROW:unable to obtain exclusive access"),
        "{failed:?}"
    );
    assert!(failed[1].ends_with(":--\",\"One\""), "{failed:?}");
}

#[test]
fn creations_that_make_no_sense_are_refused() {
    let desk = Desk::new();
    for (body, message) in [
        (
            json!({ "object": "Acount", "operation": "insert" }),
            "InvalidJob : Unable to find object: Acount",
        ),
        (
            json!({ "object": "Contact", "operation": "upsert" }),
            "InvalidJob : External ID was blank for Contact. An External ID must be specified for upsert.",
        ),
        (
            json!({ "object": "Account", "operation": "upsert", "externalIdFieldName": "Name" }),
            "InvalidJob : Field name provided, Name does not match an External ID, Salesforce Id, or indexed field for Account",
        ),
        (
            json!({ "object": "Account", "operation": "merge" }),
            "InvalidJob : Unsupported operation: merge",
        ),
        (
            json!({ "object": "Account", "operation": "insert", "columnDelimiter": "SPACE" }),
            "InvalidJob : Unsupported columnDelimiter: SPACE",
        ),
    ] {
        let answer = desk.call("POST", &format!("{BASE}/ingest"), body);
        assert_eq!(answer.refusal(), (400, "INVALIDJOB".to_owned(), message.to_owned()));
    }
    let broken = desk.send("POST", &format!("{BASE}/ingest"), "application/json", b"{");
    assert_eq!((broken.status, broken.refusal().1.as_str()), (400, "JSON_PARSER_ERROR"));
}
