//! Bodies that are no proper errors: pages, nothing, halves, depths, and values without end.

use serde_json::json;

use super::error;
use crate::error::{Error, ErrorClass, MAX_KEPT_BYTES};
use crate::testing::{FakeTransport, client, reply};

/// The error of a call that gets this answer.
async fn call(status: u16, body: String) -> Error {
    client(FakeTransport::new(move |_| reply(status, &body))).limits().await.unwrap_err()
}

#[tokio::test]
async fn a_page_or_nothing_under_any_status_is_never_taken_for_an_answer() {
    const PAGE: &str =
        "<!DOCTYPE html><html><head><title>Down for Maintenance</title></head></html>";
    for (status, body, class, unknown) in [
        (200, PAGE, ErrorClass::Retry, true),
        (200, "", ErrorClass::Retry, true),
        (204, "", ErrorClass::Retry, true),
        (406, "", ErrorClass::Retry, false),
        (420, PAGE, ErrorClass::Retry, false),
        (429, "", ErrorClass::Retry, false),
        (500, PAGE, ErrorClass::Retry, true),
        (502, "", ErrorClass::Retry, true),
        (503, PAGE, ErrorClass::Retry, true),
        (403, PAGE, ErrorClass::Stop, false),
        (414, "", ErrorClass::Stop, false),
        (431, "Request Header Fields Too Large", ErrorClass::Stop, false),
    ] {
        let found = call(status, body.to_owned()).await;
        assert!(matches!(found, Error::NotJson { .. }), "{status}: {found:?}");
        assert_eq!(found.class(), class, "{status}");
        assert_eq!(found.outcome_unknown(), unknown, "{status}");
        assert_eq!(found.original().as_deref(), Some(body).filter(|body| !body.is_empty()));
        assert_eq!(found.to_string().contains("Down for Maintenance"), body == PAGE);
    }
}

#[tokio::test]
async fn a_body_that_is_cut_says_so() {
    for body in [r#"{"DailyApiRequests":{"Max":15"#, r#"{"a":"#, "{"] {
        let found = call(200, body.to_owned()).await;
        assert!(matches!(found, Error::Decode { .. }), "{found:?}");
        assert!(found.outcome_unknown() && found.to_string().contains("it was cut"), "{found}");
        assert_eq!(found.original().as_deref(), Some(body));
        assert!(!format!("{found:?}").contains("DailyApi"), "{found:?}");
    }
    assert!(matches!(error(400, r#"[{"errorCode":"X","mess"#), Error::NotJson { .. }));
}

#[tokio::test]
async fn ten_thousand_levels_are_refused_and_overflow_nothing() {
    let depth = 10_000;
    let arrays = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let objects = format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    for body in [arrays.clone(), objects.clone(), "[".repeat(depth), r#"{"a":"#.repeat(depth)] {
        assert!(matches!(call(200, body.clone()).await, Error::Decode { .. }));
        assert!(matches!(error(400, &body), Error::NotJson { status: 400, .. }));
        assert!(matches!(error(503, &body).class(), ErrorClass::Retry));
    }
    let too_deep = call(200, objects.clone()).await;
    assert!(too_deep.to_string().contains("nested too deep"), "{too_deep}");
    // Inside a record the depth is met when the value is read.
    let page = format!(
        r#"{{"totalSize":1,"done":true,"records":[{{"attributes":{{"type":"A"}},"Id":{objects}}}]}}"#
    );
    let client = client(FakeTransport::new(move |_| reply(200, &page)));
    let page = client.query("SELECT Id FROM A").next_page().await.unwrap().unwrap();
    assert!(matches!(page.loose_rows(), Err(Error::Decode { .. })));
}

#[test]
fn a_value_without_end_is_cut_in_the_text_and_kept_in_part() {
    let value = "x".repeat(131_072);
    let message = format!("Name: data value too large: {value} (max length=255)");
    let body = json!([{"errorCode": "STRING_TOO_LONG", "message": message, "fields": ["Name"]}]);
    let found = error(400, &body.to_string());
    assert_eq!(found.class(), ErrorClass::RowData);
    let text = found.to_string();
    assert!(text.chars().count() < 2_200, "{}", text.len());
    assert!(text.starts_with("STRING_TOO_LONG: Name: data value too large: xxx"));
    assert!(text.ends_with("(max length=255)") && text.contains("characters left out"));
    assert!(found.cause().message.len() < 2_200);
    assert!(found.original().unwrap().len() < MAX_KEPT_BYTES + 1_000);
}

#[test]
fn a_million_errors_in_one_body_are_kept_in_part() {
    let body = format!("[{}]", vec![r#"{"errorCode":"X","message":"y"}"#; 100_000].join(","));
    let Error::Api { errors, .. } = error(400, &body) else { panic!("no errors") };
    assert_eq!(errors.len(), 200);
}

#[test]
fn a_page_without_end_is_kept_in_part() {
    let found = error(503, &"<p>down</p>".repeat(100_000));
    assert!(found.to_string().len() < 400);
    assert_eq!(found.original().unwrap().len(), MAX_KEPT_BYTES);
}

#[test]
fn errors_of_every_form_read_alike() {
    let expected = error(400, r#"[{"message":"m","errorCode":"INVALID_TYPE"}]"#);
    for body in [
        r#"{"errorCode":"INVALID_TYPE","message":"m"}"#,
        r#"{"message":"m","errorCode":"INVALID_TYPE","fields":[]}"#,
        r#"{"success":false,"errors":[{"statusCode":"INVALID_TYPE","message":"m","fields":[]}]}"#,
        r#"{"error":"INVALID_TYPE","error_description":"m"}"#,
        " \n[ { \"errorCode\" : \"INVALID_TYPE\", \"message\" : \"m\" } ]\n",
    ] {
        let found = error(400, body);
        assert_eq!((found.code(), found.to_string()), (expected.code(), expected.to_string()));
    }
}

#[tokio::test]
async fn a_bad_token_at_the_identity_service_is_told_in_plain_text() {
    for text in ["Bad_OAuth_Token", "Missing_OAuth_Token", "\"Bad_OAuth_Token\"\n"] {
        assert_eq!(error(403, text).class(), ErrorClass::Reauthenticate, "{text}");
    }
    assert_eq!(error(403, "Wrong_Org").class(), ErrorClass::Stop);
}
