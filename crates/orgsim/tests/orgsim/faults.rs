//! Faults: what a client sees, and what the org did all the same.

use std::time::Duration;

use orgsim::faults::{Fault, Kind, Moment};
use orgsim::router::{Lost, lock};
use serde_json::{Value, json};

use crate::support::{ask, call, client, control, in_memory, served};

const ACCOUNTS: &str = "/services/data/v68.0/sobjects/Account";

fn named(name: &str) -> Value {
    json!({ "Name": name })
}

async fn names(org: &orgsim::router::SharedOrg) -> Vec<String> {
    let rows = control(org, "GET", "rows?object=Account&fields=Name", None).await;
    let rows = rows.as_array().expect("rows").iter();
    rows.filter_map(|row| row["Name"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_lost_reply_leaves_the_row_and_a_lost_request_does_not() {
    let (org, session) = in_memory();
    lock(&org).faults.add(Fault::new(Kind::ReplyLost).method("POST").object("Account"));
    lock(&org).faults.add(Fault::new(Kind::RequestLost).method("POST").object("Account"));
    let token = Some(session.access_token.as_str());
    let first = call(&org, "POST", ACCOUNTS, token, Some(&named("Kept"))).await;
    assert!(matches!(first, Err(Lost::Reply)), "{first:?}");
    let second = call(&org, "POST", ACCOUNTS, token, Some(&named("Never"))).await;
    assert!(matches!(second, Err(Lost::Request)), "{second:?}");
    assert_eq!(
        ask(&org, "POST", ACCOUNTS, &session.access_token, Some(&named("Third"))).await.status,
        201
    );
    let names = names(&org).await;
    assert!(names.contains(&"Kept".to_owned()) && names.contains(&"Third".to_owned()));
    assert!(!names.contains(&"Never".to_owned()));
}

#[tokio::test]
async fn over_a_socket_a_lost_reply_is_a_connection_that_ends() {
    let served = served().await;
    let org = &served.announcements[0];
    for (kind, kept) in [("reply_lost", true), ("cut_body", true), ("request_lost", false)] {
        control(
            &served.orgs[0],
            "POST",
            "faults",
            Some(&json!({ "kind": kind, "method": "POST" })),
        )
        .await;
        let url = format!("{}{ACCOUNTS}", org.instance_url);
        let request = client().post(url).bearer_auth(&org.access_token).json(&named(kind));
        let failed = match request.send().await {
            Err(_) => true,
            Ok(answer) => answer.bytes().await.is_err(),
        };
        assert!(failed, "{kind}");
        assert_eq!(names(&served.orgs[0]).await.contains(&kind.to_owned()), kept, "{kind}");
    }
}

#[tokio::test]
async fn unavailable_is_503_with_html_and_html200_is_a_page_where_json_was_due() {
    let (org, session) = in_memory();
    control(
        &org,
        "POST",
        "faults",
        Some(&json!([{ "kind": "unavailable" }, { "kind": "html200" }])),
    )
    .await;
    for status in [503, 200] {
        let answer =
            ask(&org, "POST", ACCOUNTS, &session.access_token, Some(&named("Never"))).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.headers["content-type"], "text/html;charset=UTF-8");
    }
    assert!(!names(&org).await.contains(&"Never".to_owned()));
}

#[tokio::test]
async fn an_error_fault_has_the_documented_body() {
    let (org, session) = in_memory();
    let fault = json!({ "kind": "error", "status": 503, "error_code": "SERVER_UNAVAILABLE", "message": "server too busy" });
    control(&org, "POST", "faults", Some(&fault)).await;
    let answer = ask(&org, "GET", ACCOUNTS, &session.access_token, None).await;
    assert_eq!(answer.status, 503);
    assert_eq!(
        answer.body,
        json!([{ "errorCode": "SERVER_UNAVAILABLE", "message": "server too busy" }])
    );
}

#[tokio::test]
async fn a_revoked_token_is_401_on_the_very_request_it_waited_for() {
    let (org, session) = in_memory();
    let fault = json!({ "kind": "revoke_token", "path_contains": "/sobjects/", "after": 1 });
    control(&org, "POST", "faults", Some(&fault)).await;
    let path = "/services/data/v68.0/sobjects/Account/describe";
    assert_eq!(ask(&org, "GET", path, &session.access_token, None).await.status, 200);
    let answer = ask(&org, "GET", path, &session.access_token, None).await;
    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.body,
        json!([{ "errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid" }])
    );
}

#[tokio::test]
async fn a_locked_row_fails_alone_and_the_others_are_written() {
    let (org, session) = in_memory();
    let rows = control(&org, "GET", "rows?object=Account&fields=Id", None).await;
    let ids: Vec<&str> = (0..3).filter_map(|index| rows[index]["Id"].as_str()).collect();
    control(
        &org,
        "POST",
        "faults",
        Some(&json!({ "kind": "row_lock", "row_id": ids[1], "object": "Account" })),
    )
    .await;
    let records: Vec<Value> = ids
        .iter()
        .map(|id| json!({ "attributes": { "type": "Account" }, "id": id, "Phone": "1" }))
        .collect();
    let body = json!({ "allOrNone": false, "records": records });
    let answer = ask(
        &org,
        "PATCH",
        "/services/data/v68.0/composite/sobjects",
        &session.access_token,
        Some(&body),
    )
    .await;
    let success: Vec<&Value> = (0..3).map(|index| &answer.body[index]["success"]).collect();
    assert_eq!(success, [&json!(true), &json!(false), &json!(true)]);
    assert_eq!(answer.body[1]["errors"][0]["statusCode"], "UNABLE_TO_LOCK_ROW");
}

#[tokio::test(start_paused = true)]
async fn latency_waits_on_tokios_clock_and_a_gone_client_does_not_stop_the_request() {
    let (org, session) = in_memory();
    lock(&org).faults.add(Fault::new(Kind::Latency { milliseconds: 30_000, when: Moment::Before }));
    let token = session.access_token.clone();
    let patience = Duration::from_secs(10);
    let body = named("Late");
    let given_up =
        tokio::time::timeout(patience, call(&org, "POST", ACCOUNTS, Some(&token), Some(&body)))
            .await;
    assert!(given_up.is_err());
    assert!(!names(&org).await.contains(&"Late".to_owned()));
    tokio::time::sleep(Duration::from_secs(21)).await;
    assert!(names(&org).await.contains(&"Late".to_owned()));
}

#[tokio::test]
async fn a_held_answer_comes_after_its_release() {
    let served = served().await;
    let org = &served.announcements[0];
    control(&served.orgs[0], "POST", "faults", Some(&json!({ "kind": "hold", "method": "POST" })))
        .await;
    let url = format!("{}{ACCOUNTS}", org.instance_url);
    let request = client().post(url).bearer_auth(&org.access_token).json(&named("Held"));
    let answer =
        tokio::spawn(async move { request.send().await.expect("an answer").status().as_u16() });
    while control(&served.orgs[0], "GET", "faults", None).await["held"] != 1 {
        tokio::task::yield_now().await;
    }
    assert!(names(&served.orgs[0]).await.contains(&"Held".to_owned()));
    assert!(!answer.is_finished());
    control(&served.orgs[0], "POST", "faults/release", None).await;
    assert_eq!(answer.await.expect("a task"), 201);
    assert_eq!(
        control(&served.orgs[0], "GET", "faults", None).await,
        json!({ "faults": [], "held": 0 })
    );
}
