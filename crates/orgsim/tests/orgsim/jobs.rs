//! Bulk jobs in a state folder: a server that is killed goes on with them where they stood.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::process::Server;

const JOBS: &str = "/services/data/v68.0/jobs";
const JOBS_V1: &str = "/services/async/40.0/job";

/// Rows of an upload; every tenth has no name and is refused.
const ROWS: usize = 2_000;

/// A job takes this long by the clock of the org, which a test moves; sessions live longer.
const JOB_SECONDS: u64 = 3_600;

/// More looks at a job than any of them needs: each is one call.
const LOOKS: usize = 20_000;

/// An org whose jobs take their time.
async fn start_slow(folder: &std::path::Path) -> (Server, String) {
    let server = Server::start(folder);
    let settings =
        json!({ "queued_ms": 0, "in_progress_ms": JOB_SECONDS * 1_000, "result_page_rows": 2 });
    assert_eq!(server.send("POST", "/__orgsim/bulk", "", Some(&settings)).await.0, 200);
    let token = server.token();
    (server, token)
}

/// Kills the server and starts it again on what it left.
fn restart(server: Server, folder: &std::path::Path) -> Server {
    server.kill();
    Server::start(folder)
}

async fn advance(server: &Server, seconds: u64) {
    let body = json!({ "advance_seconds": seconds });
    assert_eq!(server.send("POST", "/__orgsim/clock", "", Some(&body)).await.0, 200);
}

async fn create(server: &Server, token: &str, kind: &str, body: Value) -> String {
    let (status, job) = server.send("POST", &format!("{JOBS}/{kind}"), token, Some(&body)).await;
    assert_eq!(status, 200, "{job}");
    job["id"].as_str().expect("an id").to_owned()
}

/// Looks at a job until it is as wanted.
async fn look(server: &Server, token: &str, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..LOOKS {
        let (status, job) = server.send("GET", path, token, None).await;
        assert_eq!(status, 200, "{job}");
        if wanted(&job) {
            return job;
        }
    }
    panic!("{path} never is as wanted");
}

async fn text(server: &Server, token: &str, path: &str) -> (reqwest::header::HeaderMap, String) {
    let answer = server.request("GET", path, token).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    (answer.headers().clone(), answer.text().await.expect("text"))
}

fn upload() -> String {
    let rows = (0..ROWS).map(|row| match row % 10 {
        0 => format!("J-{row},\n"),
        _ => format!("J-{row},Row {row}\n"),
    });
    format!("ERP_Key__c,Name\n{}", rows.collect::<String>())
}

/// The keys of the rows that came by the upload, as often as they are there.
async fn keys(server: &Server) -> Vec<String> {
    let path = "/__orgsim/rows?object=Account&fields=ERP_Key__c";
    let (_, rows) = server.send("GET", path, "", None).await;
    let rows = rows.as_array().expect("rows").clone();
    let keys = rows.iter().filter_map(|row| row["ERP_Key__c"].as_str().map(str::to_owned));
    keys.filter(|key| key.starts_with("J-")).collect()
}

async fn inserted(server: &Server) -> u64 {
    let (_, counters) = server.send("GET", "/__orgsim/counters", "", None).await;
    counters["rows_written"]["Account"]["inserted"].as_u64().unwrap_or_default()
}

#[tokio::test]
async fn a_killed_load_writes_each_row_once_and_keeps_its_lists() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, token) = start_slow(folder.path()).await;
    let body = json!({ "operation": "insert", "object": "Account" });
    let id = create(&server, &token, "ingest", body).await;
    let path = format!("{JOBS}/ingest/{id}");
    let put = server.request("PUT", &format!("{path}/batches"), &token);
    let put = put.header("content-type", "text/csv").body(upload()).send().await;
    assert_eq!(put.expect("an answer").status(), 201);

    // An open job keeps its upload.
    let server = restart(server, folder.path());
    let close = json!({ "state": "UploadComplete" });
    assert_eq!(server.send("PATCH", &path, &token, Some(&close)).await.0, 200);
    advance(&server, JOB_SECONDS / 3).await;
    let running = look(&server, &token, &path, |job| job["numberRecordsProcessed"] != 0).await;
    assert_eq!(running["state"], "InProgress");

    // A running one goes on behind its last row.
    let server = restart(server, folder.path());
    let again = look(&server, &token, &path, |_| true).await;
    assert_eq!(again["state"], "InProgress");
    let processed = |job: &Value| job["numberRecordsProcessed"].as_u64().expect("a number");
    assert!(processed(&again) >= processed(&running), "{running} {again}");
    assert!(processed(&again) < ROWS as u64, "{again}");
    advance(&server, JOB_SECONDS).await;
    let ended = look(&server, &token, &path, |job| job["state"] == "JobComplete").await;
    let failed = ROWS as u64 / 10;
    assert_eq!((processed(&ended), &ended["numberRecordsFailed"]), (ROWS as u64, &json!(failed)));
    let keys = keys(&server).await;
    assert_eq!(keys.len(), ROWS - ROWS / 10, "each row is written once");
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
    assert_eq!(inserted(&server).await, keys.len() as u64);

    // An ended one has its lists, and its files go with it.
    let mut lists = Vec::new();
    for list in ["successfulResults", "failedResults", "unprocessedRecords"] {
        lists.push(text(&server, &token, &format!("{path}/{list}")).await.1);
    }
    let lines: Vec<usize> = lists.iter().map(|list| list.lines().count()).collect();
    assert_eq!(lines, [keys.len() + 1, ROWS / 10 + 1, 1]);
    let server = restart(server, folder.path());
    assert_eq!(look(&server, &token, &path, |_| true).await, ended);
    for (list, before) in
        ["successfulResults", "failedResults", "unprocessedRecords"].iter().zip(&lists)
    {
        assert_eq!(text(&server, &token, &format!("{path}/{list}")).await.1, *before, "{list}");
    }
    let file = folder.path().join("sales").join(format!("upload-{id}"));
    assert!(file.exists());
    assert_eq!(server.send("DELETE", &path, &token, None).await.0, 204);
    assert!(!file.exists());
    let server = restart(server, folder.path());
    assert_eq!(server.send("GET", &path, &token, None).await.0, 404);
}

#[tokio::test]
async fn a_killed_server_hands_out_the_pages_of_a_query_by_the_old_locator() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, token) = start_slow(folder.path()).await;
    let body =
        json!({ "operation": "query", "query": "SELECT Id, Name FROM Account ORDER BY Name" });
    let id = create(&server, &token, "query", body.clone()).await;
    let path = format!("{JOBS}/query/{id}");
    advance(&server, JOB_SECONDS / 2).await;
    look(&server, &token, &path, |job| job["state"] == "InProgress").await;

    let server = restart(server, folder.path());
    advance(&server, JOB_SECONDS).await;
    let ended = look(&server, &token, &path, |job| job["state"] == "JobComplete").await;
    assert_eq!(ended["numberRecordsProcessed"], 5);
    let (headers, first) = text(&server, &token, &format!("{path}/results")).await;
    let locator = headers["sforce-locator"].to_str().expect("text").to_owned();

    // What changes later is not in the result any more.
    let changed = json!({ "Name": "AAA" });
    let accounts = "/services/data/v68.0/sobjects/Account";
    assert_eq!(server.send("POST", accounts, &token, Some(&changed)).await.0, 201);
    let server = restart(server, folder.path());
    assert_eq!(text(&server, &token, &format!("{path}/results")).await.1, first);
    let (headers, second) =
        text(&server, &token, &format!("{path}/results?locator={locator}")).await;
    let last = headers["sforce-locator"].to_str().expect("text");
    let (headers, third) = text(&server, &token, &format!("{path}/results?locator={last}")).await;
    assert_eq!(headers["sforce-locator"], "null");
    let pages = [first, second, third];
    let ids: BTreeSet<String> = pages
        .iter()
        .flat_map(|page| page.lines().skip(1))
        .filter_map(|line| line.split(',').next().map(str::to_owned))
        .collect();
    assert_eq!(ids.len(), 5, "{pages:?}");
    assert!(pages.iter().all(|page| page.starts_with("\"Id\",\"Name\"\n")), "{pages:?}");
}

#[tokio::test]
async fn jobs_of_version_1_and_what_soap_offers_survive_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, token) = start_slow(folder.path()).await;
    let soap = json!({ "login": "disabled" });
    assert_eq!(server.send("POST", "/__orgsim/soap", "", Some(&soap)).await.0, 200);
    let body = json!({ "operation": "insert", "object": "Account", "contentType": "JSON" });
    let (status, job) = server.send("POST", JOBS_V1, &token, Some(&body)).await;
    assert_eq!(status, 201, "{job}");
    let path = format!("{JOBS_V1}/{}/batch", job["id"].as_str().expect("an id"));
    let records: Vec<Value> =
        (0..600).map(|row| json!({ "ERP_Key__c": format!("J-{row}"), "Name": "Row" })).collect();
    let (status, batch) = server.send("POST", &path, &token, Some(&json!(records))).await;
    assert_eq!(status, 201, "{batch}");
    let path = format!("{path}/{}", batch["id"].as_str().expect("an id"));
    advance(&server, JOB_SECONDS / 2).await;
    look(&server, &token, &path, |batch| batch["numberRecordsProcessed"] != 0).await;

    let server = restart(server, folder.path());
    assert_eq!(server.send("GET", "/__orgsim/soap", "", None).await.1, soap);
    assert_eq!(
        server.send("GET", &format!("{path}/request"), &token, None).await.1,
        json!(records)
    );
    advance(&server, JOB_SECONDS).await;
    look(&server, &token, &path, |batch| batch["state"] == "Completed").await;
    let (_, results) = server.send("GET", &format!("{path}/result"), &token, None).await;
    assert_eq!(results.as_array().map(Vec::len), Some(600));
    assert_eq!((keys(&server).await.len(), inserted(&server).await), (600, 600));
    let server = restart(server, folder.path());
    assert_eq!(server.send("GET", &format!("{path}/result"), &token, None).await.1, results);
}
