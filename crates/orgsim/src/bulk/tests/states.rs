//! What a job's state allows: uploads, state changes, results, versions, deletion, retention, lists.

use serde_json::{Value, json};

use super::fixtures::{BASE, Desk};

fn insert() -> Value {
    json!({ "object": "Account", "operation": "insert" })
}

#[test]
fn data_is_uploaded_once_and_only_while_the_job_is_open() {
    let desk = Desk::new();
    let id = desk.create("ingest", insert());
    let path = format!("{BASE}/ingest/{id}/batches");
    assert_eq!(desk.send("PUT", &path, "application/json", b"{}").status, 415);
    assert_eq!(desk.send("PUT", &path, "text/csv", b"Name\nOne\n").status, 201);
    let second = desk.send("PUT", &path, "text/csv", b"Name\nTwo\n");
    assert_eq!(second.status, 400);
    assert!(
        second.refusal().2.starts_with("Found multiple contents for job: <750"),
        "{}",
        second.text
    );
    desk.set_state("ingest", &id, "UploadComplete");
    assert_eq!(desk.send("PUT", &path, "text/csv", b"Name\nTwo\n").refusal().1, "INVALIDJOBSTATE");
}

#[test]
fn illegal_transitions_are_400_and_results_wait_for_the_end() {
    let desk = Desk::new();
    let id = desk.create("ingest", insert());
    for state in ["JobComplete", "InProgress", "Open"] {
        assert_eq!(desk.set_state("ingest", &id, state).refusal().1, "INVALIDJOBSTATE", "{state}");
    }
    let results = format!("{BASE}/ingest/{id}/successfulResults");
    assert_eq!(desk.get(&results).status, 400);
    desk.submit(&id, "Name\nOne\n");
    assert_eq!(desk.set_state("ingest", &id, "UploadComplete").status, 400);
    assert_eq!(desk.get(&results).status, 400);
    desk.pass(1_000);
    assert_eq!(desk.get(&results).status, 200);
    assert_eq!(desk.set_state("ingest", &id, "Aborted").refusal().1, "INVALIDJOBSTATE");
}

#[test]
fn an_aborted_job_keeps_what_it_wrote_and_gives_the_rest_back() {
    let desk = Desk::new();
    desk.settings(json!({ "queued_ms": 0, "in_progress_ms": 10_000 }));
    let id = desk.create("ingest", insert());
    let rows: String = (0..1_000).map(|number| format!("Row {number:03}\n")).collect();
    desk.submit(&id, &format!("Name\n{rows}"));
    desk.pass(5_000);
    let half = desk.info("ingest", &id);
    assert_eq!(half["state"], "InProgress");
    let done = half["numberRecordsProcessed"].as_u64().expect("a number");
    assert!((400..=700).contains(&done), "{done}");
    assert_eq!(desk.set_state("ingest", &id, "Aborted").json()["state"], "Aborted");
    desk.pass(60_000);
    let aborted = desk.info("ingest", &id);
    assert_eq!(aborted["numberRecordsProcessed"].as_u64(), Some(done));
    assert_eq!(desk.rows("SELECT Id FROM Account").len() as u64, done);
    let counts = (
        desk.lines(&aborted, "successfulResults").len(),
        desk.lines(&aborted, "unprocessedRecords").len(),
    );
    assert_eq!(counts.0 + counts.1, 1_002);
}

#[test]
fn rows_appear_by_the_clock_also_when_nobody_asks_for_the_job() {
    let desk = Desk::new();
    let id = desk.create("ingest", insert());
    desk.submit(&id, "Name\nOne\n");
    assert!(desk.rows("SELECT Id FROM Account").is_empty());
    desk.pass(1_000);
    let query = desk.get("/services/data/v68.0/query?q=SELECT+Id+FROM+Account").json();
    assert_eq!(query["totalSize"], 1);
}

#[test]
fn another_version_is_409_for_data_and_results_but_not_for_the_job() {
    let desk = Desk::new();
    let id = desk.create("ingest", insert());
    let other = "/services/data/v67.0/jobs";
    assert_eq!(
        desk.send("PUT", &format!("{other}/ingest/{id}/batches"), "text/csv", b"Name\n").status,
        409
    );
    assert_eq!(desk.get(&format!("{other}/ingest/{id}")).status, 200);
    let query =
        desk.create("query", json!({ "operation": "query", "query": "SELECT Id FROM Account" }));
    desk.pass(1_000);
    assert_eq!(desk.get(&format!("{other}/query/{query}/results")).status, 409);
    assert_eq!(desk.get(&format!("{BASE}/query/{query}/results")).status, 200);
}

#[test]
fn only_a_job_that_is_over_can_be_deleted() {
    let desk = Desk::new();
    for (kind, body) in [
        ("ingest", insert()),
        ("query", json!({ "operation": "query", "query": "SELECT Id FROM Account" })),
    ] {
        let id = desk.create(kind, body);
        let path = format!("{BASE}/{kind}/{id}");
        let early = desk.call("DELETE", &path, Value::Null).refusal();
        let message = "Error encountered when deleting the job because the job is not terminated";
        assert_eq!(early, (400, "API_ERROR".to_owned(), message.to_owned()));
        assert_eq!(desk.set_state(kind, &id, "Aborted").status, 200);
        let gone = desk.call("DELETE", &path, Value::Null);
        assert_eq!((gone.status, gone.text.as_str()), (204, ""));
        let unknown = desk.get(&path).refusal();
        let message = "The requested resource does not exist";
        assert_eq!(unknown, (404, "NOT_FOUND".to_owned(), message.to_owned()));
    }
}

#[test]
fn an_open_job_is_given_up_after_a_day_and_an_ended_one_forgotten_after_a_week() {
    const HOUR_MS: i64 = 60 * 60 * 1_000;
    let desk = Desk::new();
    let id = desk.create("ingest", insert());
    desk.pass(23 * HOUR_MS);
    let path = format!("{BASE}/ingest/{id}");
    let session = |desk: &Desk| {
        let mut org = crate::router::lock(&desk.org);
        let (now, id) = (org.clock.now(), org.id.clone());
        let org = &mut *org;
        org.oauth.open_session(&mut org.rng, &id, now)
    };
    let desk = Desk { token: session(&desk), org: desk.org };
    assert_eq!(desk.get(&path).json()["state"], "Open");
    desk.pass(HOUR_MS);
    assert_eq!(desk.get(&path).json()["state"], "Aborted");
    desk.pass(7 * 24 * HOUR_MS);
    let desk = Desk { token: session(&desk), org: desk.org };
    assert_eq!(desk.get(&path).status, 404);
}

#[test]
fn lists_come_in_pages_of_a_thousand_and_follow_their_filters() {
    let desk = Desk::new();
    for _ in 0..1_001 {
        desk.create("ingest", insert());
    }
    let query =
        desk.create("query", json!({ "operation": "query", "query": "SELECT Id FROM Account" }));
    let first = desk.get(&format!("{BASE}/ingest")).json();
    assert_eq!(
        (first["records"].as_array().map(Vec::len), &first["done"]),
        (Some(1_000), &json!(false))
    );
    let next = first["nextRecordsUrl"].as_str().expect("a next page");
    assert!(next.starts_with(&format!("{BASE}/ingest?queryLocator=01g")), "{next}");
    let last = desk.get(next).json();
    assert_eq!((last["records"].as_array().map(Vec::len), &last["done"]), (Some(1), &json!(true)));
    assert_eq!(last["nextRecordsUrl"], Value::Null);
    let none = desk.get(&format!("{BASE}/ingest?jobType=BigObjectIngest")).json();
    assert_eq!(none["records"], json!([]));
    let queries =
        desk.get(&format!("{BASE}/query?jobType=V2Query&isPkChunkingEnabled=false")).json();
    assert_eq!(queries["records"][0]["id"], query);
}

#[test]
fn unknown_paths_and_methods_are_404_and_405() {
    let desk = Desk::new();
    let id = desk.create("ingest", insert());
    assert_eq!(desk.get(&format!("{BASE}/ingest/{id}/nothing")).status, 404);
    assert_eq!(desk.get(BASE).status, 404);
    assert_eq!(desk.get(&format!("{BASE}/query/{id}")).status, 404);
    assert_eq!(desk.call("POST", &format!("{BASE}/ingest/{id}"), json!({})).status, 405);
    assert_eq!(desk.call("DELETE", &format!("{BASE}/ingest"), Value::Null).status, 405);
}
