//! Query jobs: pages by locator, parallel pages, formats, and what Bulk refuses.

use std::io::Read as _;

use bytes::Bytes;
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use super::fixtures::{BASE, Desk};
use crate::router::answer;

#[test]
fn a_query_job_has_the_documented_shape() {
    let desk = Desk::new();
    let body = json!({ "operation": "query", "query": "SELECT Id, Name FROM Account", "contentType": "CSV" });
    let created = desk.call("POST", &format!("{BASE}/query"), body).json();
    let expected = json!({
        "id": created["id"], "operation": "query", "object": "Account",
        "createdById": created["createdById"], "createdDate": "2026-11-20T10:00:30.000+0000",
        "systemModstamp": "2026-11-20T10:00:30.000+0000", "state": "UploadComplete",
        "concurrencyMode": "Parallel", "contentType": "CSV", "apiVersion": 68.0,
        "lineEnding": "LF", "columnDelimiter": "COMMA",
    });
    assert_eq!(created, expected);
    let id = created["id"].as_str().expect("an id");
    let early = desk.get(&format!("{BASE}/query/{id}/results"));
    assert_eq!((early.status, early.refusal().1.as_str()), (400, "INVALIDJOBSTATE"));
    desk.pass(1_000);
    let done = desk.info("query", id);
    for (name, value) in [
        ("state", json!("JobComplete")),
        ("jobType", json!("V2Query")),
        ("numberRecordsProcessed", json!(0)),
        ("retries", json!(0)),
        ("isPkChunkingSupported", json!(true)),
    ] {
        assert_eq!(done[name], value, "{name}");
    }
}

#[test]
fn no_rows_are_a_header_line_alone() {
    let desk = Desk::new();
    let answer = desk.extract("SELECT Id, Owner.Name FROM Account");
    assert_eq!(answer.text, "\"Id\",\"Owner.Name\"\n");
    assert_eq!(answer.header("sforce-numberofrecords"), "0");
    assert_eq!(answer.header("sforce-locator"), "null");
    assert_eq!(answer.header("content-type"), "text/csv;charset=UTF-8");
}

#[test]
fn values_have_their_csv_form() {
    let desk = Desk::new();
    let row = json!({ "Name": "A \"B\", C", "AnnualRevenue": 12.5, "NumberOfEmployees": 3 });
    let account = desk.row("Account", row);
    desk.row(
        "Contact",
        json!({ "LastName": "Doe", "AccountId": account, "Birthdate": "1980-02-03" }),
    );
    let soql = "SELECT Account.Name, Account.AnnualRevenue, Account.NumberOfEmployees, Birthdate, CreatedDate, IsEmailBounced, \
                Phone FROM Contact";
    let expected = "\"Account.Name\",\"Account.AnnualRevenue\",\"Account.NumberOfEmployees\",\"Birthdate\",\
                    \"CreatedDate\",\"IsEmailBounced\",\"Phone\"\n\
                    \"A \"\"B\"\", C\",\"12.0\",\"3\",\"1980-02-03\",\"2026-11-20T10:00:30.000Z\",\"false\",\"\"\n";
    assert_eq!(desk.extract(soql).text, expected);
}

#[test]
fn pages_follow_their_locators_and_can_be_read_again() {
    let desk = Desk::new();
    for number in 0..25 {
        desk.row("Account", json!({ "Name": format!("Row {number:02}") }));
    }
    let id = desk.create(
        "query",
        json!({ "operation": "query", "query": "SELECT Name FROM Account ORDER BY Name" }),
    );
    desk.pass(1_000);
    let base = format!("{BASE}/query/{id}/results");
    let first = desk.get(&format!("{base}?maxRecords=10"));
    assert_eq!(
        (first.header("sforce-numberofrecords"), first.header("sforce-locator")),
        ("10", "MTA")
    );
    let second = desk.get(&format!("{base}?locator=MTA&maxRecords=10"));
    let last =
        desk.get(&format!("{base}?maxRecords=10&locator={}", second.header("sforce-locator")));
    assert_eq!(
        (last.header("sforce-numberofrecords"), last.header("sforce-locator")),
        ("5", "null")
    );
    assert_eq!(desk.get(&format!("{base}?locator=MTA&maxRecords=10")).text, second.text);
    let rows: Vec<String> = [&first, &second, &last]
        .iter()
        .flat_map(|page| page.text.lines().skip(1).map(str::to_owned))
        .collect();
    let expected: Vec<String> = (0..25).map(|number| format!("\"Row {number:02}\"")).collect();
    assert_eq!(rows, expected);
    assert_eq!(desk.get(&format!("{base}?locator=OTk")).refusal().1, "INVALID_QUERY_LOCATOR");
    assert_eq!(desk.get(&format!("{base}?maxRecords=none")).status, 400);
}

#[test]
fn result_pages_cover_the_result_five_at_a_time() {
    let desk = Desk::new();
    desk.settings(json!({ "result_page_rows": 4 }));
    for number in 0..25 {
        desk.row("Account", json!({ "Name": format!("Row {number:02}") }));
    }
    let id =
        desk.create("query", json!({ "operation": "query", "query": "SELECT Name FROM Account" }));
    desk.pass(1_000);
    let mut next = Some(format!("{BASE}/query/{id}/resultPages"));
    let (mut rows, mut counts) = (Vec::new(), Vec::new());
    while let Some(path) = next {
        let answer = desk.get(&path).json();
        let pages = answer["resultPages"].as_array().expect("pages").clone();
        counts.push(pages.len());
        for page in pages {
            let page = desk.get(page["resultUrl"].as_str().expect("a url"));
            rows.extend(page.text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>());
        }
        assert_eq!(answer["done"], json!(answer["nextRecordsUrl"].is_null()));
        next = answer["nextRecordsUrl"].as_str().map(str::to_owned);
    }
    rows.sort();
    assert_eq!((counts, rows.len(), rows[24].as_str()), (vec![5, 2], 25, "\"Row 24\""));
    assert_eq!(desk.get(&format!("/services/data/v57.0/jobs/query/{id}/resultPages")).status, 404);
}

#[test]
fn a_result_stays_as_it_was_when_the_job_ran() {
    let desk = Desk::new();
    let account = desk.row("Account", json!({ "Name": "Before" }));
    let id =
        desk.create("query", json!({ "operation": "query", "query": "SELECT Name FROM Account" }));
    desk.pass(1_000);
    let path = format!("{BASE}/query/{id}/results");
    assert_eq!(desk.get(&path).status, 200);
    let change = desk.call(
        "PATCH",
        &format!("/services/data/v68.0/sobjects/Account/{account}"),
        json!({ "Name": "After" }),
    );
    assert_eq!(change.status, 204);
    assert_eq!(desk.get(&path).text, "\"Name\"\n\"Before\"\n");
}

#[test]
fn results_are_compressed_for_whoever_asks() {
    let desk = Desk::new();
    for number in 0..300 {
        desk.row("Account", json!({ "Name": format!("Row {number:03}") }));
    }
    let id =
        desk.create("query", json!({ "operation": "query", "query": "SELECT Name FROM Account" }));
    desk.pass(1_000);
    let path = format!("{BASE}/query/{id}/results");
    let plain = desk.get(&path).text;
    let request = http::Request::get(&path)
        .header("authorization", format!("Bearer {}", desk.token))
        .header("accept-encoding", "gzip")
        .body(Bytes::new())
        .expect("a request");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let packed = runtime.block_on(answer(&desk.org, request)).expect("an answer");
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let mut text = String::new();
    GzDecoder::new(&packed.body()[..]).read_to_string(&mut text).expect("gzip");
    assert_eq!(text, plain);
}

#[test]
fn what_bulk_cannot_do_is_refused_at_creation() {
    let desk = Desk::new();
    for (soql, code) in [
        ("SELECT Id FROM Acount", "INVALIDENTITY"),
        ("SELECT Nmae FROM Account", "INVALID_FIELD"),
        ("SELECT FROM Account", "MALFORMED_QUERY"),
        ("SELECT COUNT() FROM Account", "FUNCTIONALITYNOTENABLED"),
        ("SELECT Name, COUNT(Id) FROM Account GROUP BY Name", "FUNCTIONALITYNOTENABLED"),
        ("SELECT BillingAddress FROM Account", "FUNCTIONALITYNOTENABLED"),
        ("SELECT Id FROM Account LIMIT 5 OFFSET 2", "FUNCTIONALITYNOTENABLED"),
    ] {
        let answer = desk.call(
            "POST",
            &format!("{BASE}/query"),
            json!({ "operation": "query", "query": soql }),
        );
        assert_eq!((answer.status, answer.refusal().1.as_str()), (400, code), "{soql}");
    }
    let compound = json!({ "operation": "query", "query": "SELECT BillingAddress FROM Account" });
    let answer = desk.call("POST", &format!("{BASE}/query"), compound).refusal();
    assert_eq!(answer.2, "Selecting compound data not supported in Bulk Query");
    let operation =
        desk.call("POST", &format!("{BASE}/query"), json!({ "operation": "insert", "query": "x" }));
    assert_eq!(operation.refusal().1, "INVALIDJOB");
    assert_eq!(desk.get(&format!("{BASE}/query")).json()["records"], Value::Array(Vec::new()));
}
