//! Undelete and merge: what is sent, what comes back, and faults.

use std::sync::Arc;

use isthmus_model::ids::RecordId;
use isthmus_model::value::Value;

use crate::api::collections::RowResult;
use crate::error::{AuthError, Error, ErrorClass};
use crate::session::Session;
use crate::soap::{MergeRequest, MergeResult};
use crate::testing::{
    Answer, FakeTransport, Journal, MemoryStore, app, body_text, client, client_with, org_id,
    reply, token_body,
};
use crate::xml::Element;

const ONE: &str = "0015500001QdQWaAAN";
const TWO: &str = "0018M000001oWgPQAU";

fn id(text: &str) -> RecordId {
    RecordId::parse(text).unwrap()
}

fn answer(inner: &str) -> Answer {
    reply(
        200,
        &format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com"><soapenv:Header><LimitInfoHeader><limitInfo><current>5</current><limit>15000</limit><type>API REQUESTS</type></limitInfo></LimitInfoHeader></soapenv:Header><soapenv:Body>{inner}</soapenv:Body></soapenv:Envelope>"#
        ),
    )
}

fn fault(code: &str, text: &str) -> Answer {
    reply(
        500,
        &format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:sf="urn:fault.partner.soap.sforce.com"><soapenv:Body><soapenv:Fault><faultcode>sf:{code}</faultcode><faultstring>{code}: {text}</faultstring></soapenv:Fault></soapenv:Body></soapenv:Envelope>"#
        ),
    )
}

fn result(id: &str, outcome: &str) -> String {
    format!("<result><id>{id}</id>{outcome}</result>")
}

const REFUSED: &str = "<errors><message>entity is not in recycle bin</message><statusCode>UNDELETE_FAILED</statusCode></errors><success>false</success>";

#[tokio::test]
async fn each_record_comes_back_or_says_why_not() {
    let transport = FakeTransport::new(|_| {
        let results = result(ONE, "<success>true</success>") + &result(TWO, REFUSED);
        answer(&format!("<undeleteResponse>{results}</undeleteResponse>"))
    });
    let rows = client(transport.clone()).undelete(&[id(ONE), id(TWO)]).await.unwrap();
    assert_eq!(rows[0], RowResult::Written { id: id(ONE), created: false });
    let RowResult::Refused(errors) = &rows[1] else { panic!("{rows:?}") };
    assert_eq!(
        (errors[0].code.as_str(), errors[0].class()),
        ("UNDELETE_FAILED", ErrorClass::RowData)
    );
    let request = &transport.sent()[0];
    assert_eq!(request.url.path(), "/services/Soap/u/65.0");
    assert_eq!(request.headers["soapaction"], "\"\"");
    assert_eq!(request.headers["content-type"], "text/xml; charset=UTF-8");
    let envelope = Element::parse(&body_text(request)).unwrap();
    let header = envelope.child("Header").unwrap();
    assert_eq!(header.child("SessionHeader").unwrap().text_of("sessionId"), Some("token"));
    assert_eq!(header.child("CallOptions").unwrap().text_of("client"), Some("Isthmus-acme"));
    let operation = envelope.child("Body").unwrap().child("undelete").unwrap();
    assert_eq!(operation.all("ids").map(|id| id.text.as_str()).collect::<Vec<_>>(), [ONE, TWO]);
}

#[tokio::test]
async fn a_merge_names_winner_losers_and_values_in_the_wsdl_s_order() {
    let transport = FakeTransport::new(|_| {
        let merged = format!(
            "<mergedRecordIds>{TWO}</mergedRecordIds><success>true</success><updatedRelatedIds>0035500001H9cakAAB</updatedRelatedIds>"
        );
        answer(&format!("<mergeResponse>{}</mergeResponse>", result(ONE, &merged)))
    });
    let merge = MergeRequest {
        object: "Account".to_owned(),
        winner: id(ONE),
        values: vec![
            ("Name".to_owned(), Value::from("A & <B>")),
            ("Phone".to_owned(), Value::Null),
            ("NumberOfEmployees".to_owned(), Value::Number("7.50".parse().unwrap())),
        ],
        losers: vec![id(TWO)],
    };
    let results = client(transport.clone()).merge(std::slice::from_ref(&merge)).await.unwrap();
    let moved = vec![id("0035500001H9cakAAB")];
    assert_eq!(results, [MergeResult::Merged { winner: id(ONE), merged: vec![id(TWO)], moved }]);
    let envelope = Element::parse(&body_text(&transport.sent()[0])).unwrap();
    let request = envelope.child("Body").unwrap().child("merge").unwrap().child("request").unwrap();
    let record = request.child("masterRecord").unwrap();
    let written: Vec<(&str, &str)> =
        record.children.iter().map(|child| (child.name.as_str(), child.text.as_str())).collect();
    let expected = [
        ("type", "Account"),
        ("fieldsToNull", "Phone"),
        ("Id", ONE),
        ("Name", "A & <B>"),
        ("NumberOfEmployees", "7.5"),
    ];
    assert_eq!(written, expected);
    assert_eq!(request.text_of("recordToMergeIds"), Some(TWO));

    let none = MergeRequest { losers: vec![], ..merge.clone() };
    let itself = MergeRequest { losers: vec![id(ONE)], ..merge.clone() };
    let twice = MergeRequest { losers: vec![id(TWO), id(TWO)], ..merge.clone() };
    let broken =
        MergeRequest { values: vec![("Name".to_owned(), Value::from("a\u{1}b"))], ..merge.clone() };
    let client = client(transport.clone());
    for merge in [none, itself, twice, broken] {
        assert!(matches!(client.merge(&[merge]).await, Err(Error::Invalid { .. })));
    }
    assert_eq!(transport.sent().len(), 1);
}

#[tokio::test]
async fn results_that_do_not_fit_the_records_are_no_results() {
    for inner in [
        "<undeleteResponse></undeleteResponse>".to_owned(),
        format!("<undeleteResponse>{}</undeleteResponse>", result(TWO, "<success>true</success>")),
        format!("<undeleteResponse>{}</undeleteResponse>", result(ONE, "<success>false</success>")),
        "<otherResponse></otherResponse>".to_owned(),
        "<undeleteResponse>".to_owned(),
    ] {
        let transport = FakeTransport::new(move |_| answer(&inner));
        let error = client(transport).undelete(&[id(ONE)]).await.unwrap_err();
        assert!(error.outcome_unknown(), "{error:?}");
    }
}

#[tokio::test]
async fn a_fault_is_the_error_it_names() {
    for (code, text, class) in [
        ("INVALID_TYPE", "sObject type 'X' is not supported", ErrorClass::Configuration),
        ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", ErrorClass::Limit),
        ("SERVER_UNAVAILABLE", "server too busy", ErrorClass::Retry),
        ("BRAND_NEW", "?", ErrorClass::Unknown),
    ] {
        let transport = FakeTransport::new(move |_| fault(code, text));
        let error = client(transport).undelete(&[id(ONE)]).await.unwrap_err();
        assert_eq!((error.code(), error.class()), (code, class));
        assert_eq!(error.to_string(), format!("{code}: {text}"));
    }
}

#[tokio::test]
async fn a_session_that_is_over_is_renewed_in_the_body_too() {
    let transport = FakeTransport::new(|request| match request.url.path() {
        "/services/oauth2/token" => reply(200, &token_body("fresh", None)),
        _ if body_text(request).contains("<p:sessionId>fresh</p:sessionId>") => {
            let done = result(ONE, "<success>true</success>");
            answer(&format!("<undeleteResponse>{done}</undeleteResponse>"))
        }
        _ => fault("INVALID_SESSION_ID", "Invalid Session ID found in SessionHeader"),
    });
    let store = MemoryStore::holding("stale", Some("first"), Journal::default());
    let session = Session::new(transport.clone(), store, app(), org_id());
    let renewed = client_with(transport.clone(), Arc::new(session));
    assert_eq!(renewed.undelete(&[id(ONE)]).await.unwrap().len(), 1);
    assert_eq!(transport.sent().len(), 3);
    let fixed = client(FakeTransport::new(|_| fault("INVALID_SESSION_ID", "gone")));
    let error = fixed.undelete(&[id(ONE)]).await.unwrap_err();
    assert!(matches!(error, Error::Auth(AuthError::NoRefreshToken)), "{error:?}");
}
