//! Single recorded answers beside orgsim's answer to the same kind of call.

use serde_json::{Value, json};

use super::fixture::{Keys, alike, json as recorded_json, yaml};
use crate::support::{Browser, ask, in_memory, redeem, refresh, served, token};

pub(crate) const COMPARED: &[&str] = &[
    "camel/limits.json",
    "cumulusci/GET_sobjects_Custom__c_describe.yaml",
    "cumulusci/GET_sobjects_OpportunityContactRole_describe.yaml",
    "cumulusci/GET_sobjects_Organization.yaml",
    "restforce/auth_error_response.json",
    "restforce/auth_success_response.json",
    "restforce/describe_sobjects_success_response.json",
    "restforce/expired_session_response.json",
    "restforce/list_sobjects_success_response.json",
    "restforce/query_aggregate_success_response.json",
    "restforce/query_error_response.json",
    "restforce/query_paginated_first_page_response.json",
    "restforce/query_paginated_last_page_response.json",
    "restforce/query_success_response.json",
    "restforce/reauth_success_response.json",
    "restforce/refresh_error_response.json",
    "restforce/refresh_success_response.json",
    "restforce/search_error_response.json",
    "restforce/search_success_response.json",
    "restforce/sobject_describe_success_response.json",
    "restforce/sobject_find_success_response.json",
    "restforce/sobject_select_success_response.json",
    "restforce/upsert_created_success_response.json",
];

const BASE: &str = "/services/data/v68.0";

/// Our names for the fields of restforce's made-up object; a field without one is of a kind that our object lacks.
const NAMES: &[(&str, &str)] = &[
    ("Auto_Number", ""),
    ("Checkbox_Label", "IsPrivate"),
    ("Currency_Label", "Amount"),
    ("Date_Label", "CloseDate"),
    ("DateTime_Label", "CreatedDate"),
    ("OtherDateTime_Label", "LastModifiedDate"),
    ("Email_Label", ""),
    ("Number_Label", "Probability"),
    ("Percent_Label", "Probability"),
    ("Phone_Label", ""),
    ("Picklist_Label", "StageName"),
    ("Picklist_Multiselect_Label", ""),
    ("Text_Label", "NextStep"),
    ("TextArea_Label", "Description"),
    ("TextAreaLong_Label", "Description"),
    ("TextAreaRich_Label", ""),
    ("URL_Label", ""),
    ("External_Field__c", "NextStep"),
    ("ParentWhizbang__r", "Account"),
    ("Whizbangs__r", "OpportunityLineItems"),
];

fn restforce(name: &str) -> Option<Value> {
    recorded_json(&format!("restforce/{name}_response.json"))
}

/// The recording with our names.
fn renamed(value: &Value) -> Value {
    match value {
        Value::Array(list) => list.iter().map(renamed).collect(),
        Value::Object(entries) => {
            let entries = entries.iter().filter_map(|(key, value)| {
                let own = NAMES.iter().find(|(theirs, _)| theirs == key).map(|(_, own)| *own);
                let key = own.unwrap_or(key);
                (!key.is_empty()).then(|| (key.to_owned(), renamed(value)))
            });
            Value::Object(entries.collect())
        }
        other => other.clone(),
    }
}

/// A recorded exchange of one request.
fn answered(name: &str) -> Option<Value> {
    let recording = yaml(&format!("cumulusci/{name}.yaml"))?;
    let body = recording["response"]["body"]["string"].as_str().expect("a recorded body");
    Some(serde_json::from_str(body).expect("the recorded body is JSON"))
}

#[tokio::test]
async fn token_answers_have_the_recorded_keys() {
    let Some(login) = restforce("auth_success") else { return };
    let served = served().await;
    let org = &served.announcements[0];
    let code = Browser::new().code(org, &[]).await;
    let (_, ours) = redeem(org, &code).await;
    // The recordings are older than scopes and token types.
    alike("auth_success", &ours, &login, Keys::OursMayHaveMore);
    let (_, again) = refresh(org, ours["refresh_token"].as_str().expect("a refresh token")).await;
    for name in ["refresh_success", "reauth_success"] {
        alike(name, &again, &restforce(name).expect("a recording"), Keys::OursMayHaveMore);
    }
    let (_, dead) = refresh(org, "5Aep861dead").await;
    alike("refresh_error", &dead, &restforce("refresh_error").expect("a recording"), Keys::Same);
    assert_eq!(Some(dead), restforce("refresh_error"));
    let form = [("grant_type", "password"), ("client_id", &org.client_id), ("username", "nobody")];
    let (_, refused) = token(org, &form).await;
    alike("auth_error", &refused, &restforce("auth_error").expect("a recording"), Keys::Same);
}

#[tokio::test]
async fn metadata_and_limits_have_the_recorded_keys() {
    let (org, session) = in_memory();
    let get = async |path: &str| {
        ask(&org, "GET", &format!("{BASE}/{path}"), &session.access_token, None).await.body
    };
    let Some(limits) = recorded_json("camel/limits.json") else { return };
    let ours = get("limits").await;
    // Which limits an org has depends on what it has licensed; those that both have are alike.
    for (name, limit) in ours.as_object().expect("an object") {
        if let Some(twin) = limits.get(name) {
            alike(name, limit, twin, Keys::Same);
        }
    }
    assert!(ours["DailyApiRequests"].is_object() && limits["DailyApiRequests"].is_object());
    let global = get("sobjects").await;
    for name in ["describe_sobjects_success", "list_sobjects_success"] {
        alike(name, &global, &restforce(name).expect("a recording"), Keys::OursMayHaveMore);
    }
    let describe = get("sobjects/Account/describe").await;
    let custom = get("sobjects/Site__c/describe").await;
    for (name, ours) in [
        ("GET_sobjects_Custom__c_describe", &custom),
        ("GET_sobjects_OpportunityContactRole_describe", &describe),
    ] {
        let mut recorded = answered(name).expect("a recording");
        // Which addresses there are depends on the object; an address is a text.
        let urls = recorded["urls"].as_object_mut().expect("addresses");
        urls.retain(|address, _| ours["urls"].get(address).is_some());
        alike(name, ours, &recorded, Keys::OursMayHaveMore);
    }
    let whizbang = restforce("sobject_describe_success").expect("a recording");
    alike("sobject_describe_success", &describe, &whizbang, Keys::OursMayHaveMore);
    let own = get("query?q=SELECT+Id+FROM+Organization").await;
    let id = own["records"][0]["Id"].as_str().expect("the org knows itself").to_owned();
    let organization = answered("GET_sobjects_Organization").expect("a recording");
    let ours = get(&format!("sobjects/Organization/{id}")).await;
    // Orgsim has the fields that tools ask for; each is of the recorded type.
    for (key, value) in ours.as_object().expect("an object") {
        alike(key, value, &organization[key], Keys::Same);
    }
}

#[tokio::test]
async fn rows_queries_and_searches_have_the_recorded_keys() {
    let (org, session) = in_memory();
    let token = &session.access_token;
    let send = async |method: &str, path: &str, body: Option<&Value>| {
        ask(&org, method, &format!("{BASE}/{path}"), token, body).await.body
    };
    let Some(found) = restforce("sobject_find_success") else { return };
    let account = json!({ "Name": "Whizbang Limited" });
    let account = send("POST", "sobjects/Account", Some(&account)).await["id"].clone();
    let row = json!({
        "Name": "Whizbang", "AccountId": account, "StageName": "Prospecting", "CloseDate": "2026-12-01",
        "Amount": 23.0, "Probability": 33.0, "NextStep": "1234", "Description": "a text",
    });
    let made = send("POST", "sobjects/Opportunity", Some(&row)).await;
    let id = made["id"].as_str().expect("an id").to_owned();
    let whole = send("GET", &format!("sobjects/Opportunity/{id}"), None).await;
    alike("sobject_find_success", &whole, &renamed(&found), Keys::OursMayHaveMore);
    let some = send("GET", &format!("sobjects/Opportunity/{id}?fields=NextStep,Id"), None).await;
    let select = renamed(&restforce("sobject_select_success").expect("a recording"));
    alike("sobject_select_success", &some, &select, Keys::Same);
    let upsert =
        send("PATCH", "sobjects/Account/ERP_Key__c/W-1", Some(&json!({ "Name": "W" }))).await;
    let created = restforce("upsert_created_success").expect("a recording");
    alike("upsert_created_success", &upsert, &created, Keys::OursMayHaveMore);

    let query = async |soql: &str| {
        send("GET", &format!("query?q={}", soql.replace(' ', "+").replace('\'', "%27")), None).await
    };
    let soql = format!(
        "SELECT IsPrivate, NextStep, CloseDate, CreatedDate, Account.Name, Account.Description FROM Opportunity WHERE Id = '{id}'"
    );
    let mut success = renamed(&restforce("query_success").expect("a recording"));
    let record = success["records"][0].as_object_mut().expect("a record");
    // Its parent is of its own kind, and its child rows are held below.
    let children = record.remove("OpportunityLineItems").expect("child rows");
    let parent = record["Account"].as_object_mut().expect("a parent");
    let description = parent.remove("NextStep").expect("a text");
    parent.insert("Description".to_owned(), description);
    alike("query_success", &query(&soql).await, &success, Keys::Same);
    let person = json!({ "LastName": "Child", "AccountId": account });
    send("POST", "sobjects/Contact", Some(&person)).await;
    let account = account.as_str().expect("an id");
    let soql = format!("SELECT (SELECT Name FROM Contacts) FROM Account WHERE Id = '{account}'");
    let nested = query(&soql).await["records"][0]["Contacts"].clone();
    alike("query_success, child rows", &nested, &children, Keys::Same);

    let soql = "SELECT StageName CampaignId, SUM(Amount) FROM Opportunity GROUP BY StageName";
    let aggregate = restforce("query_aggregate_success").expect("a recording");
    alike("query_aggregate_success", &query(soql).await, &aggregate, Keys::Same);
    let wrong = query("SELECT Nothing FROM Opportunity").await;
    alike("query_error", &wrong, &restforce("query_error").expect("a recording"), Keys::Same);
    let search = send("GET", "search?q=FIND+%7BWhizbang%7D+RETURNING+Opportunity(Id)", None).await;
    // Since version 37 the rows are in an object.
    let rows = restforce("search_success").expect("a recording");
    alike("search_success", &search["searchRecords"], &rows, Keys::Same);
    let wrong = send("GET", "search?q=FIND+Whizbang", None).await;
    let recorded = restforce("search_error").expect("a recording");
    alike("search_error", &wrong, &recorded, Keys::Same);
    assert_eq!(wrong[0]["errorCode"], recorded[0]["errorCode"]);
    let dead = ask(&org, "GET", &format!("{BASE}/limits"), "00D!dead", None).await.body;
    assert_eq!(Some(dead), restforce("expired_session"));
}

#[tokio::test]
async fn pages_have_the_recorded_keys() {
    let (org, session) = in_memory();
    let Some(first) = restforce("query_paginated_first_page") else { return };
    let rows: Vec<Value> =
        (0..300).map(|row| json!({ "NextStep": format!("Page {row}"), "Name": "P", "StageName": "Prospecting", "CloseDate": "2026-12-01" })).collect();
    let rows = json!({ "object": "Opportunity", "rows": rows });
    crate::support::control(&org, "POST", "rows", Some(&rows)).await;
    let path = format!("{BASE}/query?q=SELECT+NextStep+FROM+Opportunity+WHERE+Name+=+%27P%27");
    let request = http::Request::get(&path)
        .header("authorization", format!("Bearer {}", session.access_token))
        .header("sforce-query-options", "batchSize=200")
        .body(bytes::Bytes::new())
        .expect("a request");
    let page = orgsim::router::answer(&org, request).await.expect("an answer");
    let page = crate::support::read(page).body;
    alike("query_paginated_first_page", &page, &renamed(&first), Keys::Same);
    let next = page["nextRecordsUrl"].as_str().expect("a next page").to_owned();
    let last = ask(&org, "GET", &next, &session.access_token, None).await.body;
    let recorded = restforce("query_paginated_last_page").expect("a recording");
    alike("query_paginated_last_page", &last, &renamed(&recorded), Keys::Same);
}
