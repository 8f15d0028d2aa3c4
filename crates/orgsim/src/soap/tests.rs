//! SOAP calls through the router.

use serde_json::{Value, json};

use crate::bulk::tests::fixtures::{Answer, Desk};
use crate::router::lock;
use crate::xml::Element;

fn envelope(header: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><env:Envelope xmlns:env=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:u=\"urn:partner.soap.sforce.com\"><env:Header>{header}</env:Header><env:Body>{body}</env:Body></env:Envelope>"
    )
}

fn post(desk: &Desk, path: &str, header: &str, body: &str) -> Answer {
    desk.send("POST", path, "text/xml", envelope(header, body).as_bytes())
}

/// The results of a call with the desk's session.
#[track_caller]
fn results(desk: &Desk, body: &str) -> Vec<Element> {
    let header =
        format!("<u:SessionHeader><u:sessionId>{}</u:sessionId></u:SessionHeader>", desk.token);
    let answer = post(desk, "/services/Soap/u/68.0", &header, body);
    assert_eq!(answer.status, 200, "{}", answer.text);
    let envelope = Element::parse(&answer.text).expect("a document");
    let response = envelope.children[0].children[0].clone();
    response.children
}

#[test]
fn login_opens_a_session_that_the_rest_api_takes() {
    let desk = Desk::new();
    let (username, password) = {
        let org = lock(&desk.org);
        (org.user.username.clone(), org.user.password.clone())
    };
    let login = |password: &str| {
        format!(
            "<u:login><u:username>{username}</u:username><u:password>{password}</u:password></u:login>"
        )
    };
    let answer = post(&desk, "/services/Soap/u/64.0", "", &login(&password));
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/xml;charset=UTF-8"));
    let envelope = Element::parse(&answer.text).expect("a document");
    let result = &envelope.children[0].children[0].children[0];
    assert!(
        result.text_of("serverUrl").is_some_and(|url| url.contains("/services/Soap/u/64.0/00D"))
    );
    let desk =
        Desk { token: result.text_of("sessionId").expect("a session").to_owned(), org: desk.org };
    assert_eq!(desk.get("/services/data/v68.0/limits").status, 200);

    let wrong = post(&desk, "/services/Soap/u/64.0", "", &login("wrong"));
    assert_eq!(wrong.status, 500);
    for part in [
        "<faultcode>INVALID_LOGIN</faultcode>",
        "<faultstring>INVALID_LOGIN: Invalid username, password, security token; or user locked out.</faultstring>",
        "<sf:LoginFault xsi:type=\"sf:LoginFault\"><sf:exceptionCode>INVALID_LOGIN</sf:exceptionCode>",
    ] {
        assert!(wrong.text.contains(part), "{}", wrong.text);
    }
    let newer = post(&desk, "/services/Soap/u/65.0", "", &login(&password));
    assert!(
        newer.status == 500 && newer.text.contains("UNSUPPORTED_API_VERSION"),
        "{}",
        newer.text
    );
    assert_eq!(desk.call("POST", "/__orgsim/soap", json!({ "login": "disabled" })).status, 200);
    let disabled = post(&desk, "/services/Soap/c/64.0", "", &login(&password));
    assert!(disabled.text.contains("SOAP API login() is disabled by default in this org."));
    assert!(disabled.text.contains("urn:fault.enterprise.soap.sforce.com"));
}

#[test]
fn a_call_needs_a_live_session_and_a_known_name() {
    let desk = Desk::new();
    let header = "<u:SessionHeader><u:sessionId>00D!dead</u:sessionId></u:SessionHeader>";
    let dead = post(&desk, "/services/Soap/u/68.0", header, "<u:getUserInfo/>");
    assert!(
        dead.status == 500 && dead.text.contains("<faultcode>sf:INVALID_SESSION_ID</faultcode>")
    );
    let by_bearer = post(&desk, "/services/Soap/u/68.0/00D5i0000000001", "", "<u:getUserInfo/>");
    assert!(
        by_bearer.text.contains("<userName>admin@example.com</userName>"),
        "{}",
        by_bearer.text
    );
    let unknown = post(&desk, "/services/Soap/u/68.0", "", "<u:convertCurrency/>");
    assert!(unknown.text.contains(
        "No operation available for request {urn:partner.soap.sforce.com}convertCurrency"
    ));
    let broken = desk.send("POST", "/services/Soap/u/68.0", "text/xml", b"<a>&Cl;</a>");
    assert!(broken.status == 500 && broken.text.contains("UNKNOWN_EXCEPTION"), "{}", broken.text);
}

#[test]
fn undelete_answers_id_by_id() {
    let desk = Desk::new();
    let id = desk.row("Account", json!({ "Name": "Gone" }));
    desk.call("DELETE", &format!("/services/data/v68.0/sobjects/Account/{id}"), Value::Null);
    let results =
        results(&desk, &format!("<u:undelete><u:ids>{id}</u:ids><u:ids>{id}</u:ids></u:undelete>"));
    let success: Vec<Option<&str>> = results.iter().map(|own| own.text_of("success")).collect();
    assert_eq!(success, [Some("true"), Some("false")]);
    assert_eq!(results[0].text_of("id"), Some(id.as_str()));
    let error = results[1].child("errors").expect("an error");
    assert_eq!(error.text_of("statusCode"), Some("UNDELETE_FAILED"));
    assert_eq!(desk.rows("SELECT Name FROM Account").len(), 1);
}

#[test]
fn a_merge_hangs_children_under_the_master_and_marks_the_loser() {
    let desk = Desk::new();
    let master = desk.row("Account", json!({ "Name": "Master", "Phone": "1" }));
    let loser = desk.row("Account", json!({ "Name": "Loser" }));
    let child = desk.row("Contact", json!({ "LastName": "Doe", "AccountId": loser }));
    let body = format!(
        "<u:merge><u:request><u:masterRecord><type>Account</type><fieldsToNull>Phone</fieldsToNull><Id>{master}</Id>\
         <Name>Kept &amp; named</Name></u:masterRecord><u:recordToMergeIds>{loser}</u:recordToMergeIds></u:request></u:merge>"
    );
    let results = results(&desk, &body);
    assert_eq!(results[0].text_of("mergedRecordIds"), Some(loser.as_str()), "{results:?}");
    assert_eq!(results[0].text_of("updatedRelatedIds"), Some(child.as_str()));
    let rows = desk.rows("SELECT Name, Phone FROM Account");
    assert_eq!(
        (rows.len(), &rows[0]["Name"], &rows[0]["Phone"]),
        (1, &json!("Kept & named"), &Value::Null)
    );
    assert_eq!(desk.rows("SELECT AccountId FROM Contact")[0]["AccountId"], json!(master));
    let all = desk.get("/services/data/v68.0/queryAll?q=SELECT+MasterRecordId+FROM+Account+WHERE+IsDeleted=true").json();
    assert_eq!(all["records"][0]["MasterRecordId"], json!(master));
}
