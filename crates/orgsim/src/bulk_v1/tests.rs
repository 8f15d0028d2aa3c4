//! Jobs of version 1 through the router, as the clients that still use it send them.

use crate::bulk::tests::fixtures::{Answer, Desk};
use serde_json::json;

use crate::xml::Element;

mod records;

const BASE: &str = "/services/async/40.0/job";

fn job_info(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><jobInfo xmlns=\"http://www.force.com/2009/06/asyncapi/dataload\">{inside}</jobInfo>"
    )
}

#[track_caller]
fn read(answer: &Answer, status: u16) -> Element {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/xml");
    Element::parse(&answer.text).expect("a document")
}

#[track_caller]
fn create(desk: &Desk, inside: &str) -> String {
    let answer =
        desk.send("POST", BASE, "application/xml; charset=utf-8", job_info(inside).as_bytes());
    read(&answer, 201).text_of("id").expect("an id").to_owned()
}

#[track_caller]
fn add(desk: &Desk, job: &str, text: &str) -> String {
    let answer = desk.send("POST", &format!("{BASE}/{job}/batch"), "text/csv", text.as_bytes());
    let batch = read(&answer, 201);
    assert_eq!(batch.text_of("jobId"), Some(job));
    batch.text_of("id").expect("an id").to_owned()
}

fn get(desk: &Desk, path: &str) -> Answer {
    desk.send("GET", path, "application/xml", b"")
}

#[test]
fn a_query_goes_from_job_to_batch_to_result_list_to_csv() {
    let desk = Desk::new();
    desk.row("Account", json!({ "Name": "One", "ERP_Key__c": "K-1" }));
    let job = create(
        &desk,
        "<operation>query</operation><object>Account</object><contentType>CSV</contentType>",
    );
    let batch = add(&desk, &job, "SELECT Name, ERP_Key__c FROM Account");
    let closed = desk.send(
        "POST",
        &format!("{BASE}/{job}"),
        "application/xml",
        job_info("<state>Closed</state>").as_bytes(),
    );
    assert_eq!(read(&closed, 200).text_of("state"), Some("Closed"));
    let path = format!("{BASE}/{job}/batch/{batch}");
    assert_eq!(read(&get(&desk, &path), 200).text_of("state"), Some("Queued"));
    assert_eq!(get(&desk, &format!("{path}/result")).status, 400);
    desk.pass(1_000);
    let info = read(&get(&desk, &path), 200);
    assert_eq!(
        (info.text_of("state"), info.text_of("numberRecordsProcessed")),
        (Some("Completed"), Some("1"))
    );
    let list = read(&get(&desk, &format!("{path}/result")), 200);
    assert_eq!(list.name, "result-list");
    let result = list.text_of("result").expect("an id");
    assert!(result.starts_with("752"));
    let rows = get(&desk, &format!("{path}/result/{result}"));
    assert_eq!(rows.text, "\"Name\",\"ERP_Key__c\"\n\"One\",\"K-1\"\n");
    let all = read(&get(&desk, &format!("{BASE}/{job}/batch")), 200);
    assert_eq!(all.all("batchInfo").count(), 1);
    assert_eq!(
        read(&get(&desk, &format!("{BASE}/{job}")), 200).text_of("numberBatchesCompleted"),
        Some("1")
    );
    assert_eq!(get(&desk, &format!("{path}/request")).text, "SELECT Name, ERP_Key__c FROM Account");
}

#[test]
fn a_query_without_rows_says_so_in_words() {
    let desk = Desk::new();
    let job = create(
        &desk,
        "<operation>queryAll</operation><object>Account</object><contentType>CSV</contentType>",
    );
    let batch = add(&desk, &job, "SELECT Id FROM Account");
    desk.pass(1_000);
    let path = format!("{BASE}/{job}/batch/{batch}/result");
    let list = read(&get(&desk, &path), 200);
    let rows = get(&desk, &format!("{path}/{}", list.text_of("result").expect("an id")));
    assert_eq!(rows.text, "Records not found for this query");
}

#[test]
fn batches_answer_row_by_row_in_their_order() {
    let desk = Desk::new();
    desk.row("Account", json!({ "Name": "Old", "ERP_Key__c": "K-1" }));
    let job = create(
        &desk,
        "<operation>upsert</operation><object>Account</object><externalIdFieldName>ERP_Key__c</externalIdFieldName>\
         <concurrencyMode>Serial</concurrencyMode><contentType>CSV</contentType>",
    );
    let batch = add(&desk, &job, "ERP_Key__c,Name\r\nK-2,Two\r\nK-3,#N/A\r\nK-1,One\r\n");
    desk.pass(1_000);
    let results = get(&desk, &format!("{BASE}/{job}/batch/{batch}/result"));
    assert!(results.header("content-type").starts_with("text/csv"));
    let lines: Vec<&str> = results.text.lines().collect();
    assert_eq!(lines[0], "\"Id\",\"Success\",\"Created\",\"Error\"");
    assert!(
        lines[1].starts_with("\"001") && lines[1].ends_with(",\"true\",\"true\",\"\""),
        "{lines:?}"
    );
    let refused = "\"\",\"false\",\"false\",\"REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --\"";
    assert_eq!(lines[2], refused);
    assert!(lines[3].ends_with(",\"true\",\"false\",\"\""), "{lines:?}");
    let info = read(&get(&desk, &format!("{BASE}/{job}")), 200);
    assert_eq!(
        (info.text_of("numberRecordsFailed"), info.text_of("concurrencyMode")),
        (Some("1"), Some("Serial"))
    );
}

#[test]
fn a_bad_batch_fails_with_its_message_and_the_job_goes_on() {
    let desk = Desk::new();
    let job = create(
        &desk,
        "<operation>insert</operation><object>Account</object><contentType>CSV</contentType>",
    );
    let bad = add(&desk, &job, "Nmae\nOne\n");
    let good = add(&desk, &job, "Name\nOne\n");
    desk.pass(1_000);
    let info = read(&get(&desk, &format!("{BASE}/{job}/batch/{bad}")), 200);
    assert_eq!(info.text_of("stateMessage"), Some("InvalidBatch : Field name not found : Nmae"));
    let refused = read(&get(&desk, &format!("{BASE}/{job}/batch/{bad}/result")), 400);
    assert_eq!(refused.text_of("exceptionMessage"), Some("Records not processed"));
    assert_eq!(get(&desk, &format!("{BASE}/{job}/batch/{good}/result")).status, 200);
    let query = create(
        &desk,
        "<operation>query</operation><object>Account</object><contentType>CSV</contentType>",
    );
    let failed = add(&desk, &query, "SELECT BillingAddress FROM Account");
    let info = read(&get(&desk, &format!("{BASE}/{query}/batch/{failed}")), 200);
    let message = info.text_of("stateMessage").expect("a message");
    assert!(message.starts_with("InvalidBatch : Failed to process query: "), "{message}");
    assert!(message.ends_with("Selecting compound data not supported in Bulk Query"), "{message}");
}

#[test]
fn errors_have_their_own_form_in_xml_and_json() {
    let desk = Desk::new();
    let dead = Desk { token: "00D!dead".to_owned(), org: std::sync::Arc::clone(&desk.org) };
    let error = read(&get(&dead, &format!("{BASE}/750000000000000AAA")), 400);
    let parts =
        (error.name.as_str(), error.text_of("exceptionCode"), error.text_of("exceptionMessage"));
    assert_eq!(parts, ("error", Some("InvalidSessionId"), Some("Invalid session id")));
    let json = desk.call(
        "POST",
        BASE,
        json!({ "operation": "upsert", "object": "Contact", "contentType": "CSV" }),
    );
    let expected = json!({
        "exceptionCode": "InvalidJob",
        "exceptionMessage": "External ID was blank for Contact. An External ID must be specified for upsert.",
    });
    assert_eq!((json.status, json.json()), (400, expected));
    let job = desk.call(
        "POST",
        BASE,
        json!({ "operation": "insert", "object": "Contact", "contentType": "CSV" }),
    );
    assert_eq!((job.status, &job.json()["apiVersion"]), (201, &json!(40.0)));
    let id = job.json()["id"].as_str().expect("an id").to_owned();
    let aborted = desk.call("POST", &format!("{BASE}/{id}"), json!({ "state": "Aborted" }));
    assert_eq!(aborted.json()["state"], "Aborted");
    let late = desk.send("POST", &format!("{BASE}/{id}/batch"), "text/csv", b"LastName\nDoe\n");
    assert_eq!(read(&late, 400).text_of("exceptionCode"), Some("InvalidJobState"));
    let records = desk.call(
        "POST",
        BASE,
        json!({ "operation": "insert", "object": "Contact", "contentType": "XML" }),
    );
    assert_eq!(records.json()["exceptionCode"], "FeatureNotEnabled");
    let classic = desk.get("/services/data/v68.0/jobs/ingest?jobType=Classic").json();
    assert_eq!(classic["records"][0]["id"], json!(id));
}
