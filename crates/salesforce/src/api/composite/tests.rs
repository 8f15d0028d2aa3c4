//! Conditional updates and windows of many objects in one call.

use isthmus_model::ids::RecordId;
use isthmus_model::value::Value;
use jiff::Timestamp;

use crate::api::composite::conditional::{ConditionalResult, ConditionalUpdate};
use crate::api::records::{Updated, Upserted};
use crate::error::Error;
use crate::row::RowShape;
use crate::testing::{FakeTransport, body_text, client, reply};

const ONE: &str = "0015500001QdQWaAAN";
const TWO: &str = "0018M000001oWgPQAU";

fn moment() -> Timestamp {
    "2026-11-20T10:00:00.9Z".parse().unwrap()
}

fn update(id: &str) -> ConditionalUpdate {
    ConditionalUpdate {
        object: "Account".to_owned(),
        id: RecordId::parse(id).unwrap(),
        values: vec![("Name".to_owned(), Value::from("Acme"))],
        unmodified_since: moment(),
    }
}

#[tokio::test]
async fn each_conditional_update_gets_its_own_answer_by_reference() {
    let transport = FakeTransport::new(|_| {
        reply(
            200,
            r#"{"compositeResponse":[
            {"body":[{"errorCode":"UNABLE_TO_LOCK_ROW","message":"locked"}],"httpHeaders":{},"httpStatusCode":400,"referenceId":"part2"},
            {"body":null,"httpHeaders":{},"httpStatusCode":412,"referenceId":"part1"},
            {"body":null,"httpHeaders":{},"httpStatusCode":204,"referenceId":"part0"}]}"#,
        )
    });
    let updates = [update(ONE), update(TWO), update("0015500001QdZPKAA3")];
    let results = client(transport.clone()).update_if_unmodified(&updates).await.unwrap();
    assert_eq!(results[..2], [ConditionalResult::Written, ConditionalResult::ChangedMeanwhile]);
    assert!(
        matches!(&results[2], ConditionalResult::Refused(errors) if errors[0].code == "UNABLE_TO_LOCK_ROW")
    );
    let body = body_text(&transport.sent()[0]);
    assert!(
        body.starts_with(r#"{"allOrNone":false,"compositeRequest":[{"method":"PATCH","#),
        "{body}"
    );
    assert!(
        body.contains(r#""httpHeaders":{"If-Unmodified-Since":"Fri, 20 Nov 2026 10:00:00 GMT","Sforce-Auto-Assign":"FALSE"}"#),
        "{body}"
    );
}

#[tokio::test]
async fn answers_that_do_not_fit_the_parts_are_refused() {
    for answers in [
        r#"{"body":null,"httpStatusCode":204,"referenceId":"part0"}"#,
        r#"{"body":null,"httpStatusCode":204,"referenceId":"part0"},{"body":null,"httpStatusCode":204,"referenceId":"part0"}"#,
        r#"{"body":null,"httpStatusCode":204,"referenceId":"part0"},{"body":null,"httpStatusCode":204,"referenceId":"other"}"#,
    ] {
        let body = format!(r#"{{"compositeResponse":[{answers}]}}"#);
        let transport = FakeTransport::new(move |_| reply(200, &body));
        let outcome = client(transport).update_if_unmodified(&[update(ONE), update(TWO)]).await;
        assert!(matches!(outcome, Err(Error::Mismatch { .. })), "{outcome:?}");
    }
}

#[tokio::test]
async fn more_than_25_parts_are_never_sent() {
    let transport = FakeTransport::new(|_| reply(200, "{}"));
    let updates = vec![update(ONE); 26];
    assert!(client(transport.clone()).update_if_unmodified(&updates).await.is_err());
    assert!(transport.sent().is_empty());
}

#[tokio::test]
async fn many_objects_windows_cost_one_call_and_refuse_one_by_one() {
    let transport = FakeTransport::new(|_| {
        reply(
            200,
            &format!(
                r#"{{"compositeResponse":[
            {{"body":{{"ids":["{ONE}"],"latestDateCovered":"2026-11-20T09:58:00.000+0000"}},"httpHeaders":{{}},"httpStatusCode":200,"referenceId":"part0"}},
            {{"body":[{{"errorCode":"INVALID_REPLICATION_DATE","message":"too old"}}],"httpHeaders":{{}},"httpStatusCode":400,"referenceId":"part1"}}]}}"#
            ),
        )
    });
    let start: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
    let windows = [("Account", start, moment()), ("Contact", start, moment())];
    let answers = client(transport.clone()).updated_of_many(&windows).await.unwrap();
    let first = answers[0].as_ref().unwrap();
    assert_eq!(first.latest_date_covered.to_string(), "2026-11-20T09:58:00Z");
    assert_eq!(answers[1].as_ref().unwrap_err()[0].code, "INVALID_REPLICATION_DATE");
    let body = body_text(&transport.sent()[0]);
    assert!(body.contains("/sobjects/Account/updated/?start=2026-11-01T00%3A00%3A00%2B00%3A00&end=2026-11-20T10%3A00%3A00%2B00%3A00"), "{body}");
}

#[tokio::test]
async fn deletions_bring_their_dates_and_how_far_back_they_reach() {
    let transport = FakeTransport::new(|_| {
        reply(
            200,
            &format!(
                r#"{{"deletedRecords":[{{"id":"{ONE}","deletedDate":"2026-11-20T09:00:07.000+0000"}}],
            "earliestDateAvailable":"2026-11-05T15:57:00.000+0000","latestDateCovered":"2026-11-20T10:00:00.000+0000"}}"#
            ),
        )
    });
    let deleted = client(transport).deleted("Account", moment(), moment()).await.unwrap();
    assert_eq!(deleted.records[0].0.as_str(), ONE);
    assert_eq!(deleted.earliest_date_available.to_string(), "2026-11-05T15:57:00Z");
}

#[tokio::test]
async fn a_single_update_with_condition_tells_a_change_from_an_error() {
    let transport = FakeTransport::new(|_| reply(412, ""));
    let client = client(transport.clone());
    let id = RecordId::parse(ONE).unwrap();
    let values = [("Name".to_owned(), Value::from("Acme"))];
    let outcome = client.update_record("Account", id, &values, Some(moment())).await.unwrap();
    assert_eq!(outcome, Updated::ChangedMeanwhile);
    assert_eq!(transport.sent()[0].headers["if-unmodified-since"], "Fri, 20 Nov 2026 10:00:00 GMT");
    assert!(client.update_record("Account", id, &values, None).await.is_err());
}

#[tokio::test]
async fn an_upsert_by_address_encodes_its_key_and_leaves_it_out_of_the_body() {
    let transport = FakeTransport::new(|_| {
        reply(201, &format!(r#"{{"id":"{ONE}","success":true,"errors":[],"created":true}}"#))
    });
    let client = client(transport.clone());
    let values =
        [("ERP_Key__c".to_owned(), Value::from("A/1 é")), ("Name".to_owned(), Value::from("Acme"))];
    let outcome = client.upsert_record("Account", "ERP_Key__c", "A/1 é", &values).await.unwrap();
    assert_eq!(outcome, Upserted::Created(RecordId::parse(ONE).unwrap()));
    let request = &transport.sent()[0];
    assert!(
        request.url.path().ends_with("/sobjects/Account/ERP_Key__c/A%2F1%20%C3%A9"),
        "{}",
        request.url
    );
    assert_eq!(body_text(request), r#"{"Name":"Acme"}"#);
    for climbing in ["", " ", ".", ".."] {
        assert!(matches!(
            client.upsert_record("Account", "ERP_Key__c", climbing, &values).await,
            Err(Error::Invalid { .. })
        ));
    }
    assert_eq!(transport.sent().len(), 1);
}

#[tokio::test]
async fn an_upsert_that_fits_several_records_names_them() {
    let transport = FakeTransport::new(|_| {
        reply(
            300,
            &format!(
                r#"["/services/data/v65.0/sobjects/Account/{ONE}","/services/data/v65.0/sobjects/Account/{TWO}"]"#
            ),
        )
    });
    let error =
        client(transport).upsert_record("Account", "Legacy_Code__c", "L1", &[]).await.unwrap_err();
    assert_eq!(error.code(), "DUPLICATE_EXTERNAL_ID");
    assert!(error.to_string().contains(ONE) && error.to_string().contains(TWO));
}

#[tokio::test]
async fn retrieved_records_stay_in_the_order_of_their_ids_with_gaps() {
    let fields = ["Id".to_owned(), "Name".to_owned()];
    let shape = RowShape::with_kinds(&fields, vec![Some("id".to_owned().into()), None]).unwrap();
    let ids = [RecordId::parse(ONE).unwrap(), RecordId::parse(TWO).unwrap()];
    let body = |id: &str| {
        format!(r#"[null,{{"attributes":{{"type":"Account"}},"Id":"{id}","Name":"Acme"}}]"#)
    };
    let right = body(TWO);
    let transport = FakeTransport::new(move |_| reply(200, &right));
    let rows = client(transport.clone()).retrieve("Account", &ids, &shape).await.unwrap();
    assert!(rows[0].is_none());
    assert_eq!(rows[1].as_ref().unwrap().id(), Some(ids[1]));
    assert_eq!(
        body_text(&transport.sent()[0]),
        format!(r#"{{"ids":["{ONE}","{TWO}"],"fields":["Id","Name"]}}"#)
    );
    let wrong = body(ONE);
    let transport = FakeTransport::new(move |_| reply(200, &wrong));
    assert!(matches!(
        client(transport).retrieve("Account", &ids, &shape).await,
        Err(Error::Mismatch { .. })
    ));
}
