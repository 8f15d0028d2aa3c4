//! Queries page by page, and what may not be followed.

use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt};
use isthmus_model::value::Value;

use crate::api::query::{QueryOptions, QueryPage, QueryScope};
use crate::error::Error;
use crate::row::RowShape;
use crate::testing::{FakeTransport, body_text, client, reply};

const FIRST: &str = r#"{"totalSize":3,"done":false,"nextRecordsUrl":"/services/data/v65.0/query/0r8Hs1lKCluUiC9IMK-2",
    "records":[{"attributes":{"type":"Account","url":"/x"},"Id":"0015500001QdQWaAAN","Name":"Acme"},
    {"attributes":{"type":"Account","url":"/x"},"Id":"0018M000001oWgPQAU","Name":null}]}"#;
const LAST: &str = r#"{"totalSize":3,"done":true,"records":[{"attributes":{"type":"Account","url":"/x"},"Id":"0015500001QdZPKAA3","Name":"Zed"}]}"#;

fn shape() -> RowShape {
    let fields = ["Id".to_owned(), "Name".to_owned()];
    let kinds = vec![Some("id".to_owned().into()), Some("string".to_owned().into())];
    RowShape::with_kinds(&fields, kinds).unwrap()
}

#[tokio::test]
async fn pages_follow_one_another_until_the_last() {
    let transport = FakeTransport::new(|request| {
        let first = request.url.query().is_some();
        reply(200, if first { FIRST } else { LAST })
    });
    let options = QueryOptions { batch_size: Some(50), scope: QueryScope::WithDeleted };
    let mut pages = client(transport.clone()).query_with("SELECT Id, Name FROM Account", options);
    let rows = pages.all_rows(&shape()).await.unwrap();
    let names: Vec<&Value> = rows.iter().map(|row| &row.values[1]).collect();
    assert_eq!(names, [&Value::from("Acme"), &Value::Null, &Value::from("Zed")]);
    assert_eq!(rows[2].id().unwrap().as_str(), "0015500001QdZPKAA3");
    assert!(pages.next_page().await.unwrap().is_none());
    let sent = transport.sent();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].url.path(), "/services/data/v65.0/queryAll");
    assert_eq!(sent[0].url.query(), Some("q=SELECT+Id%2C+Name+FROM+Account"));
    assert_eq!(sent[1].headers["sforce-query-options"], "batchSize=200");
}

#[tokio::test]
async fn a_next_page_on_another_host_is_refused_without_a_request() {
    for foreign in ["https://evil.example/q", "//evil.example/q", "http://acme.my.salesforce.com/q"]
    {
        let page = FIRST.replace("/services/data/v65.0/query/0r8Hs1lKCluUiC9IMK-2", foreign);
        let transport = FakeTransport::new(move |_| reply(200, &page));
        let mut pages = client(transport.clone()).query("SELECT Id FROM Account");
        let error = pages.next_page().await.unwrap_err();
        assert!(matches!(error, Error::ForeignHost(_)), "{foreign}: {error:?}");
        assert_eq!(transport.sent().len(), 1);
    }
}

#[tokio::test]
async fn a_page_that_leads_to_itself_ends_the_query() {
    let transport = FakeTransport::new(|_| reply(200, FIRST));
    let mut pages = client(transport).query("SELECT Id FROM Account");
    assert!(pages.next_page().await.unwrap().is_some());
    assert!(matches!(pages.next_page().await, Err(Error::Decode { .. })));
}

#[tokio::test]
async fn a_page_whose_answer_was_lost_is_asked_for_again() {
    let failures = std::sync::atomic::AtomicUsize::new(0);
    let transport = FakeTransport::new(move |request| {
        let first = failures.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 1;
        match request.url.query() {
            Some(_) => reply(200, FIRST),
            None if first => reply(503, "<html>busy</html>"),
            None => reply(200, LAST),
        }
    });
    let mut pages = client(transport).query("SELECT Id FROM Account");
    assert!(pages.next_page().await.unwrap().is_some());
    assert!(pages.next_page().await.is_err());
    assert_eq!(pages.next_page().await.unwrap().unwrap().len, 1);
}

#[tokio::test]
async fn a_count_is_the_total() {
    let transport =
        FakeTransport::new(|_| reply(200, r#"{"totalSize":17,"done":true,"records":[]}"#));
    assert_eq!(client(transport).count("SELECT COUNT() FROM Account").await.unwrap(), 17);
}

#[tokio::test]
async fn a_long_query_travels_in_the_body_of_a_composite_call() {
    let transport = FakeTransport::new(|request| {
        if request.url.path().ends_with("/composite") {
            let body = format!(
                r#"{{"compositeResponse":[{{"body":{FIRST},"httpHeaders":{{}},"httpStatusCode":200,"referenceId":"query"}}]}}"#
            );
            return reply(200, &body);
        }
        reply(200, LAST)
    });
    let ids = vec!["'0015500001QdQWaAAN'"; 900].join(",");
    let soql = format!("SELECT Id, Name FROM Account WHERE Id IN ({ids})");
    let options = QueryOptions { batch_size: Some(500), ..QueryOptions::default() };
    let mut pages = client(transport.clone()).query_with(soql, options);
    let rows = pages.all_rows(&shape()).await.unwrap();
    assert_eq!(rows.len(), 3);
    let body = body_text(&transport.sent()[0]);
    assert!(body.contains(r#""url":"/services/data/v65.0/query?q=SELECT"#), "{body}");
    assert!(body.contains(r#""Sforce-Query-Options":"batchSize=500""#));
    assert!(transport.sent()[0].url.as_str().len() < 200);
}

#[tokio::test]
async fn the_refusal_of_a_long_query_is_the_orgs_own() {
    let transport = FakeTransport::new(|_| {
        reply(
            200,
            r#"{"compositeResponse":[{"body":[{"errorCode":"INVALID_FIELD","message":"No such column"}],"httpHeaders":{},"httpStatusCode":400,"referenceId":"query"}]}"#,
        )
    });
    let soql = format!("SELECT Id FROM Account WHERE Name = '{}'", "x".repeat(13_000));
    let error = client(transport).query(soql).next_page().await.unwrap_err();
    assert!(error.has_code("INVALID_FIELD"));
}

#[tokio::test]
async fn broken_pages_are_typed_errors() {
    let deep = format!(
        r#"{{"totalSize":1,"done":true,"records":[{}{}]}}"#,
        "[".repeat(200_000),
        "]".repeat(200_000)
    );
    let lone =
        r#"{"totalSize":1,"done":true,"records":[{"Id":"0015500001QdQWaAAN","Name":"\ud800"}]}"#
            .to_owned();
    let cut = FIRST[..FIRST.len() - 10].to_owned();
    for body in [deep, lone, cut, "[]".to_owned(), "{".repeat(100_000)] {
        let transport = FakeTransport::new(move |_| reply(200, &body));
        let outcome =
            client(transport).query("SELECT Id, Name FROM Account").all_rows(&shape()).await;
        assert!(matches!(outcome, Err(Error::Decode { .. })), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_page_of_html_under_a_success_status_is_told_apart() {
    let transport = FakeTransport::new(|_| reply(200, "<html><body>Log in</body></html>"));
    let error = client(transport).query("SELECT Id FROM Account").next_page().await.unwrap_err();
    assert!(matches!(error, Error::NotJson { status: 200, .. }), "{error:?}");
    assert!(error.outcome_unknown());
}

#[tokio::test]
async fn loose_rows_keep_the_order_of_the_query_and_flatten_parents() {
    let body = r#"{ "totalSize" : 1, "done" : true, "records" : [ { "attributes" : { "type" : "Contact" },
        "Name" : "Ann", "Account" : { "Name" : "Acme", "attributes" : { "type" : "Account" }, "Owner" : null },
        "Amount" : 10.50, "Cases" : { "totalSize" : 0, "done" : true, "records" : [ ] }, "Active" : true } ] }"#;
    let transport = FakeTransport::new(move |_| reply(200, body));
    let page = client(transport).query("SELECT ...").next_page().await.unwrap().unwrap();
    let rows = page.loose_rows().unwrap();
    let names: Vec<&str> = rows[0].columns.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Name", "Account.Name", "Account.Owner", "Amount", "Cases", "Active"]);
    assert_eq!(rows[0].columns[3].1.display(), "10.5");
}

fn two_pages() -> Arc<FakeTransport> {
    FakeTransport::new(|request| {
        let first = request.url.query().is_some();
        reply(200, if first { FIRST } else { LAST })
    })
}

#[tokio::test]
async fn rows_stream_across_pages_and_no_page_is_asked_for_before_it_is_wanted() {
    let transport = two_pages();
    let rows = client(transport.clone()).query("SELECT Id, Name FROM Account").into_rows(shape());
    let mut rows = std::pin::pin!(rows);
    assert!(transport.sent().is_empty());
    for _ in 0..2 {
        rows.try_next().await.unwrap().unwrap();
    }
    assert_eq!(transport.sent().len(), 1);
    assert_eq!(rows.try_next().await.unwrap().unwrap().values[1], Value::from("Zed"));
    assert!(rows.try_next().await.unwrap().is_none());
    assert_eq!(transport.sent().len(), 2);
}

#[tokio::test]
async fn a_stream_ends_with_its_error() {
    let gone = r#"[{"errorCode":"INVALID_QUERY_LOCATOR","message":"invalid query locator"}]"#;
    let transport = FakeTransport::new(move |request| match request.url.query() {
        Some(_) => reply(200, FIRST),
        None => reply(400, gone),
    });
    let pages = client(transport.clone()).query("SELECT Id FROM Account").into_stream();
    let pages: Vec<Result<QueryPage, Error>> = pages.collect().await;
    assert_eq!(pages.len(), 2);
    assert!(pages[1].as_ref().is_err_and(|error| error.has_code("INVALID_QUERY_LOCATOR")));
    assert_eq!(transport.sent().len(), 2);
}

#[tokio::test]
async fn child_rows_beyond_their_first_page_are_read_from_their_own_address() {
    let transport = two_pages();
    let client = client(transport.clone());
    let mut pages = client.query_from("/services/data/v65.0/query/0r8Hs1lKCluUiC9IMK-200").unwrap();
    assert_eq!(pages.all_rows(&shape()).await.unwrap().len(), 1);
    assert!(matches!(client.query_from("https://evil.example/q"), Err(Error::ForeignHost(_))));
    assert_eq!(transport.sent().len(), 1);
}
