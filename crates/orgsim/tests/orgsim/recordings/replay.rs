//! Recorded conversations, told again to orgsim: each answer has the recorded status, keys and types.

use std::collections::BTreeMap;

use bytes::Bytes;
use orgsim::router::answer;
use serde_json::Value;

use super::fixture::{Keys, alike, yaml};
use crate::support::{Answer, in_memory, read};

pub(crate) const REPLAYED: &[&str] = &[
    "cumulusci/TestCompositeParallelSalesforce.test_composite_parallel_salesforce.yaml",
    "cumulusci/TestCountSObjects.test_count_sobjects_simple.yaml",
    "cumulusci/TestSelect.test_select_standard_strategy.yaml",
    "cumulusci/TestUpdatesIntegrationTests.test_updates_task.yaml",
    "cumulusci/TestUpsert.test_simple_upsert__rest.yaml",
    "cumulusci/TestUpsert.test_upsert__rest.yaml",
    "cumulusci/TestUpsert.test_upsert_complex_external_id_field__rest.yaml",
    "cumulusci/TestUpsert.test_upsert_complex_external_id_field_rest__duplicate_error.yaml",
    "cumulusci/TestUpsert.test_upsert_complex_fields__bulk.yaml",
];

/// What the recordings put in place of a host.
const HOST: &str = "https://orgname.my.salesforce.com";

#[tokio::test]
async fn recorded_conversations_go_the_same_way() {
    for name in REPLAYED {
        let Some(recording) = yaml(name) else { return };
        let told = replay(name, &recording).await;
        assert!(told > 0, "{name} has no exchange");
    }
}

/// Tells one conversation and gives how many exchanges it had.
async fn replay(name: &str, recording: &Value) -> usize {
    let (org, session) = in_memory();
    let mut ids = BTreeMap::new();
    let mut told = 0;
    let exchanges = recording["interactions"].as_array().expect("a list of exchanges");
    for exchange in exchanges.iter().filter(|one| one.get("request").is_some()) {
        let request = &exchange["request"];
        // Of Bulk v1 only fillings of templates are recorded, and the templates are not among the recordings.
        if request["uri"].as_str().is_some_and(|uri| uri.contains("/services/async/")) {
            continue;
        }
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let uri = of_ours(&text(&request["uri"]), &ids);
        let uri = uri.strip_prefix(HOST).expect("hosts are masked").replace(' ', "%20");
        let sent = of_ours(&text(&request["body"]), &ids);
        let http = http::Request::builder()
            .method(text(&request["method"]).as_str())
            .uri(&uri)
            .header("authorization", format!("Bearer {}", session.access_token))
            .header("content-type", "application/json")
            .body(Bytes::from(sent));
        let ours = read(answer(&org, http.expect("a request")).await.expect("an answer"));
        compare(&format!("{name}: {uri}"), &ours, &exchange["response"], &mut ids);
        told += 1;
    }
    told
}

fn compare(name: &str, ours: &Answer, response: &Value, ids: &mut BTreeMap<String, String>) {
    let status = response["status"]["code"].as_u64().expect("a status");
    let told = String::from_utf8_lossy(&ours.bytes);
    assert_eq!(u64::from(ours.status), status, "{name}: {told}");
    let recorded = response["body"]["string"].as_str().unwrap_or_default();
    let recorded: Value = serde_json::from_str(recorded).unwrap_or_default();
    // The recorded org had fewer rows, and its counts are cached ones.
    let fewer = recorded["totalSize"] == 0 || name.contains("/recordCount");
    let keys = if fewer { Keys::OursMayHaveMore } else { Keys::Same };
    alike(name, &ours.body, &recorded, keys);
    learn(&recorded, &ours.body, ids);
}

/// Pairs recorded ids with ours, so that later requests name our rows.
fn learn(recorded: &Value, ours: &Value, ids: &mut BTreeMap<String, String>) {
    match (recorded, ours) {
        (Value::Array(recorded), Value::Array(ours)) => {
            recorded.iter().zip(ours).for_each(|(recorded, ours)| learn(recorded, ours, ids));
        }
        (Value::Object(recorded), Value::Object(ours)) => {
            for (key, value) in recorded {
                let Some(own) = ours.get(key) else { continue };
                match (value.as_str(), own.as_str()) {
                    (Some(value), Some(own)) if key.eq_ignore_ascii_case("id") => {
                        ids.insert(value.to_owned(), own.to_owned());
                    }
                    _ => learn(value, own, ids),
                }
            }
        }
        _ => {}
    }
}

fn of_ours(text: &str, ids: &BTreeMap<String, String>) -> String {
    let mut text = text.replace("/vxx.0/", "/v68.0/");
    for (recorded, ours) in ids {
        text = text.replace(recorded, ours);
    }
    text
}
