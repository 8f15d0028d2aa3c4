//! Records by key and by id: addresses, conditions, and what each status means.

use isthmus_model::ids::RecordId;
use isthmus_model::value::Value;

use crate::api::records::{KeyMissing, Updated, Upserted};
use crate::error::ErrorClass;
use crate::row::RowShape;
use crate::testing::{FakeTransport, body_text, client, reply};

const ID: &str = "0015500001QdQWaAAN";

fn id() -> RecordId {
    RecordId::parse(ID).unwrap()
}

fn name() -> Vec<(String, Value)> {
    vec![("Name".to_owned(), Value::from("Acme"))]
}

fn saved(created: &str) -> String {
    format!(r#"{{"id":"{ID}","success":true,"errors":[]{created}}}"#)
}

fn shape() -> RowShape {
    RowShape::with_kinds(&["Id".to_owned(), "Name".to_owned()], vec![None, None]).unwrap()
}

#[tokio::test]
async fn an_upsert_reads_its_outcome_from_the_body_or_else_from_the_status() {
    for (status, created, expected) in [
        (201, r#","created":true"#, Upserted::Created(id())),
        (200, r#","created":false"#, Upserted::Updated(id())),
        (201, "", Upserted::Created(id())),
        (200, "", Upserted::Updated(id())),
    ] {
        let body = saved(created);
        let transport = FakeTransport::new(move |_| reply(status, &body));
        let outcome = client(transport).upsert_record("Account", "Key__c", "1", &name()).await;
        assert_eq!(outcome.unwrap(), expected, "{status} {created}");
    }
}

#[tokio::test]
async fn an_upsert_that_may_not_create_says_so_and_is_refused_for_an_unknown_key() {
    let transport = FakeTransport::new(|_| {
        reply(
            404,
            r#"[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]"#,
        )
    });
    let outcome = client(transport.clone())
        .upsert_record_or(KeyMissing::Refuse, "Account", "Key__c", "A/1", &name())
        .await;
    assert!(outcome.unwrap_err().has_code("NOT_FOUND"));
    let url = transport.sent()[0].url.clone();
    assert_eq!(url.path(), "/services/data/v65.0/sobjects/Account/Key__c/A%2F1");
    assert_eq!(url.query(), Some("updateOnly=true"));
}

#[tokio::test]
async fn a_record_is_created_by_the_address_of_upserts_too() {
    let body = saved(r#","created":true"#);
    let transport = FakeTransport::new(move |_| reply(201, &body));
    let created = client(transport.clone()).create_by_id_path("Account", &name()).await.unwrap();
    assert_eq!(created, id());
    let request = &transport.sent()[0];
    assert_eq!(
        (request.method.as_str(), request.url.path()),
        ("POST", "/services/data/v65.0/sobjects/Account/Id")
    );
    assert_eq!(body_text(request), r#"{"Name":"Acme"}"#);
}

#[tokio::test]
async fn a_record_is_read_and_deleted_by_its_key() {
    let transport = FakeTransport::new(|request| match request.method.as_str() {
        "GET" => reply(
            200,
            &format!(r#"{{"attributes":{{"type":"Account"}},"Id":"{ID}","Name":"Acme"}}"#),
        ),
        _ => reply(204, ""),
    });
    let client = client(transport.clone());
    let row = client.get_by_key("Account", "Key__c", "A 1", &shape()).await.unwrap();
    assert_eq!(row.values[1], Value::from("Acme"));
    client.delete_by_key("Account", "Key__c", "A 1").await.unwrap();
    let sent = transport.sent();
    assert_eq!(sent[0].url.path(), "/services/data/v65.0/sobjects/Account/Key__c/A%201");
    assert_eq!(sent[0].url.query(), Some("fields=Id,Name"));
    assert_eq!(sent[1].url.path(), sent[0].url.path());
    for key in ["", " ", "..", "."] {
        assert!(client.delete_by_key("Account", "Key__c", key).await.is_err(), "{key:?}");
    }
    assert_eq!(transport.sent().len(), 2);
}

#[tokio::test]
async fn several_records_of_one_key_are_named_whatever_was_asked() {
    let body = r#"["/services/data/v68.0/sobjects/Account/001A","/services/data/v68.0/sobjects/Account/001B"]"#;
    let transport = FakeTransport::new(move |_| reply(300, body));
    let client = client(transport);
    let read = client.get_by_key("Account", "Key__c", "1", &shape()).await.unwrap_err();
    let gone = client.delete_by_key("Account", "Key__c", "1").await.unwrap_err();
    for error in [read, gone] {
        assert_eq!(error.code(), "DUPLICATE_EXTERNAL_ID");
        assert!(error.to_string().contains("001A, 001B"), "{error}");
    }
}

#[tokio::test]
async fn a_condition_that_is_not_met_is_no_failure_and_one_nobody_set_is() {
    for body in ["", r#"[{"errorCode":"PRECONDITION_FAILED","message":"changed"}]"#] {
        let transport = FakeTransport::new(move |_| reply(412, body));
        let client = client(transport.clone());
        let since = "2026-11-20T10:00:00.9Z".parse().ok();
        let outcome = client.update_record("Account", id(), &name(), since).await.unwrap();
        assert_eq!(outcome, Updated::ChangedMeanwhile);
        let sent = transport.sent().remove(0);
        assert_eq!(sent.headers["if-unmodified-since"], "Fri, 20 Nov 2026 10:00:00 GMT");
        let error = client.update_record("Account", id(), &name(), None).await.unwrap_err();
        assert!(error.is_precondition_failed() && !error.outcome_unknown());
        assert_eq!((error.code(), error.class()), ("PRECONDITION_FAILED", ErrorClass::RowData));
        assert!(error.remedy().contains("read and merged again"));
    }
}
