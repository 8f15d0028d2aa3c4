//! The control endpoint: the clock, rows as a user edits them, schema drift, apps.

use serde_json::{Value, json};

use crate::support::{ask, call, control, in_memory};

const BASE: &str = "/services/data/v68.0";

async fn describe_field(org: &orgsim::router::SharedOrg, token: &str, name: &str) -> Option<Value> {
    let answer = ask(org, "GET", &format!("{BASE}/sobjects/Account/describe"), token, None).await;
    let fields = answer.body["fields"].as_array().cloned().unwrap_or_default();
    fields.into_iter().find(|field| field["name"] == name)
}

#[tokio::test]
async fn a_shifted_clock_moves_stamps() {
    let (org, session) = in_memory();
    let clock = control(&org, "POST", "clock", Some(&json!({ "shift_seconds": -600 }))).await;
    assert_eq!(clock["shift_seconds"], -600);
    let created = ask(
        &org,
        "POST",
        &format!("{BASE}/sobjects/Account"),
        &session.access_token,
        Some(&json!({ "Name": "Early" })),
    )
    .await;
    let id = created.body["id"].as_str().expect("an id").to_owned();
    let path = format!("{BASE}/sobjects/Account/{id}?fields=SystemModstamp");
    let row = ask(&org, "GET", &path, &session.access_token, None).await;
    let stamp = row.body["SystemModstamp"].as_str().expect("a stamp").to_owned();
    assert!(stamp.starts_with("2026-11-20T09:50:0"), "{stamp}");
    let date = row.headers["date"].to_str().expect("text");
    assert!(date.starts_with("Fri, 20 Nov 2026 09:50:0") && date.ends_with(" GMT"), "{date}");
}

#[tokio::test]
async fn a_user_edit_moves_the_stamp_and_leaves_no_trace_in_the_counters() {
    let (org, session) = in_memory();
    let before = control(&org, "GET", "counters", None).await;
    control(&org, "POST", "faults", Some(&json!({ "kind": "row_lock" }))).await;
    let rows =
        control(&org, "GET", "rows?object=Account&fields=Id,Name,SystemModstamp", None).await;
    let id = rows[0]["Id"].clone();
    control(&org, "POST", "clock", Some(&json!({ "advance_seconds": 60 }))).await;
    let edits =
        json!({ "object": "Account", "rows": [{ "Id": id, "Name": "Edited" }, { "Name": "New" }] });
    let results = control(&org, "POST", "rows", Some(&edits)).await;
    assert_eq!(results["results"][0], json!({ "id": id, "created": false }));
    let new_id = results["results"][1]["id"].as_str().expect("an id").to_owned();
    let after = control(&org, "GET", "rows?object=account", None).await;
    let edited = after
        .as_array()
        .expect("rows")
        .iter()
        .find(|row| row["Id"] == id)
        .cloned()
        .expect("the row");
    assert_eq!(edited["Name"], "Edited");
    assert_eq!(edited["SystemModstamp"], "2026-11-20T10:01:00.000+0000");
    let me = ask(&org, "GET", "/services/oauth2/userinfo", &session.access_token, None).await;
    assert_ne!(edited["LastModifiedById"], me.body["user_id"]);
    control(&org, "DELETE", &format!("rows?object=Account&id={new_id}"), None).await;
    let deleted = control(&org, "GET", "rows?object=Account&deleted=true", None).await;
    assert_eq!(deleted.as_array().map(Vec::len), Some(1));
    let counters = control(&org, "GET", "counters", None).await;
    assert_eq!(counters["rows_written"], before["rows_written"]);
    assert_eq!(counters["automations_fired"], before["automations_fired"]);
    assert_eq!(
        control(&org, "GET", "faults", None).await["faults"].as_array().map(Vec::len),
        Some(1)
    );
}

#[tokio::test]
async fn a_user_edit_is_validated_like_any_other() {
    let (org, _) = in_memory();
    let body = json!({ "object": "Account", "rows": [{ "Phone": "1" }] });
    let answer = call(&org, "POST", "/__orgsim/rows", None, Some(&body)).await.expect("an answer");
    assert_eq!(answer.status, 400);
    assert!(answer.body["error"].as_str().expect("text").contains("REQUIRED_FIELD_MISSING"));
}

#[tokio::test]
async fn a_changed_field_shows_in_describe_and_in_validation_until_it_is_restored() {
    let (org, session) = in_memory();
    let token = session.access_token.as_str();
    let change = json!({ "object": "Account", "field": "Phone", "length": 3, "nillable": false });
    control(&org, "POST", "schema", Some(&change)).await;
    let field = describe_field(&org, token, "Phone").await.expect("the field");
    assert_eq!((&field["length"], &field["nillable"]), (&json!(3), &json!(false)));
    let body = json!({ "Name": "Long", "Phone": "12345" });
    let answer = ask(&org, "POST", &format!("{BASE}/sobjects/Account"), token, Some(&body)).await;
    assert_eq!(answer.body[0]["errorCode"], "STRING_TOO_LONG");
    control(
        &org,
        "POST",
        "schema",
        Some(&json!({ "object": "Account", "field": "Phone", "remove": true })),
    )
    .await;
    assert!(describe_field(&org, token, "Phone").await.is_none());
    control(
        &org,
        "POST",
        "schema",
        Some(&json!({ "object": "Account", "field": "Phone", "restore": true })),
    )
    .await;
    assert_eq!(describe_field(&org, token, "Phone").await.expect("the field")["length"], 40);
}

#[tokio::test]
async fn a_hidden_object_is_unknown_and_hidden_rows_are_none() {
    let (org, session) = in_memory();
    let query = format!("{BASE}/query?q=SELECT+Id+FROM+Account");
    let all = ask(&org, "GET", &query, &session.access_token, None).await.body["totalSize"].clone();
    assert_ne!(all, json!(0));
    control(&org, "POST", "schema", Some(&json!({ "object": "Account", "rows_visible": false })))
        .await;
    assert_eq!(ask(&org, "GET", &query, &session.access_token, None).await.body["totalSize"], 0);
    control(&org, "POST", "schema", Some(&json!({ "object": "Account", "rows_visible": true })))
        .await;
    control(&org, "POST", "schema", Some(&json!({ "object": "Account", "queryable": false })))
        .await;
    let refused = ask(&org, "GET", &query, &session.access_token, None).await;
    assert_eq!((refused.status, &refused.body[0]["errorCode"]), (400, &json!("INVALID_TYPE")));
    control(&org, "POST", "schema", Some(&json!({ "object": "Account", "queryable": true }))).await;
    assert_eq!(ask(&org, "GET", &query, &session.access_token, None).await.body["totalSize"], all);
}

#[tokio::test]
async fn an_unknown_control_call_is_refused_with_its_name() {
    let (org, _) = in_memory();
    let answer = call(&org, "GET", "/__orgsim/nothing", None, None).await.expect("an answer");
    assert_eq!(answer.status, 400);
    assert_eq!(answer.body["error"], "there is no control call GET /__orgsim/nothing");
}
