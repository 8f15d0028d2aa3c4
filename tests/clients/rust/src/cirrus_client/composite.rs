//! Composite calls.

use cirrus::Cirrus;
use serde_json::json;

use crate::checks::{check, holds};
use crate::control::Org;

const BASE: &str = "/services/data/v68.0/sobjects";

/// Composite, batch, tree and graph.
pub async fn composites(client: &Cirrus, org: &Org) {
    let composite = client.composite();
    let account = |name: &str| {
        json!({ "method": "POST", "url": format!("{BASE}/Account"), "referenceId": "account",
            "body": { "Name": name } })
    };
    let contact = |body: serde_json::Value| json!({ "method": "POST", "url": format!("{BASE}/Contact"), "referenceId": "contact", "body": body });
    let of_it = json!({ "LastName": "Of it", "AccountId": "@{account.id}" });
    check("composite.references", async {
        let read = json!({ "method": "GET", "url": format!("{BASE}/Account/@{{account.id}}?fields=Name"),
            "referenceId": "read" });
        let calls = [account("Cirrus composite"), contact(of_it.clone()), read];
        let body = json!({ "allOrNone": true, "compositeRequest": calls });
        let done = composite.execute(&body).await?.composite_response;
        let codes: Vec<u16> = done.iter().map(|one| one.http_status_code).collect();
        holds(codes == [201, 201, 200] && done[2].body["Name"] == "Cirrus composite", done)
    })
    .await;
    check("composite.rollback", async {
        let calls = [account("Cirrus undone"), contact(json!({ "FirstName": "No last name" }))];
        let body = json!({ "allOrNone": true, "compositeRequest": calls });
        let done = composite.execute(&body).await?.composite_response;
        holds(done[0].body[0]["errorCode"] == "PROCESSING_HALTED", &done)?;
        holds(done[1].body[0]["errorCode"] == "REQUIRED_FIELD_MISSING", &done)?;
        let rows = org.stored("Account").await?;
        holds(!rows.iter().any(|row| row["Name"] == "Cirrus undone"), "it is there")
    })
    .await;
    check("composite.batch", async {
        let calls = [
            json!({ "method": "GET", "url": "v68.0/limits" }),
            json!({ "method": "GET", "url": "v68.0/sobjects/Nothing__c" }),
        ];
        let done = composite.batch(&json!({ "batchRequests": calls })).await?;
        let codes: Vec<u16> = done.results.iter().map(|one| one.status_code).collect();
        holds(done.has_errors && codes == [200, 404], done)
    })
    .await;
    check("composite.tree", async {
        let child = json!({ "attributes": { "type": "Contact", "referenceId": "c1" }, "LastName": "Branch" });
        let root = json!({ "attributes": { "type": "Account", "referenceId": "a1" }, "Name": "Cirrus tree",
            "Contacts": { "records": [child] } });
        let done = composite.tree("Account", &json!({ "records": [root] })).await?;
        let mut references: Vec<&str> = done.results.iter().map(|one| one.reference_id.as_str()).collect();
        references.sort_unstable();
        holds(!done.has_errors && references == ["a1", "c1"], &done)
    })
    .await;
    check("composite.graph", async {
        let whole = json!({ "graphId": "whole", "compositeRequest": [account("Cirrus graph"), contact(of_it.clone())] });
        let broken = contact(json!({ "FirstName": "No last name" }));
        let undone = json!({ "graphId": "undone", "compositeRequest": [account("Cirrus no graph"), broken] });
        let done = composite.graph(&json!({ "graphs": [whole, undone] })).await?;
        let successes: Vec<bool> = done.graphs.iter().map(|graph| graph.is_successful).collect();
        holds(successes == [true, false], &done)?;
        let rows = org.stored("Account").await?;
        let named = |name: &str| rows.iter().any(|row| row["Name"] == name);
        holds(named("Cirrus graph") && !named("Cirrus no graph"), "the graphs are not units")
    })
    .await;
}
