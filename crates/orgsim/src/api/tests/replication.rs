//! getUpdated and getDeleted.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::api::tests::fixtures::{body, call, create, org, pass, refusal};
use crate::org::Org;

fn updated(org: &mut Org, start: &str, end: &str) -> Value {
    let path = format!("sobjects/Account/updated?start={start}&end={end}");
    body(call(org, "GET", &path, Value::Null), 200)
}

#[test]
fn seconds_of_the_window_are_ignored() {
    let mut org = org();
    let id = create(&mut org, "Account", json!({ "Name": "Acme" }));
    pass(&mut org, SignedDuration::from_hours(1));
    let answer = updated(&mut org, "2026-11-20T10:00:59Z", "2026-11-20T10:02:01+00:00");
    assert_eq!(answer, json!({ "ids": [id], "latestDateCovered": "2026-11-20T10:02:00.000+0000" }));
    let before = updated(&mut org, "2026-11-20T09:00:00Z", "2026-11-20T10:00:59Z");
    assert_eq!(before["ids"], json!([]));
}

#[test]
fn an_open_transaction_holds_the_covered_date_back() {
    let mut org = org();
    pass(&mut org, SignedDuration::from_hours(2));
    org.faults.open_transaction_since = Some("2026-11-20T11:30:20Z".parse().unwrap());
    let answer = updated(&mut org, "2026-11-20T11:00:00Z", "2026-11-20T12:00:00Z");
    assert_eq!(answer["latestDateCovered"], "2026-11-20T11:30:00.000+0000");
    org.faults.open_transaction_since = None;
    let answer = updated(&mut org, "2026-11-20T11:00:00Z", "2026-11-20T12:00:00Z");
    assert_eq!(answer["latestDateCovered"], "2026-11-20T12:00:00.000+0000");
}

#[test]
fn the_future_is_never_covered() {
    let mut org = org();
    let answer = updated(&mut org, "2026-11-20T09:00:00Z", "2026-11-20T23:00:00Z");
    assert_eq!(answer["latestDateCovered"], "2026-11-20T10:00:00.000+0000");
}

#[test]
fn deleted_rows_leave_updated_and_show_in_deleted_with_their_date() {
    let mut org = org();
    let id = create(&mut org, "Account", json!({ "Name": "Acme" }));
    let site = create(&mut org, "Site__c", json!({ "Account__c": id }));
    pass(&mut org, SignedDuration::from_mins(2));
    body(call(&mut org, "DELETE", &format!("sobjects/Account/{id}"), Value::Null), 204);
    pass(&mut org, SignedDuration::from_mins(10));
    let window = "start=2026-11-20T10:00:00Z&end=2026-11-20T10:10:00Z";
    assert_eq!(updated(&mut org, "2026-11-20T10:00:00Z", "2026-11-20T10:10:00Z")["ids"], json!([]));
    let answer = body(
        call(&mut org, "GET", &format!("sobjects/Account/deleted?{window}"), Value::Null),
        200,
    );
    assert_eq!(
        answer["deletedRecords"],
        json!([{ "id": id, "deletedDate": "2026-11-20T10:02:30.000+0000" }])
    );
    assert_eq!(answer["earliestDateAvailable"], "2026-11-05T10:12:00.000+0000");
    let cascaded = body(
        call(&mut org, "GET", &format!("sobjects/Site__c/deleted?{window}"), Value::Null),
        200,
    );
    assert_eq!(cascaded["deletedRecords"][0]["id"], json!(site));
}

#[test]
fn windows_that_are_empty_too_old_or_unreadable_are_refused() {
    let mut org = org();
    for (resource, start, end) in [
        ("updated", "2026-11-20T09:00:00Z", "2026-11-20T09:00:59Z"),
        ("updated", "2026-11-20T09:00:00Z", "2026-11-20T08:00:00Z"),
        ("updated", "2026-10-20T09:00:00Z", "2026-11-20T08:00:00Z"),
        ("deleted", "2026-11-04T09:00:00Z", "2026-11-20T08:00:00Z"),
        ("updated", "yesterday", "2026-11-20T08:00:00Z"),
    ] {
        let path = format!("sobjects/Account/{resource}?start={start}&end={end}");
        let refused = call(&mut org, "GET", &path, Value::Null);
        assert_eq!(
            (refusal(&refused).0, refusal(&refused).1.as_str()),
            (400, "INVALID_REPLICATION_DATE")
        );
    }
}
