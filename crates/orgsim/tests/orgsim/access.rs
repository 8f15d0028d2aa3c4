//! Several users in one org: what each of them sees and may do, and transactions that commit late.

use serde_json::{Value, json};

use crate::support::{ask, call, control, in_memory};

const BASE: &str = "/services/data/v68.0";

async fn user(org: &orgsim::router::SharedOrg, change: Value) -> (String, String) {
    let made = control(org, "POST", "users", Some(&change)).await;
    let text = |name: &str| made[name].as_str().expect("text").to_owned();
    (text("access_token"), text("user_id"))
}

#[tokio::test]
async fn a_hidden_field_is_unknown_to_its_user_and_there_for_others() {
    let (org, session) = in_memory();
    let change = json!({ "username": "lee@sales.example", "hidden_fields": ["Account.Phone"], "read_only_fields": ["Account.Fax"] });
    let (token, _) = user(&org, change).await;
    for (token, there) in [(&token, false), (&session.access_token, true)] {
        let describe =
            ask(&org, "GET", &format!("{BASE}/sobjects/Account/describe"), token, None).await.body;
        let fields = describe["fields"].as_array().expect("fields");
        assert_eq!(fields.iter().any(|field| field["name"] == "Phone"), there);
        let soql = format!("{BASE}/query?q=SELECT+Phone+FROM+Account+LIMIT+1");
        assert_eq!(ask(&org, "GET", &soql, token, None).await.status == 200, there);
    }
    let accounts = format!("{BASE}/sobjects/Account");
    let hidden =
        ask(&org, "POST", &accounts, &token, Some(&json!({ "Name": "A", "Phone": "1" }))).await;
    assert_eq!(hidden.body[0]["errorCode"], "INVALID_FIELD");
    assert_eq!(hidden.body[0]["message"], "No such column 'Phone' on sobject of type Account");
    let fixed =
        ask(&org, "POST", &accounts, &token, Some(&json!({ "Name": "A", "Fax": "1" }))).await;
    assert_eq!(fixed.body[0]["errorCode"], "INVALID_FIELD_FOR_INSERT_UPDATE");
}

#[tokio::test]
async fn rows_that_are_not_shared_are_absent_and_writes_to_them_find_nothing() {
    let (org, session) = in_memory();
    let change = json!({ "username": "lee@sales.example", "sharing": { "Account": "own" } });
    let (token, id) = user(&org, change).await;
    let accounts = format!("{BASE}/sobjects/Account");
    let foreign = ask(
        &org,
        "POST",
        &accounts,
        &session.access_token,
        Some(&json!({ "Name": "Foreign", "ERP_Key__c": "X-1" })),
    )
    .await;
    let foreign = foreign.body["id"].as_str().expect("an id").to_owned();
    let own = ask(&org, "POST", &accounts, &token, Some(&json!({ "Name": "Own" }))).await;
    let own = own.body["id"].as_str().expect("an id").to_owned();
    let soql = format!("{BASE}/query?q=SELECT+Id,OwnerId+FROM+Account");
    let seen = ask(&org, "GET", &soql, &token, None).await.body;
    assert_eq!((&seen["totalSize"], &seen["records"][0]["Id"]), (&json!(1), &json!(own)));
    assert_eq!(seen["records"][0]["OwnerId"], json!(id));
    let path = format!("{accounts}/{foreign}");
    assert_eq!(ask(&org, "GET", &path, &token, None).await.status, 404);
    let write = ask(&org, "PATCH", &path, &token, Some(&json!({ "Phone": "1" }))).await;
    assert_eq!(
        (write.status, &write.body[0]["errorCode"]),
        (404, &json!("INVALID_CROSS_REFERENCE_KEY"))
    );
    let contact = json!({ "LastName": "Lee", "AccountId": foreign });
    let under =
        ask(&org, "POST", &format!("{BASE}/sobjects/Contact"), &token, Some(&contact)).await;
    assert_eq!(under.body[0]["errorCode"], "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY");
    let taken =
        ask(&org, "POST", &accounts, &token, Some(&json!({ "Name": "B", "ERP_Key__c": "X-1" })))
            .await;
    let message = taken.body[0]["message"].as_str().expect("text");
    assert!(message.ends_with("record with id: <unknown>"), "{message}");
    assert_eq!(ask(&org, "GET", &path, &session.access_token, None).await.status, 200);
}

#[tokio::test]
async fn a_row_that_is_only_readable_refuses_writes() {
    let (org, session) = in_memory();
    let change =
        json!({ "username": "lee@sales.example", "sharing": { "Account": "read_others" } });
    let (token, _) = user(&org, change).await;
    let accounts = format!("{BASE}/sobjects/Account");
    let made =
        ask(&org, "POST", &accounts, &session.access_token, Some(&json!({ "Name": "Foreign" })))
            .await;
    let path = format!("{accounts}/{}", made.body["id"].as_str().expect("an id"));
    assert_eq!(ask(&org, "GET", &path, &token, None).await.status, 200);
    let write = ask(&org, "PATCH", &path, &token, Some(&json!({ "Phone": "1" }))).await;
    assert_eq!(write.body[0]["errorCode"], "INSUFFICIENT_ACCESS_OR_READONLY");
    assert_eq!(write.body[0]["message"], "insufficient access rights on object id");
}

#[tokio::test]
async fn a_user_without_the_api_is_told_so_and_an_inactive_one_has_no_session() {
    let (org, _) = in_memory();
    let (token, id) =
        user(&org, json!({ "username": "lee@sales.example", "api_enabled": false })).await;
    let path = format!("{BASE}/limits");
    let refused = ask(&org, "GET", &path, &token, None).await;
    assert_eq!(
        (refused.status, &refused.body[0]["errorCode"]),
        (403, &json!("API_CURRENTLY_DISABLED"))
    );
    let me = call(&org, "GET", "/services/oauth2/userinfo", Some(&token), None)
        .await
        .expect("an answer");
    assert_eq!(me.body["user_id"], json!(id));
    control(
        &org,
        "POST",
        "users",
        Some(&json!({ "username": "lee@sales.example", "api_enabled": true, "active": false })),
    )
    .await;
    assert_eq!(ask(&org, "GET", &path, &token, None).await.status, 401);
}

#[tokio::test]
async fn rows_of_a_held_transaction_are_seen_after_the_release_with_their_old_stamps() {
    let (org, session) = in_memory();
    let token = session.access_token.as_str();
    let rows = json!({ "object": "Account", "rows": [{ "Name": "Late" }] });
    let held = control(&org, "POST", "transaction/hold", Some(&rows)).await;
    control(&org, "POST", "clock", Some(&json!({ "advance_seconds": 600 }))).await;
    let soql = format!("{BASE}/query?q=SELECT+Id,SystemModstamp+FROM+Account+WHERE+Name='Late'");
    assert_eq!(ask(&org, "GET", &soql, token, None).await.body["totalSize"], 0);
    let window = format!(
        "{BASE}/sobjects/Account/updated/?start=2026-11-20T09:00:00Z&end=2026-11-20T10:09:00Z"
    );
    let updated = ask(&org, "GET", &window, token, None).await.body;
    assert_eq!(updated["latestDateCovered"], "2026-11-20T10:00:00.000+0000");
    assert!(
        !updated["ids"].to_string().contains(held["results"][0]["id"].as_str().expect("an id"))
    );
    assert_eq!(control(&org, "POST", "transaction/release", None).await["released"], 1);
    let seen = ask(&org, "GET", &soql, token, None).await.body;
    assert_eq!(seen["records"][0]["Id"], held["results"][0]["id"]);
    assert!(
        seen["records"][0]["SystemModstamp"]
            .as_str()
            .expect("a stamp")
            .starts_with("2026-11-20T10:00:0")
    );
    let updated = ask(&org, "GET", &window, token, None).await.body;
    assert_eq!(updated["latestDateCovered"], "2026-11-20T10:09:00.000+0000");
}

#[tokio::test]
async fn an_erased_row_is_gone_for_query_all_and_known_to_get_deleted() {
    let (org, session) = in_memory();
    let token = session.access_token.as_str();
    let made = ask(
        &org,
        "POST",
        &format!("{BASE}/sobjects/Account"),
        token,
        Some(&json!({ "Name": "Gone" })),
    )
    .await;
    let id = made.body["id"].clone();
    control(&org, "POST", "rows/erase", Some(&json!({ "ids": [id] }))).await;
    let soql = format!("{BASE}/queryAll?q=SELECT+Id+FROM+Account+WHERE+Name='Gone'");
    assert_eq!(ask(&org, "GET", &soql, token, None).await.body["totalSize"], 0);
    control(&org, "POST", "clock", Some(&json!({ "advance_seconds": 120 }))).await;
    let window = format!(
        "{BASE}/sobjects/Account/deleted/?start=2026-11-20T09:00:00Z&end=2026-11-20T10:02:00Z"
    );
    let deleted = ask(&org, "GET", &window, token, None).await.body;
    assert_eq!(deleted["deletedRecords"][0]["id"], id);
}

#[tokio::test]
async fn a_bulk_job_sees_what_its_user_sees() {
    let (org, session) = in_memory();
    let change = json!({ "username": "lee@sales.example", "sharing": { "Account": "own" } });
    let (token, _) = user(&org, change).await;
    let row = json!({ "Name": "Own" });
    ask(&org, "POST", &format!("{BASE}/sobjects/Account"), &token, Some(&row)).await;
    for (token, rows) in [(&token, 1), (&session.access_token, 21)] {
        let job = json!({ "operation": "query", "query": "SELECT Name FROM Account" });
        let made = ask(&org, "POST", &format!("{BASE}/jobs/query"), token, Some(&job)).await;
        let id = made.body["id"].as_str().expect("an id").to_owned();
        control(&org, "POST", "clock", Some(&json!({ "advance_seconds": 10 }))).await;
        let results =
            ask(&org, "GET", &format!("{BASE}/jobs/query/{id}/results"), token, None).await;
        let text = String::from_utf8_lossy(&results.bytes).into_owned();
        assert_eq!(text.lines().count(), 1 + rows, "{text}");
    }
}
