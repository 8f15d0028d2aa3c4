//! No recording is left out: each file is read by the call that it answers, or the test fails and names it.

use std::collections::BTreeSet;
use std::path::Path;

use http::Method;
use isthmus_model::ids::RecordId;
use isthmus_model::value::Value;
use isthmus_salesforce::api::collections::{CreateRow, RowResult, UpdateRow};
use isthmus_salesforce::api::composite::Together;
use isthmus_salesforce::api::composite::parts::Part;
use isthmus_salesforce::error::{AuthError, Error};
use isthmus_salesforce::oauth::{OAuthApp, refresh};
use isthmus_salesforce::row::RowShape;
use isthmus_salesforce::{Client, LoginUrl};
use jiff::Timestamp;
use serde_json::Value as Json;

use crate::recorded::exchange::{Exchange, exchanges};
use crate::recorded::{Recorded, client, folder};

/// What the folders hold beside recordings.
const NO_RECORDINGS: [&str; 2] = ["LICENSE", "README.md"];

#[tokio::test]
async fn every_recorded_answer_goes_through_the_client() {
    let Some(folder) = folder() else { return };
    let (mut read, mut unread) = (0, Vec::new());
    for path in files(&folder) {
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        let text = std::fs::read_to_string(&path).unwrap();
        let handled = match path.extension().and_then(|extension| extension.to_str()) {
            Some("yaml") => play_all(&name, &text).await,
            Some("json") => answer(&name, text).await,
            _ => false,
        };
        read += usize::from(handled);
        if !handled {
            unread.push(name);
        }
    }
    assert!(unread.is_empty(), "no call reads these recordings: {unread:?}");
    assert!(read >= 50, "only {read} recordings were found");
}

fn files(folder: &Path) -> BTreeSet<std::path::PathBuf> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !NO_RECORDINGS.iter().any(|name| path.ends_with(name)) {
            found.insert(path);
        }
    }
    found
}

async fn play_all(name: &str, text: &str) -> bool {
    let recorded = exchanges(text);
    assert!(!recorded.is_empty(), "{name}");
    for exchange in &recorded {
        if !play(name, exchange).await {
            return false;
        }
    }
    true
}

/// Makes the call that was recorded, and reads its answer; false for one that no call of ours makes.
async fn play(name: &str, exchange: &Exchange) -> bool {
    let client = client(exchange.status, exchange.answer.clone());
    let path = exchange.path.split('?').next().unwrap().trim_matches('/');
    let parts: Vec<&str> = path.split('/').collect();
    match (exchange.method.as_str(), parts.as_slice()) {
        ("GET", ["sobjects"]) => {
            assert!(client.describe_global().await.unwrap().len() > 50, "{name}")
        }
        ("GET", ["sobjects", object, "describe"]) => {
            assert_eq!(client.describe(object).await.unwrap().name, **object, "{name}");
        }
        ("GET", ["sobjects", object, _]) => read_record(&client, object, &exchange.answer).await,
        ("GET", ["limits", "recordCount"]) => {
            client.record_counts(&["Account"]).await.unwrap();
        }
        ("GET", ["query"]) => read_page(&client).await,
        ("POST", ["sobjects", object]) => create(&client, object, &exchange.answer).await,
        ("POST", ["composite"]) => composite(&client, exchange).await,
        (_, ["composite", "sobjects", ..]) => collection(name, &client, exchange).await,
        // Bulk v1 is not spoken: its XML is refused, not misread.
        (_, ["services", "async", ..]) => {
            let error = client.limits().await.unwrap_err();
            assert!(matches!(error, Error::NotJson { .. } | Error::Decode { .. }), "{error:?}");
        }
        _ => return false,
    }
    true
}

async fn read_page(client: &Client) {
    let page = client.query("SELECT ...").next_page().await.unwrap().unwrap();
    assert_eq!(page.loose_rows().unwrap().len(), page.len);
}

/// All fields of the record, as it has them.
async fn read_record(client: &Client, object: &str, answer: &str) {
    let json: Json = serde_json::from_str(answer).unwrap();
    let fields: Vec<String> =
        json.as_object().unwrap().keys().filter(|key| *key != "attributes").cloned().collect();
    let shape = RowShape::with_kinds(&fields, vec![None; fields.len()]).unwrap();
    let row = client.get_by_key(object, "Id", "masked", &shape).await.unwrap();
    assert_eq!(row.values.len(), fields.len());
}

/// Some ids are masked or made up: those are refused, and never taken for a record's.
async fn create(client: &Client, object: &str, answer: &str) {
    let json: Json = serde_json::from_str(answer).unwrap();
    let created = client.create_record(object, &[]).await;
    match RecordId::parse(json["id"].as_str().unwrap()) {
        Ok(id) => assert_eq!(created.unwrap(), id),
        Err(_) => assert!(matches!(created, Err(Error::Decode { .. })), "{created:?}"),
    }
}

async fn composite(client: &Client, exchange: &Exchange) {
    let requests = exchange.request["compositeRequest"].as_array().unwrap();
    let parts: Vec<Part> = requests
        .iter()
        .map(|request| {
            let (_, path) = request["url"].as_str().unwrap().split_once("/data/v").unwrap();
            let (_, path) = path.split_once('/').unwrap();
            Part::new(&Method::GET, path, request["referenceId"].as_str().unwrap()).unwrap()
        })
        .collect();
    let answers = client.composite_of(&parts, Together::Independent).await;
    if exchange.status != 200 {
        assert!(matches!(answers, Err(Error::NotJson { .. })), "{answers:?}");
        return;
    }
    for answer in answers.unwrap() {
        assert_eq!(answer.refusal().unwrap().is_empty(), answer.status < 400);
    }
}

async fn collection(name: &str, client: &Client, exchange: &Exchange) {
    let records = exchange.request["records"].as_array().unwrap();
    let sent = records.len();
    let results = if records.iter().all(|record| record["id"].is_string()) {
        let rows: Vec<UpdateRow> = records.iter().map(update_row).collect();
        client.update_rows(&rows).await
    } else {
        let rows: Vec<CreateRow> = records.iter().map(create_row).collect();
        client.create_rows(&rows).await
    };
    let results = results.unwrap_or_else(|error| panic!("{name} {}: {error:?}", exchange.path));
    assert_eq!(results.len(), sent, "{name}");
    for result in results {
        if let RowResult::Refused(errors) = result {
            assert!(errors.iter().all(|error| !error.code.is_empty()), "{name}");
        }
    }
}

fn create_row(record: &Json) -> CreateRow {
    CreateRow { object: object_of(record), values: values_of(record) }
}

fn update_row(record: &Json) -> UpdateRow {
    let id = RecordId::parse(record["id"].as_str().unwrap()).unwrap();
    UpdateRow { object: object_of(record), id, values: values_of(record) }
}

fn object_of(record: &Json) -> String {
    record.pointer("/attributes/type").and_then(Json::as_str).unwrap().to_owned()
}

/// Only the answers matter here: texts are enough.
fn values_of(record: &Json) -> Vec<(String, Value)> {
    let fields = record.as_object().unwrap().iter();
    let fields = fields.filter_map(|(name, value)| {
        let plain = !matches!(name.as_str(), "attributes" | "Id" | "id") && value.is_string();
        plain.then(|| (name.clone(), Value::from(value.as_str().unwrap())))
    });
    fields.collect()
}

/// Reads the answer of one JSON file by the call it belongs to.
async fn answer(name: &str, body: String) -> bool {
    let file = name.rsplit('/').next().unwrap().trim_end_matches("_response.json");
    let moment = Timestamp::UNIX_EPOCH;
    let status = status_of(file);
    let client = client(status, body.clone());
    match file {
        "limits.json" => assert!(client.limits().await.unwrap().len() > 20),
        "auth_success" | "auth_error" | "reauth_success" | "refresh_success" | "refresh_error" => {
            token(file, status, body).await;
        }
        "describe_sobjects_success" | "list_sobjects_success" => {
            assert!(!client.describe_global().await.unwrap().is_empty());
        }
        "sobject_describe_success" => {
            assert_eq!(client.describe("Whizbang").await.unwrap().name, "Whizbang");
        }
        "org_query"
        | "query_aggregate_success"
        | "query_empty"
        | "query_paginated_first_page"
        | "query_paginated_last_page"
        | "query_success" => read_page(&client).await,
        "get_deleted_success" => drop(client.deleted("X", moment, moment).await.unwrap()),
        "get_updated_success" => drop(client.updated("X", moment, moment).await.unwrap()),
        "create_success" | "upsert_created_success" => create(&client, "Whizbang", &body).await,
        // Before v46 an update by key answered with nothing: no version of ours does.
        "upsert_updated_success" => {
            let outcome = client.upsert_record("X", "Key__c", "1", &[]).await;
            assert!(outcome.unwrap_err().outcome_unknown());
        }
        "sobject_find_success" | "sobject_select_success" => {
            read_record(&client, "Whizbang", &body).await;
        }
        "search_success" => assert_eq!(client.search("FIND {x}").await.unwrap().len(), 2),
        "recent_success" => recent(&client).await,
        "delete_error"
        | "expired_session"
        | "query_error"
        | "search_error"
        | "sobject_describe_error"
        | "sobject_find_error"
        | "upsert_error"
        | "upsert_multiple_error"
        | "write_error" => refused(file, &client).await,
        _ => return false,
    }
    true
}

fn status_of(file: &str) -> u16 {
    match file {
        "expired_session" => 401,
        "upsert_multiple_error" => 300,
        "delete_error" | "sobject_find_error" | "sobject_describe_error" | "upsert_error" => 404,
        "upsert_updated_success" => 204,
        _ if file.ends_with("_error") => 400,
        _ => 200,
    }
}

/// The recent records come as a retrieve's answer does: a list of records in order.
async fn recent(client: &Client) {
    let ids = ["0015500001QdQWaAAN", "0018M000001oWgPQAU"].map(|id| RecordId::parse(id).unwrap());
    let shape = RowShape::with_kinds(&["Name".to_owned()], vec![None]).unwrap();
    let rows = client.retrieve("Whizbang", &ids, &shape).await.unwrap();
    assert!(rows.iter().all(Option::is_some));
}

async fn refused(file: &str, client: &Client) {
    let error = client.limits().await.unwrap_err();
    match file {
        // The session cannot be renewed here, so its refusal ends as what it led to.
        "expired_session" => assert!(matches!(error, Error::Auth(AuthError::NoRefreshToken))),
        _ => {
            assert!(matches!(&error, Error::Api { .. }), "{file}: {error:?}");
            assert!(!error.remedy().is_empty() && error.original().is_some(), "{file}");
            assert_ne!(error.class(), isthmus_salesforce::ErrorClass::Unknown, "{file}");
        }
    }
}

async fn token(file: &str, status: u16, body: String) {
    let (login, client_id) = (LoginUrl::production(), "id".to_owned());
    let app = OAuthApp { login, client_id, client_secret: None };
    let transport = Recorded { status, body };
    let outcome = refresh(&transport, &app, &"token".to_owned().into()).await;
    match file {
        "auth_success" => {
            let grant = outcome.unwrap();
            assert_eq!(grant.org_id.record_id().short(), "00Dx0000000BV7z");
            assert_eq!(grant.tokens.instance_url.to_string(), "https://na1.salesforce.com");
        }
        "auth_error" | "refresh_error" => {
            let Err(AuthError::Refused(said)) = outcome else { panic!("{outcome:?}") };
            assert!(said.code == "invalid_grant" && said.terminal);
        }
        // Their identity address is made up (`/id/foo/bar`): a login that names no org is not believed.
        _ => assert!(matches!(outcome, Err(AuthError::BadAnswer(_))), "{file}: {outcome:?}"),
    }
}
