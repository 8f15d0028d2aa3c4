//! Errors, as cirrus turns them into its own.

use cirrus::{Cirrus, CirrusError};
use serde_json::json;

use crate::checks::{Failure, check, holds, refused};
use crate::control::Org;

/// Every refusal; the last one ends the session.
pub async fn refusals(client: &Cirrus, org: &Org) {
    let account = client.sobject("Account");
    let query = async |soql: &str| client.query(soql).await;
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
        coded(account.create(&json!({ "Phone": "1" })).await, "REQUIRED_FIELD_MISSING")
    })
    .await;
    check("error.missing", async {
        coded(account.retrieve("001000000000000AAA").await, "NOT_FOUND")
    })
    .await;
    check("error.duplicate", async {
        account.create(&json!({ "Name": "First", "ERP_Key__c": "TAKEN" })).await?;
        let second = json!({ "Name": "Second", "ERP_Key__c": "TAKEN" });
        coded(account.create(&second).await, "DUPLICATE_VALUE")
    })
    .await;
    check("error.deleted", async {
        let made = account.create(&json!({ "Name": "Soon gone" })).await?.id;
        account.delete(&made).await?;
        coded(account.retrieve(&made).await, "ENTITY_IS_DELETED")
    })
    .await;
    check("error.limit", async {
        coded(org.at_the_limit(client.limits()).await?, "REQUEST_LIMIT_EXCEEDED")
    })
    .await;
    check("error.retried", async {
        let fault = json!({ "kind": "unavailable", "path_contains": "/limits", "times": 2 });
        org.control("faults", Some(fault)).await?;
        client.limits().await?;
        let left = org.control("faults", None).await?;
        holds(left["faults"] == json!([]), left)
    })
    .await;
    check("error.unavailable", async {
        // A write is not sent again.
        let fault = json!({ "kind": "unavailable", "method": "POST", "object": "Account" });
        org.control("faults", Some(fault)).await?;
        let error = refused(account.create(&json!({ "Name": "Turned away" })).await)?;
        holds(matches!(error, CirrusError::Api { status: 503, .. }), error)
    })
    .await;
    check("error.session", async {
        org.end_sessions().await?;
        coded(client.limits().await, "INVALID_SESSION_ID")
    })
    .await;
}

/// Holds the call's error to Salesforce's code for it.
fn coded<T>(outcome: Result<T, CirrusError>, code: &str) -> Result<(), Failure> {
    let error = refused(outcome)?;
    let same = matches!(&error, CirrusError::Api { errors, .. } if errors.iter().any(|one| one.error_code == code));
    holds(same, error)
}
