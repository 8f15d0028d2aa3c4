//! The finer faults: limits, edges, cut connections, disturbed queries, chances.

use std::io::Read as _;

use flate2::read::GzDecoder;
use orgsim::router::Lost;
use serde_json::{Value, json};

use crate::support::{ask, call, client, control, in_memory, served};

const BASE: &str = "/services/data/v68.0";
const ACCOUNTS: &str = "/services/data/v68.0/sobjects/Account";

#[tokio::test]
async fn limits_and_edges_answer_as_they_do_in_the_wild() {
    let (org, session) = in_memory();
    let faults = json!([
        { "kind": "request_limit", "limit": "daily" },
        { "kind": "request_limit", "limit": "concurrent" },
        { "kind": "request_limit", "limit": "long_transactions" },
        { "kind": "too_many_requests", "retry_after_s": 7 },
        { "kind": "empty_answer", "status": 420 },
        { "kind": "redirect", "host": "http://elsewhere.example" },
    ]);
    control(&org, "POST", "faults", Some(&faults)).await;
    for message in [
        "TotalRequests Limit exceeded.",
        "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
        "ConcurrentPerOrgLongTxn Limit exceeded.",
    ] {
        let refused = ask(&org, "GET", ACCOUNTS, &session.access_token, None).await;
        assert_eq!(refused.status, 403);
        assert_eq!(
            refused.body,
            json!([{ "errorCode": "REQUEST_LIMIT_EXCEEDED", "message": message }])
        );
    }
    let busy = ask(&org, "GET", ACCOUNTS, &session.access_token, None).await;
    assert_eq!(
        (busy.status, &busy.headers["retry-after"]),
        (429, &http::HeaderValue::from_static("7"))
    );
    let edge = ask(&org, "GET", ACCOUNTS, &session.access_token, None).await;
    assert_eq!((edge.status, edge.bytes.len()), (420, 0));
    let moved = ask(&org, "GET", ACCOUNTS, &session.access_token, None).await;
    assert_eq!(moved.status, 302);
    assert_eq!(moved.headers["location"], format!("http://elsewhere.example{ACCOUNTS}"));
    assert_eq!(ask(&org, "GET", ACCOUNTS, &session.access_token, None).await.status, 200);
}

#[tokio::test]
async fn a_bomb_is_small_until_it_is_unpacked_and_deep_json_is_deep() {
    let (org, session) = in_memory();
    let faults = json!([{ "kind": "gzip_bomb", "megabytes": 8 }, { "kind": "deep_json", "levels": 100_000 }]);
    control(&org, "POST", "faults", Some(&faults)).await;
    let bomb = ask(&org, "GET", ACCOUNTS, &session.access_token, None).await;
    assert_eq!(bomb.headers["content-encoding"], "gzip");
    assert!(bomb.bytes.len() < 64 * 1024, "{}", bomb.bytes.len());
    let mut text = Vec::new();
    GzDecoder::new(&bomb.bytes[..]).read_to_end(&mut text).expect("unpacked");
    assert_eq!(text.len(), 8 * 1024 * 1024 + 2);
    let deep = ask(&org, "GET", ACCOUNTS, &session.access_token, None).await;
    assert_eq!(deep.bytes.len(), 200_000);
}

#[tokio::test]
async fn a_connection_ends_at_the_byte_that_was_asked_for() {
    let (org, session) = in_memory();
    let token = Some(session.access_token.as_str());
    control(&org, "POST", "faults", Some(&json!({ "kind": "cut_answer", "bytes": 5 }))).await;
    match call(&org, "GET", ACCOUNTS, token, None).await {
        Err(Lost::Body(answer)) => assert_eq!(answer.body().len(), 5),
        other => panic!("{other:?}"),
    }
    let served = served().await;
    let org = &served.announcements[0];
    let fault = json!({ "kind": "cut_request", "bytes": 10, "method": "POST" });
    control(&served.orgs[0], "POST", "faults", Some(&fault)).await;
    let url = format!("{}{ACCOUNTS}", org.instance_url);
    let body = json!({ "Name": "Never", "Description": "x".repeat(30_000) });
    let sent = client().post(&url).bearer_auth(&org.access_token).json(&body).send().await;
    assert!(sent.is_err());
    let rows = control(&served.orgs[0], "GET", "rows?object=Account&fields=Name", None).await;
    assert!(!rows.to_string().contains("Never"));
    let again = client().post(&url).bearer_auth(&org.access_token).json(&body).send().await;
    assert_eq!(again.expect("an answer").status(), 201);
}

#[tokio::test]
async fn short_pages_and_lost_locators_disturb_a_query() {
    let (org, session) = in_memory();
    let soql = format!("{BASE}/query?q=SELECT+Id+FROM+Account");
    control(&org, "POST", "faults", Some(&json!({ "kind": "short_pages", "rows": 8, "times": 3 })))
        .await;
    let mut page = ask(&org, "GET", &soql, &session.access_token, None).await.body;
    let (total, mut sizes) = (page["totalSize"].clone(), Vec::new());
    loop {
        sizes.push(page["records"].as_array().expect("records").len());
        let Some(next) = page["nextRecordsUrl"].as_str().map(str::to_owned) else { break };
        page = ask(&org, "GET", &next, &session.access_token, None).await.body;
    }
    assert_eq!((total, sizes), (json!(20), vec![8, 8, 4]));
    let faults =
        json!([{ "kind": "short_pages", "rows": 8 }, { "kind": "expire_locators", "after": 1 }]);
    control(&org, "POST", "faults", Some(&faults)).await;
    let page = ask(&org, "GET", &soql, &session.access_token, None).await.body;
    let lost = ask(
        &org,
        "GET",
        page["nextRecordsUrl"].as_str().expect("a page"),
        &session.access_token,
        None,
    )
    .await;
    assert_eq!((lost.status, &lost.body[0]["errorCode"]), (400, &json!("INVALID_QUERY_LOCATOR")));
}

#[tokio::test]
async fn rows_are_shuffled_only_where_the_query_asks_for_no_order() {
    let (org, session) = in_memory();
    let ids = async |order: &str| {
        let soql = format!("{BASE}/query?q=SELECT+Id+FROM+Account{order}");
        let records =
            ask(&org, "GET", &soql, &session.access_token, None).await.body["records"].clone();
        let records = records.as_array().expect("records").clone();
        records.iter().map(|row| row["Id"].to_string()).collect::<Vec<_>>()
    };
    let shuffle = async |seed: u64| {
        control(&org, "POST", "faults", Some(&json!({ "kind": "shuffled_order", "seed": seed })))
            .await;
    };
    let (plain, ordered) = (ids("").await, ids("+ORDER+BY+Id").await);
    shuffle(1).await;
    let one = ids("").await;
    shuffle(1).await;
    assert_eq!(ids("").await, one);
    shuffle(2).await;
    assert_ne!(ids("").await, one);
    assert_ne!(one, plain);
    shuffle(1).await;
    assert_eq!(ids("+ORDER+BY+Id").await, ordered);
}

#[tokio::test]
async fn the_clock_jumps_when_its_fault_comes() {
    let (org, session) = in_memory();
    control(&org, "POST", "faults", Some(&json!({ "kind": "clock_jump", "seconds": -3_600 })))
        .await;
    let answer = ask(&org, "GET", ACCOUNTS, &session.access_token, None).await;
    let date = answer.headers["date"].to_str().expect("text");
    assert!(date.starts_with("Fri, 20 Nov 2026 09:00:0"), "{date}");
}

#[tokio::test]
async fn chances_hit_the_same_requests_under_the_same_seed() {
    let outcomes = async |seed: u64| {
        let (org, session) = in_memory();
        let chances = json!({ "seed": seed, "chances": [
            { "fault": { "kind": "unavailable", "method": "GET" }, "probability": 0.3 },
            { "fault": { "kind": "row_lock" }, "probability": 0.5 },
        ] });
        control(&org, "POST", "chances", Some(&chances)).await;
        let mut statuses = Vec::new();
        for _ in 0..40 {
            statuses.push(ask(&org, "GET", ACCOUNTS, &session.access_token, None).await.status);
            let row = json!({ "Name": "A" });
            statuses
                .push(ask(&org, "POST", ACCOUNTS, &session.access_token, Some(&row)).await.status);
        }
        control(&org, "POST", "chances", Some(&Value::Null)).await;
        assert_eq!(ask(&org, "GET", ACCOUNTS, &session.access_token, None).await.status, 200);
        statuses
    };
    let first = outcomes(7).await;
    assert_eq!(first, outcomes(7).await);
    assert_ne!(first, outcomes(8).await);
    for status in [200, 201, 400, 503] {
        assert!(first.contains(&status), "{status}");
    }
}

#[tokio::test]
async fn old_versions_answer_with_a_warning() {
    let (org, session) = in_memory();
    let old = ask(&org, "GET", "/services/data/v35.0/limits", &session.access_token, None).await;
    assert!(old.headers["warning"].to_str().expect("text").starts_with("299 - "));
    let new = ask(&org, "GET", "/services/data/v68.0/limits", &session.access_token, None).await;
    assert!(!new.headers.contains_key("warning"));
}
