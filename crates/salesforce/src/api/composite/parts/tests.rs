//! Any parts together, and graphs of them.

use http::Method;
use isthmus_model::value::Value;
use serde_json::json;

use crate::api::composite::Together;
use crate::api::composite::graph::Graph;
use crate::api::composite::parts::Part;
use crate::client::{Assignment, WriteOptions};
use crate::error::Error;
use crate::testing::{FakeTransport, body_text, client, reply};

fn part(method: &Method, path: &str, reference: &str) -> Part {
    Part::new(method, path, reference).unwrap()
}

fn account(reference: &str) -> Part {
    let values = [("Name".to_owned(), Value::from("Acme"))];
    part(&Method::POST, "sobjects/Account", reference).with_values(&values).unwrap()
}

const ANSWER: &str = r#"{"compositeResponse":[
    {"body":[{"errorCode":"PROCESSING_HALTED","message":"The transaction was rolled back since another operation in the same transaction failed."}],
     "httpHeaders":{},"httpStatusCode":400,"referenceId":"b"},
    {"body":{"id":"0015500001QdQWaAAN","success":true,"errors":[]},
     "httpHeaders":{"Location":"/services/data/v65.0/sobjects/Account/0015500001QdQWaAAN"},"httpStatusCode":201,"referenceId":"a"}]}"#;

#[tokio::test]
async fn parts_carry_headers_of_their_own_and_get_their_own_answers() {
    let transport = FakeTransport::new(|_| reply(200, ANSWER));
    let parts = [
        account("a"),
        part(&Method::PATCH, "sobjects/Contact/@{a.id}", "b")
            .with_header("If-Unmodified-Since", "Fri, 20 Nov 2026 10:00:00 GMT")
            .unwrap()
            .with_body(&json!({"LastName": "Ann"}))
            .unwrap(),
    ];
    let answers =
        client(transport.clone()).composite_of(&parts, Together::AllOrNone).await.unwrap();
    assert_eq!(answers[0].status, 201);
    assert!(answers[0].headers["Location"].ends_with("QdQWaAAN"));
    assert!(answers[0].refusal().unwrap().is_empty());
    assert_eq!(answers[1].refusal().unwrap()[0].code, "PROCESSING_HALTED");
    let body: serde_json::Value = serde_json::from_str(&body_text(&transport.sent()[0])).unwrap();
    assert_eq!(body["allOrNone"], true);
    let second = &body["compositeRequest"][1];
    assert_eq!(second["url"], "/services/data/v65.0/sobjects/Contact/@{a.id}");
    assert_eq!(second["httpHeaders"]["If-Unmodified-Since"], "Fri, 20 Nov 2026 10:00:00 GMT");
    assert_eq!(second["httpHeaders"]["Sforce-Auto-Assign"], "FALSE");
    assert_eq!(second["body"], json!({"LastName": "Ann"}));
}

#[tokio::test]
async fn a_part_s_own_header_goes_before_the_client_s_and_reads_get_none() {
    let transport = FakeTransport::new(|_| reply(200, ANSWER));
    let active = WriteOptions { assignment: Assignment::ActiveRules, ..WriteOptions::default() };
    let parts = [
        part(&Method::GET, "sobjects/Account/x", "a"),
        account("b").with_header("Sforce-Auto-Assign", "01QHs00000aBcDeIAA").unwrap(),
    ];
    let client = client(transport.clone()).writing(active);
    client.composite_of(&parts, Together::Independent).await.unwrap();
    let body: serde_json::Value = serde_json::from_str(&body_text(&transport.sent()[0])).unwrap();
    assert!(body["compositeRequest"][0].get("httpHeaders").is_none());
    let own = json!({"Sforce-Auto-Assign": "01QHs00000aBcDeIAA"});
    assert_eq!(body["compositeRequest"][1]["httpHeaders"], own);
}

#[tokio::test]
async fn what_cannot_stand_in_a_call_is_not_sent() {
    for reference in ["", "a-b", "a.b", "ä"] {
        assert!(Part::new(&Method::GET, "query", reference).is_err(), "{reference}");
    }
    for path in ["/services/data", "../x", "https://evil.example/"] {
        assert!(Part::new(&Method::GET, path, "a").is_err(), "{path}");
    }
    assert!(Part::new(&Method::PUT, "query", "a").is_err());
    for header in ["Authorization", "accept", "Content-Type"] {
        assert!(account("a").with_header(header, "x").is_err(), "{header}");
    }
    let transport = FakeTransport::new(|_| reply(200, ANSWER));
    let client = client(transport.clone());
    let many: Vec<Part> = (0..26).map(|index| account(&format!("r{index}"))).collect();
    let queries: Vec<Part> =
        (0..6).map(|index| part(&Method::GET, "query?q=x", &format!("r{index}"))).collect();
    for parts in [many, queries, vec![account("a"), account("a")]] {
        let error = client.composite_of(&parts, Together::Independent).await.unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
    }
    assert!(transport.sent().is_empty());
    assert!(!format!("{:?}", account("a")).contains("Acme"));
}

#[tokio::test]
async fn each_graph_stands_or_falls_as_a_whole() {
    let transport = FakeTransport::new(|_| {
        reply(
            200,
            r#"{"graphs":[
            {"graphId":"two","isSuccessful":false,"graphResponse":{"compositeResponse":[
                {"body":[{"errorCode":"STRING_TOO_LONG","message":"x"}],"httpHeaders":{},"httpStatusCode":400,"referenceId":"a"}]}},
            {"graphId":"one","isSuccessful":true,"graphResponse":{"compositeResponse":[
                {"body":{"id":"0015500001QdQWaAAN","success":true,"errors":[]},"httpHeaders":{},"httpStatusCode":201,"referenceId":"a"}]}}]}"#,
        )
    });
    let graph = |id: &str| Graph { id: id.to_owned(), parts: vec![account("a")] };
    let client = client(transport.clone());
    let answers = client.composite_graphs(&[graph("one"), graph("two")]).await.unwrap();
    assert!(answers[0].is_successful && answers[0].parts[0].status == 201);
    assert!(!answers[1].is_successful);
    assert_eq!(answers[1].parts[0].refusal().unwrap()[0].code, "STRING_TOO_LONG");
    let body: serde_json::Value = serde_json::from_str(&body_text(&transport.sent()[0])).unwrap();
    assert_eq!(body["graphs"][1]["graphId"], "two");
    let query = Graph { id: "q".to_owned(), parts: vec![part(&Method::GET, "query?q=x", "a")] };
    for graphs in [vec![graph("a"), graph("a")], vec![query], vec![graph("x"); 76]] {
        assert!(client.composite_graphs(&graphs).await.is_err());
    }
    let missing = client.composite_graphs(&[graph("one"), graph("three")]).await;
    assert!(matches!(missing, Err(Error::Mismatch { .. })));
    assert_eq!(transport.sent().len(), 2);
}
