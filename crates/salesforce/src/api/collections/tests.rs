//! Collections: each row gets its own result or nobody gets one.

use isthmus_model::ids::RecordId;
use isthmus_model::value::Value;

use crate::api::collections::{CreateRow, RowResult, UpdateRow};
use crate::error::{Error, ErrorClass};
use crate::testing::{FakeTransport, body_text, client, reply};

const ONE: &str = "0015500001QdQWaAAN";
const TWO: &str = "0018M000001oWgPQAU";

fn id(text: &str) -> RecordId {
    RecordId::parse(text).unwrap()
}

fn update(text: &str) -> UpdateRow {
    let values = vec![("Name".to_owned(), Value::from("Acme")), ("Phone".to_owned(), Value::Null)];
    UpdateRow { object: "Account".to_owned(), id: id(text), values }
}

fn create(object: &str) -> CreateRow {
    let values = vec![("Name".to_owned(), Value::from("Acme"))];
    CreateRow { object: object.to_owned(), values }
}

#[tokio::test]
async fn a_partial_failure_keeps_each_rows_own_result() {
    let transport = FakeTransport::new(|_| {
        reply(
            200,
            &format!(
                r#"[{{"id":"{ONE}","success":true,"errors":[]}},
            {{"success":false,"errors":[{{"statusCode":"STRING_TOO_LONG","message":"too long","fields":["Name"]}}]}}]"#
            ),
        )
    });
    let results = client(transport.clone()).update_rows(&[update(ONE), update(TWO)]).await.unwrap();
    assert_eq!(results[0], RowResult::Written { id: id(ONE), created: false });
    let RowResult::Refused(errors) = &results[1] else { panic!("{results:?}") };
    assert_eq!(errors[0].class(), ErrorClass::RowData);
    assert_eq!(errors[0].cause().fields, ["Name"]);
    let expected = format!(
        r#"{{"allOrNone":false,"records":[{{"attributes":{{"type":"Account"}},"id":"{ONE}","Name":"Acme","Phone":null}},{{"attributes":{{"type":"Account"}},"id":"{TWO}","Name":"Acme","Phone":null}}]}}"#
    );
    assert_eq!(body_text(&transport.sent()[0]), expected);
}

#[tokio::test]
async fn results_that_do_not_fit_the_rows_are_refused_as_a_whole() {
    let bodies = [
        format!(r#"[{{"id":"{ONE}","success":true,"errors":[]}}]"#),
        format!(
            r#"[{{"id":"{TWO}","success":true,"errors":[]}},{{"id":"{ONE}","success":true,"errors":[]}}]"#
        ),
        format!(r#"[{{"id":"{ONE}","success":true,"errors":[]}},{{"success":false,"errors":[]}}]"#),
        format!(
            r#"[{{"id":"{ONE}","success":true,"errors":[]}},{{"id":"not an id","success":true,"errors":[]}}]"#
        ),
    ];
    for body in bodies {
        let transport = FakeTransport::new(move |_| reply(200, &body));
        let error = client(transport).update_rows(&[update(ONE), update(TWO)]).await.unwrap_err();
        assert!(matches!(error, Error::Mismatch { .. }), "{error:?}");
        assert!(error.outcome_unknown());
    }
}

#[tokio::test]
async fn a_success_without_an_id_is_refused_for_a_create() {
    let transport = FakeTransport::new(|_| reply(200, r#"[{"success":true,"errors":[]}]"#));
    let error = client(transport).create_rows(&[create("Account")]).await.unwrap_err();
    assert!(matches!(error, Error::Mismatch { .. }));
}

#[tokio::test]
async fn more_than_200_rows_or_10_chunks_are_never_sent() {
    let transport = FakeTransport::new(|_| reply(200, "[]"));
    let client = client(transport.clone());
    let many = vec![create("Account"); 201];
    assert!(matches!(client.create_rows(&many).await, Err(Error::Invalid { .. })));
    let mixed: Vec<CreateRow> =
        (0..11).map(|index| create(if index % 2 == 0 { "Account" } else { "Contact" })).collect();
    assert!(matches!(client.create_rows(&mixed).await, Err(Error::Invalid { .. })));
    assert!(transport.sent().is_empty());
}

#[tokio::test]
async fn the_same_record_or_key_twice_in_one_call_is_never_sent() {
    let transport = FakeTransport::new(|_| reply(200, "[]"));
    let client = client(transport.clone());
    assert!(client.update_rows(&[update(ONE), update(ONE)]).await.is_err());
    let row = vec![("ERP_Key__c".to_owned(), Value::from("A-1"))];
    assert!(client.upsert_rows("Account", "ERP_Key__c", &[row.clone(), row]).await.is_err());
    let blank = vec![("ERP_Key__c".to_owned(), Value::from(" "))];
    assert!(client.upsert_rows("Account", "ERP_Key__c", &[blank]).await.is_err());
    assert!(transport.sent().is_empty());
}

#[tokio::test]
async fn an_upsert_tells_new_records_from_old_ones() {
    let transport = FakeTransport::new(|_| {
        reply(
            200,
            &format!(
                r#"[{{"id":"{ONE}","success":true,"created":true,"errors":[]}},{{"id":"{TWO}","success":true,"created":false,"errors":[]}}]"#
            ),
        )
    });
    let row = |key: &str| vec![("ERP_Key__c".to_owned(), Value::from(key))];
    let rows = [row("A-1"), row("A-2")];
    let results =
        client(transport.clone()).upsert_rows("Account", "ERP_Key__c", &rows).await.unwrap();
    assert_eq!(results[0], RowResult::Written { id: id(ONE), created: true });
    assert_eq!(results[1], RowResult::Written { id: id(TWO), created: false });
    let request = &transport.sent()[0];
    assert_eq!(request.method, "PATCH");
    assert!(request.url.path().ends_with("/composite/sobjects/Account/ERP_Key__c"));
}

#[tokio::test]
async fn a_reply_lost_as_html_leaves_every_row_unknown() {
    let transport = FakeTransport::new(|_| reply(503, "<html>busy</html>"));
    let error = client(transport).create_rows(&[create("Account")]).await.unwrap_err();
    assert!(error.outcome_unknown());
}

#[tokio::test]
async fn deletes_name_their_ids_and_nothing_is_sent_for_none() {
    let transport = FakeTransport::new(|_| {
        reply(200, &format!(r#"[{{"id":"{ONE}","success":true,"errors":[]}}]"#))
    });
    let client = client(transport.clone());
    assert!(client.delete_rows(&[]).await.unwrap().is_empty());
    client.delete_rows(&[id(ONE)]).await.unwrap();
    assert_eq!(transport.sent().len(), 1);
    assert_eq!(
        transport.sent()[0].url.query(),
        Some(format!("ids={ONE}&allOrNone=false").as_str())
    );
}

#[tokio::test]
async fn an_object_name_with_more_in_it_is_never_sent() {
    let transport = FakeTransport::new(|_| reply(200, "[]"));
    let client = client(transport.clone());
    for name in ["Account/../Contact", "Account?x", "", "1Account", "Account%2F", "Акк"] {
        assert!(
            matches!(client.create_rows(&[create(name)]).await, Err(Error::Invalid { .. })),
            "{name}"
        );
        assert!(matches!(client.describe(name).await, Err(Error::Invalid { .. })), "{name}");
    }
    assert!(transport.sent().is_empty());
}
