//! Trees: what is sent, and what comes back for the whole or for the records at fault.

use std::collections::BTreeMap;

use isthmus_model::value::Value;

use crate::api::composite::tree::{TreeRecord, TreeResult};
use crate::error::{Error, ErrorClass};
use crate::testing::{FakeTransport, body_text, client, reply};

fn record(object: &str, reference: &str) -> TreeRecord {
    TreeRecord {
        object: object.to_owned(),
        reference: reference.to_owned(),
        values: vec![("Name".to_owned(), Value::from("Acme"))],
        children: BTreeMap::new(),
    }
}

fn family() -> TreeRecord {
    let children = BTreeMap::from([("Contacts".to_owned(), vec![record("Contact", "ref2")])]);
    TreeRecord { children, ..record("Account", "ref1") }
}

#[tokio::test]
async fn a_tree_is_created_whole_and_names_each_record() {
    let transport = FakeTransport::new(|_| {
        reply(
            201,
            r#"{"hasErrors":false,"results":[{"referenceId":"ref1","id":"0015500001QdQWaAAN"},
            {"referenceId":"ref2","id":"0035500001H9cakAAB"}]}"#,
        )
    });
    let outcome = client(transport.clone()).create_tree(&[family()]).await.unwrap();
    let TreeResult::Created(ids) = outcome else { panic!("{outcome:?}") };
    assert_eq!(ids["ref2"].key_prefix(), "003");
    assert_eq!(transport.sent()[0].url.path(), "/services/data/v65.0/composite/tree/Account");
    assert_eq!(
        body_text(&transport.sent()[0]),
        r#"{"records":[{"attributes":{"referenceId":"ref1","type":"Account"},"Name":"Acme","Contacts":{"records":[{"attributes":{"referenceId":"ref2","type":"Contact"},"Name":"Acme"}]}}]}"#
    );
}

#[tokio::test]
async fn a_tree_that_is_refused_names_the_record_at_fault() {
    let transport = FakeTransport::new(|_| {
        reply(
            400,
            r#"{"hasErrors":true,"results":[{"referenceId":"ref2","errors":[
            {"statusCode":"INVALID_EMAIL_ADDRESS","message":"Email: invalid email address: 123","fields":["Email"]}]}]}"#,
        )
    });
    let outcome = client(transport).create_tree(&[family()]).await.unwrap();
    let TreeResult::Refused(errors) = outcome else { panic!("{outcome:?}") };
    assert_eq!(errors["ref2"][0].fields, ["Email"]);
    assert_eq!(errors["ref2"][0].class(), ErrorClass::RowData);
}

#[tokio::test]
async fn another_refusal_stays_what_it_is_and_a_wrong_answer_is_no_success() {
    let refused =
        r#"[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]"#;
    let transport = FakeTransport::new(move |_| reply(404, refused));
    let error = client(transport).create_tree(&[family()]).await.unwrap_err();
    assert!(error.has_code("NOT_FOUND"));
    for body in [
        r#"{"hasErrors":false,"results":[{"referenceId":"ref1","id":"0015500001QdQWaAAN"}]}"#,
        r#"{"hasErrors":true,"results":[]}"#,
    ] {
        let transport = FakeTransport::new(move |_| reply(201, body));
        let error = client(transport).create_tree(&[family()]).await.unwrap_err();
        assert!(matches!(error, Error::Mismatch { .. }) && error.outcome_unknown(), "{error:?}");
    }
}

#[tokio::test]
async fn a_tree_beyond_the_limits_is_not_sent() {
    let transport = FakeTransport::new(|_| reply(201, "{}"));
    let client = client(transport.clone());
    let many: Vec<TreeRecord> =
        (0..201).map(|number| record("Account", &format!("r{number}"))).collect();
    let mut deep = record("Account", "r0");
    for level in 1..6 {
        let children = BTreeMap::from([("Children__r".to_owned(), vec![deep])]);
        deep = TreeRecord { children, ..record("Account", &format!("r{level}")) };
    }
    let twice = vec![record("Account", "a"), record("Account", "a")];
    let mixed = vec![record("Account", "a"), record("Contact", "b")];
    for records in [many, vec![deep], twice, mixed] {
        assert!(matches!(client.create_tree(&records).await, Err(Error::Invalid { .. })));
    }
    assert!(transport.sent().is_empty());
}
