//! The gate of the data API, and a smoke run through everything behind it.

use std::io::{Read as _, Write as _};

use bytes::Bytes;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use orgsim::router::{answer, router};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::support::{ask, call, control, in_memory};

const BASE: &str = "/services/data/v68.0";

#[tokio::test]
async fn versions_need_no_session_and_are_listed_oldest_first() {
    let (org, _) = in_memory();
    let answer = call(&org, "GET", "//services/data/", None, None).await.expect("an answer");
    assert_eq!(answer.status, 200);
    assert!(!answer.headers.contains_key("sforce-limit-info"));
    let list = answer.body.as_array().expect("a list");
    let newest = json!({ "label": "Winter '27", "url": "/services/data/v68.0", "version": "68.0" });
    assert_eq!(list.last(), Some(&newest));
    assert_eq!(list[0]["version"], "31.0");
}

#[tokio::test]
async fn a_retired_version_is_410_and_an_unknown_one_404() {
    let (org, session) = in_memory();
    for (version, status) in
        [("v30.0", 410), ("v69.0", 404), ("v68", 404), ("latest", 404), ("v31.0", 200)]
    {
        let path = format!("/services/data/{version}/limits");
        assert_eq!(
            ask(&org, "GET", &path, &session.access_token, None).await.status,
            status,
            "{version}"
        );
    }
}

#[tokio::test]
async fn a_missing_header_and_a_bad_token_are_two_different_401s() {
    let (org, session) = in_memory();
    let path = format!("{BASE}/limits");
    let missing = call(&org, "GET", &path, None, None).await.expect("an answer");
    assert_eq!(
        (missing.status, &missing.body[0]["errorCode"]),
        (401, &json!("INVALID_AUTH_HEADER"))
    );
    let bad = ask(&org, "GET", &path, "00D!bad", None).await;
    assert_eq!((bad.status, &bad.body[0]["errorCode"]), (401, &json!("INVALID_SESSION_ID")));
    let scheme = http::Request::get(&path)
        .header("authorization", format!("OAuth {}", session.access_token));
    let scheme =
        answer(&org, scheme.body(Bytes::new()).expect("a request")).await.expect("an answer");
    assert_eq!(scheme.status(), 200);
}

#[tokio::test]
async fn a_session_ends_after_two_idle_hours_of_the_orgs_clock() {
    let (org, session) = in_memory();
    let path = format!("{BASE}/limits");
    for (advance, status) in [(7_199, 200), (7_199, 200), (7_200, 401)] {
        control(&org, "POST", "clock", Some(&json!({ "advance_seconds": advance }))).await;
        assert_eq!(ask(&org, "GET", &path, &session.access_token, None).await.status, status);
    }
}

#[tokio::test]
async fn every_call_counts_against_the_daily_limit_until_none_is_left() {
    let (org, session) = in_memory();
    control(&org, "POST", "limits", Some(&json!({ "daily_max": 20, "used": 17 }))).await;
    let path = format!("{BASE}/limits");
    let first = ask(&org, "GET", &path, &session.access_token, None).await;
    assert_eq!(first.headers["sforce-limit-info"], "api-usage=18/20");
    assert_eq!(first.body["DailyApiRequests"], json!({ "Max": 20, "Remaining": 2 }));
    assert_eq!(
        first.body["PermissionSets"]["CreateCustom"],
        json!({ "Max": 1000, "Remaining": 999 })
    );
    let second = ask(&org, "GET", &path, &session.access_token, None).await;
    assert_eq!(second.body["DailyApiRequests"]["Remaining"], 1);
    ask(&org, "GET", &path, &session.access_token, None).await;
    let refused = ask(&org, "GET", &path, &session.access_token, None).await;
    assert_eq!(refused.status, 403);
    let error = json!([{ "errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded." }]);
    assert_eq!(refused.body, error);
    control(&org, "POST", "clock", Some(&json!({ "advance_seconds": 86_400 }))).await;
    assert_eq!(ask(&org, "GET", &path, &session.access_token, None).await.status, 401);
}

#[tokio::test]
async fn gzip_works_in_both_directions_and_pretty_json_has_blanks() {
    let (org, session) = in_memory();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(br#"{"Name":"Packed"}"#).expect("packed");
    let request = http::Request::post(format!("{BASE}/sobjects/Account"))
        .header("authorization", format!("Bearer {}", session.access_token))
        .header("content-type", "application/json; charset=UTF-8")
        .header("content-encoding", "gzip")
        .header("accept-encoding", "deflate, gzip")
        .header("x-prettyprint", "1")
        .body(Bytes::from(encoder.finish().expect("packed")));
    let response = answer(&org, request.expect("a request")).await.expect("an answer");
    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["content-encoding"], "gzip");
    assert_eq!(response.headers()["content-type"], "application/json;charset=UTF-8");
    let mut text = String::new();
    GzDecoder::new(response.body().as_ref()).read_to_string(&mut text).expect("unpacked");
    assert!(text.contains("\"success\" : true"), "{text}");
}

#[tokio::test]
async fn a_write_that_is_not_json_is_415() {
    let (org, session) = in_memory();
    let request = http::Request::post(format!("{BASE}/sobjects/Account"))
        .header("authorization", format!("Bearer {}", session.access_token))
        .header("content-type", "text/plain")
        .body(Bytes::from_static(b"Name=x"));
    let response = answer(&org, request.expect("a request")).await.expect("an answer");
    assert_eq!(response.status(), 415);
}

#[tokio::test]
async fn the_axum_router_answers_without_a_socket() {
    let (org, _) = in_memory();
    let request =
        http::Request::get("/services/data").body(axum::body::Body::empty()).expect("a request");
    let response = router(org).oneshot(request).await.expect("an answer");
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn a_row_goes_through_create_read_update_upsert_query_and_delete() {
    let (org, session) = in_memory();
    let token = session.access_token.as_str();
    let created = ask(
        &org,
        "POST",
        &format!("{BASE}/sobjects/Account/"),
        token,
        Some(&json!({ "Name": "Acme", "ERP_Key__c": "T-1" })),
    )
    .await;
    assert_eq!(created.status, 201, "{}", created.body);
    let id = created.body["id"].as_str().expect("an id").to_owned();
    let path = format!("{BASE}/sobjects/account/{id}");
    let updated = ask(&org, "PATCH", &path, token, Some(&json!({ "Phone": "+1 555" }))).await;
    assert_eq!((updated.status, updated.bytes.len()), (204, 0));
    assert_eq!(ask(&org, "GET", &path, token, None).await.body["Phone"], "+1 555");
    let upsert = format!("{BASE}/sobjects/Account/ERP_Key__c/T-1");
    let upserted = ask(&org, "PATCH", &upsert, token, Some(&json!({ "Name": "Acme Inc" }))).await;
    assert_eq!((upserted.status, &upserted.body["created"]), (200, &json!(false)));
    let soql = format!("{BASE}/query/?q=SELECT+Id,Name+FROM+Account+WHERE+ERP_Key__c='T-1'");
    let found = ask(&org, "GET", &soql, token, None).await;
    assert_eq!(
        (&found.body["totalSize"], &found.body["records"][0]["Name"]),
        (&json!(1), &json!("Acme Inc"))
    );
    let records = json!({ "records": [
        { "attributes": { "type": "Account" }, "Name": "One" },
        { "attributes": { "type": "Account" } },
    ] });
    let collection =
        ask(&org, "POST", &format!("{BASE}/composite/sobjects"), token, Some(&records)).await;
    assert_eq!(collection.status, 200);
    assert_eq!(collection.body[1]["errors"][0]["statusCode"], "REQUIRED_FIELD_MISSING");
    assert_eq!(ask(&org, "DELETE", &path, token, None).await.status, 204);
    let again = ask(&org, "DELETE", &path, token, None).await;
    assert_eq!((again.status, &again.body[0]["errorCode"]), (404, &json!("ENTITY_IS_DELETED")));
    let counters = control(&org, "GET", "counters", None).await;
    assert_eq!(counters["calls"]["PATCH sobjects/Account/ERP_Key__c"], 1);
    assert_eq!(counters["calls"]["DELETE sobjects/Account"], 2);
    assert_eq!(
        counters["rows_written"]["Account"],
        json!({ "inserted": 2, "updated": 2, "deleted": 1 })
    );
}

#[tokio::test]
async fn the_resource_list_names_the_identity_url() {
    let (org, session) = in_memory();
    let answer = ask(&org, "GET", BASE, &session.access_token, None).await;
    assert_eq!(answer.status, 200);
    let identity = answer.body["identity"].as_str().expect("an identity URL");
    assert!(identity.starts_with(&format!("{}/id/{}", session.instance_url, session.org_id)));
    assert_ne!(answer.body["sobjects"], Value::Null);
}
