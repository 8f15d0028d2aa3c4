//! Errors, as salesforce_core turns them into its own.

use std::fmt::Debug;

use salesforce_core::restapi::Client;
use serde_json::json;

use crate::checks::{Failure, check, holds, refused};
use crate::control::Org;

/// Every refusal.
pub async fn refusals(client: &Client, org: &Org) {
    let query = async |soql: &str| client.query(soql).send().await;
    check("error.field", async {
        coded(query("SELECT Nothing FROM Account").await, "INVALID_FIELD")
    })
    .await;
    check("error.object", async {
        coded(query("SELECT Id FROM Nothing__c").await, "INVALID_TYPE")
    })
    .await;
    check("error.query", async { coded(query("SELECT FROM Account").await, "MALFORMED_QUERY") })
        .await;
    check("error.required", async {
        let nameless = client.create("Account", json!({ "Phone": "1" })).send().await;
        coded(nameless, "REQUIRED_FIELD_MISSING")
    })
    .await;
    check("error.missing", async {
        coded(client.get("Account", "001000000000000AAA").send().await, "NOT_FOUND")
    })
    .await;
    check("error.duplicate", async {
        let taken = |name: &str| json!({ "Name": name, "ERP_Key__c": "TAKEN" });
        client.create("Account", taken("First")).send().await?;
        coded(client.create("Account", taken("Second")).send().await, "DUPLICATE_VALUE")
    })
    .await;
    check("error.deleted", async {
        let made = client.create("Account", json!({ "Name": "Soon gone" })).send().await?.id;
        client.delete("Account", &made).send().await?;
        coded(client.get("Account", &made).send().await, "ENTITY_IS_DELETED")
    })
    .await;
    check("error.limit", async {
        let asked = org.at_the_limit(client.basic_info("Account").send()).await?;
        // Its description of this call knows no 403, so the client keeps the status and leaves the body unread.
        coded(asked, "status: 403")
    })
    .await;
    check("error.unavailable", async {
        let fault = json!({ "kind": "unavailable", "path_contains": "/sobjects/Account" });
        org.control("faults", Some(fault)).await?;
        let error = refused(client.basic_info("Account").send().await)?;
        holds(error.is_retryable() && format!("{error:?}").contains("503"), error)
    })
    .await;
}

/// Holds the call's error to Salesforce's code for it.
fn coded<T, E: Debug>(outcome: Result<T, E>, code: &str) -> Result<(), Failure> {
    let error = format!("{:?}", refused(outcome)?);
    holds(error.contains(code), error)
}
