//! Holds answers to recordings of the real service: status codes, key sets and the shapes of errors.
//!
//! The recordings stand beside the project, not in it: `ISTHMUS_FIXTURES`, else `../shared/fixtures` from the
//! workspace's root. Without them these tests print that they were skipped and pass.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::api::tests::fixtures::{body, call, create, org, query_raw, seed};
use crate::org::Org;

/// A recording's text, or a loud note that there is none.
fn recording(path: &str) -> Option<String> {
    let root = std::env::var_os("ISTHMUS_FIXTURES").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures"),
        PathBuf::from,
    );
    let text = std::fs::read_to_string(root.join(path)).ok();
    if text.is_none() {
        eprintln!("SKIPPED: no recording {path} under {}; set ISTHMUS_FIXTURES", root.display());
    }
    text
}

fn restforce(name: &str) -> Option<Value> {
    let text = recording(&format!("restforce/{name}.json"))?;
    Some(serde_json::from_str(&text).unwrap_or(Value::Null))
}

/// One recorded exchange: method, path below the version, request body, status and answer.
struct Exchange {
    method: String,
    path: String,
    sent: Value,
    status: u16,
    answered: Value,
}

fn exchanges(name: &str) -> Option<Vec<Exchange>> {
    let text = recording(&format!("cumulusci/{name}.yaml"))?;
    let file: Value = serde_saphyr::from_str(&text).expect("a recording is YAML");
    let all = file["interactions"].as_array().expect("a recording lists interactions").iter();
    Some(all.filter(|one| one.get("request").is_some()).map(exchange).collect())
}

fn exchange(one: &Value) -> Exchange {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let uri = text(&one["request"]["uri"]);
    let path = uri.split_once("/services/data/").map_or("", |(_, rest)| rest);
    let path = path.split_once('/').map_or("", |(_, rest)| rest);
    let decoded: String = url::form_urlencoded::parse(format!("x={path}").as_bytes())
        .map(
            |(name, value)| {
                if name == "x" { value.into_owned() } else { format!("&{name}={value}") }
            },
        )
        .collect();
    let json = |value: &Value| serde_json::from_str(&text(value)).unwrap_or(Value::Null);
    Exchange {
        method: text(&one["request"]["method"]),
        path: decoded,
        sent: json(&one["request"]["body"]),
        status: u16::try_from(one["response"]["status"]["code"].as_u64().unwrap_or(0)).unwrap_or(0),
        answered: json(&one["response"]["body"]["string"]),
    }
}

/// Keys and JSON types with their paths; list entries are merged, and ids and dates do not count.
fn shape(value: &Value) -> BTreeSet<String> {
    fn walk(value: &Value, path: &str, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(entries) => {
                for (key, inner) in entries {
                    walk(inner, &format!("{path}.{key}"), found);
                }
            }
            Value::Array(list) => {
                found.insert(format!("{path}[]"));
                list.iter().for_each(|inner| walk(inner, &format!("{path}[]"), found));
            }
            Value::Null => drop(found.insert(format!("{path}: null"))),
            Value::Bool(value) => drop(found.insert(format!("{path}: {value}"))),
            Value::Number(_) => drop(found.insert(format!("{path}: number"))),
            Value::String(_) => drop(found.insert(format!("{path}: text"))),
        }
    }
    let mut found = BTreeSet::new();
    walk(value, "", &mut found);
    found
}

#[track_caller]
fn same_shape(name: &str, ours: &Value, recorded: Option<&Value>) {
    if let Some(recorded) = recorded {
        assert_eq!(shape(ours), shape(recorded), "{name}: {ours}");
    }
}

#[test]
fn single_records_answer_in_the_recorded_shapes() {
    let mut org = org();
    let created = body(
        call(&mut org, "POST", "sobjects/Account", json!({ "Name": "A", "Legacy_Code__c": "L" })),
        201,
    );
    same_shape("create", &created, restforce("create_success_response").as_ref());
    create(&mut org, "Account", json!({ "Name": "B", "Legacy_Code__c": "L" }));
    let several =
        body(call(&mut org, "PATCH", "sobjects/Account/Legacy_Code__c/L", json!({})), 300);
    same_shape("several", &several, restforce("upsert_multiple_error_response").as_ref());
    let no_field = body(call(&mut org, "PATCH", "sobjects/Account/Namez/L", json!({})), 404);
    let recorded = restforce("upsert_error_response");
    same_shape("no field", &no_field, recorded.as_ref());
    if let Some(recorded) = recorded {
        assert_eq!(no_field, recorded);
    }
    for (ours, name) in [
        (call(&mut org, "DELETE", "sobjects/Account/rid", Value::Null), "delete_error_response"),
        (
            call(&mut org, "GET", "sobjects/Account/23foo", Value::Null),
            "sobject_find_error_response",
        ),
        (call(&mut org, "GET", "sobjects/Foo", Value::Null), "sobject_describe_error_response"),
    ] {
        if let Some(recorded) = restforce(name) {
            assert_eq!(body(ours, 404), recorded, "{name}");
        }
    }
    let write =
        body(call(&mut org, "POST", "sobjects/Account", json!({ "Name": "A", "foo": 1 })), 400);
    same_shape("write", &write, restforce("write_error_response").as_ref());
}

#[test]
fn queries_and_replication_answer_in_the_recorded_shapes() {
    let mut org = org();
    let empty = body(query_raw(&mut org, "query", "SELECT Id FROM Account"), 200);
    same_shape("empty", &empty, restforce("query_empty_response").as_ref());
    let id = create(&mut org, "Account", json!({ "Name": "A" }));
    let one = body(query_raw(&mut org, "query", "SELECT Id FROM Account"), 200);
    same_shape("one", &one, restforce("org_query_response").as_ref());
    org.clock.shift += jiff::SignedDuration::from_mins(5);
    let window = "start=2026-11-20T10:00:00Z&end=2026-11-20T10:20:00Z";
    let updated = body(
        call(&mut org, "GET", &format!("sobjects/Account/updated?{window}"), Value::Null),
        200,
    );
    same_shape("updated", &updated, restforce("get_updated_success_response").as_ref());
    body(call(&mut org, "DELETE", &format!("sobjects/Account/{id}"), Value::Null), 204);
    let deleted = body(
        call(&mut org, "GET", &format!("sobjects/Account/deleted?{window}"), Value::Null),
        200,
    );
    same_shape("deleted", &deleted, restforce("get_deleted_success_response").as_ref());
}

/// Replays a recording's writes and queries. Custom fields of the recorded org are not there, so the schema gets them.
fn replay(name: &str) {
    let Some(exchanges) = exchanges(name) else { return };
    let mut org = org();
    let mut ids: Vec<(String, String)> = Vec::new();
    let mut compared = 0;
    for exchange in exchanges {
        // What the recorded org counted is a cached number, and child subqueries are not served.
        let left_out = exchange.path.starts_with("limits")
            || exchange.path.contains("(SELECT")
            || exchange.path.contains("(select");
        if left_out {
            continue;
        }
        let sent = with_own_ids(&exchange.sent, &ids);
        let path = with_own_ids(&Value::String(exchange.path.clone()), &ids);
        let path = path.as_str().unwrap_or_default();
        let ours = match path.split_once("?q=") {
            Some((_, soql)) => query_raw(&mut org, "query", soql),
            None => call(&mut org, &exchange.method, path, sent),
        };
        let ours = body(ours, exchange.status);
        assert_eq!(shape(&ours), shape(&exchange.answered), "{} {path}", exchange.method);
        learn(&exchange.answered, &ours, &mut ids);
        compared += 1;
    }
    assert!(compared >= 3, "{name}: only {compared} exchanges compared");
}

/// Pairs recorded ids with ours, so that later requests name our rows.
fn learn(recorded: &Value, ours: &Value, ids: &mut Vec<(String, String)>) {
    let results = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    for (recorded, ours) in results(recorded).iter().zip(results(ours)) {
        if let (Some(recorded), Some(ours)) = (recorded["id"].as_str(), ours["id"].as_str()) {
            ids.push((recorded.to_owned(), ours.to_owned()));
        }
    }
}

fn with_own_ids(value: &Value, ids: &[(String, String)]) -> Value {
    let mut text = value.to_string();
    for (recorded, ours) in ids {
        text = text.replace(recorded, ours);
    }
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

#[test]
fn recorded_upserts_by_email_replay() {
    replay("TestUpsert.test_upsert__rest");
    replay("TestUpsert.test_simple_upsert__rest");
}

#[test]
fn recorded_upserts_by_null_id_replay() {
    replay("TestUpsert.test_upsert_complex_external_id_field__rest");
}

fn recorded_composite(name: &str) -> Option<Exchange> {
    exchanges(name)?.into_iter().next()
}

fn answer_like(org: &mut Org, recorded: &Exchange) -> Value {
    // Masked versions are no versions.
    let sent = recorded.sent.to_string().replace("/vxx.0/", "/v68.0/");
    let sent = serde_json::from_str(&sent).unwrap_or(Value::Null);
    body(call(org, "POST", "composite", sent), recorded.status)
}

#[test]
fn recorded_composite_calls_answer_alike() {
    let mut org = org();
    for name in [
        "TestCompositeParallelSalesforce.test_errors",
        "TestCompositeParallelSalesforce.test_reference_ids",
        "TestCountSObjects.test_count_sobjects__errors",
    ] {
        let Some(recorded) = recorded_composite(name) else { continue };
        let ours = answer_like(&mut org, &recorded);
        assert_eq!(shape(&ours), shape(&recorded.answered), "{name}");
    }
    let Some(recorded) = recorded_composite("TestCountSObjects.test_count_sobjects__errors") else {
        return;
    };
    for number in 0..17 {
        seed(&mut org, "Account", json!({ "Name": format!("A{number}") }));
    }
    let ours = answer_like(&mut org, &recorded);
    // The whole answer, message with excerpt and caret included.
    assert_eq!(ours, recorded.answered);
}

#[test]
fn recorded_conditional_describes_answer_304() {
    let name = "ManualEditTestCompositeParallelSalesforce.test_http_headers";
    let Some(recorded) = recorded_composite(name) else { return };
    let mut org = org();
    // The recording asks from the past of our schema; a later date makes it the same question.
    let sent = recorded.sent.to_string().replace("Thu, 03 Sep 2020", "Thu, 19 Nov 2026");
    let ours = body(call(&mut org, "POST", "composite", serde_json::from_str(&sent).unwrap()), 200);
    assert_eq!(shape(&ours), shape(&recorded.answered));
}
