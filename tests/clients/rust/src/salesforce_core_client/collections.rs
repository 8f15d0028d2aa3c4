//! Collections and trees, in the shapes that this client generates from its own description of the API.

use salesforce_core::restapi::{Client, CompositeRecordResult};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::checks::{Failure, check, holds};
use crate::control::Org;

const KEY: &str = "ERP_Key__c";

fn request<T: DeserializeOwned>(all_or_none: bool, rows: &[Value]) -> Result<T, Failure> {
    let records = rows.iter().cloned().map(|mut row| {
        row["attributes"] = json!({ "type": "Account" });
        row
    });
    let records: Vec<Value> = records.collect();
    Ok(serde_json::from_value(json!({ "allOrNone": all_or_none, "records": records }))?)
}

fn ids(results: &[CompositeRecordResult]) -> Vec<String> {
    results.iter().filter_map(|result| result.id.clone()).collect()
}

/// Up to 200 rows in one call, and a tree.
pub async fn collections(client: &Client, org: &Org) {
    let made = check("collection.create", async {
        let body = request(true, &[json!({ "Name": "Row A" }), json!({ "Name": "Row B" })])?;
        let results = client.create_records(&body).send().await?;
        holds(results.iter().all(|one| one.success), &results)?;
        Ok(ids(&results))
    })
    .await
    .unwrap_or_default();
    check("collection.update", async {
        let rows: Vec<Value> =
            made.iter().map(|id| json!({ "id": id, "Phone": "+1 559" })).collect();
        let results = client.update_records(&request(true, &rows)?).send().await?;
        holds(results.len() == 2 && results.iter().all(|one| one.success), results)
    })
    .await;
    check("collection.read", async {
        let body = serde_json::from_value(json!({ "ids": made, "fields": ["Phone"] }))?;
        let rows = client.get_records("Account", &body).send().await?;
        holds(rows.len() == 2 && rows.iter().all(|row| row["Phone"] == "+1 559"), rows)
    })
    .await;
    check("collection.upsert", async {
        let rows = [
            json!({ "Name": "Many A", KEY: "CORE-2" }),
            json!({ "Name": "Many B", KEY: "CORE-3" }),
        ];
        let results = client.upsert_records("Account", KEY, &request(false, &rows)?).send().await?;
        holds(results.len() == 2 && results.iter().all(|one| one.success), results)
    })
    .await;
    check("collection.delete", async {
        let results = client.delete_records(made.join(",")).all_or_none(true).send().await?;
        holds(results.len() == 2 && results.iter().all(|one| one.success), results)
    })
    .await;
    let mixed = [json!({ "Name": "Core good" }), json!({ "Phone": "no name" })];
    check("collection.partial", async {
        let results = client.create_records(&request(false, &mixed)?).send().await?;
        let told = format!("{:?}", results[1].errors);
        holds(results[0].success && told.contains("REQUIRED_FIELD_MISSING"), results)
    })
    .await;
    check("collection.all-or-none", async {
        let before = org.stored("Account").await?.len();
        let results = client.create_records(&request(true, &mixed)?).send().await?;
        let told = format!("{:?}", results[0].errors);
        let rolled_back = told.contains("ALL_OR_NONE_OPERATION_ROLLED_BACK");
        holds(rolled_back && org.stored("Account").await?.len() == before, results)
    })
    .await;
    check("composite.tree", async {
        let child = json!({ "attributes": { "type": "Contact", "referenceId": "c1" }, "LastName": "Branch" });
        let root = json!({ "attributes": { "type": "Account", "referenceId": "a1" }, "Name": "Core tree",
            "Contacts": { "records": [child] } });
        let body = serde_json::from_value(json!({ "records": [root] }))?;
        let done = client.create_record_tree("Account", &body).send().await?;
        holds(!done.has_errors && done.results.len() == 2, done)
    })
    .await;
}
