//! Logins, and the one SOAP call that this client has.

use salesforce_core::client::Client as Session;
use salesforce_core::{bulkapi, restapi, soapapi};
use serde_json::json;

use crate::checks::{Failure, check, holds, refused};
use crate::control::Org;

const APP: &str = "SalesforceCoreApp";
const VERSION: &str = "68.0";

/// A session by client credentials, which every other check works with.
pub async fn connect(org: &Org) -> Option<Session> {
    let session = check("session.client-credentials", async {
        let app =
            json!({ "client_id": APP, "client_secret": "its secret", "run_as": org.username });
        org.control("apps", Some(app)).await?;
        login(org, "its secret").await
    })
    .await;
    check("session.refused", async {
        let error = refused(login(org, "not its secret").await)?;
        let text = format!("{error:?}");
        holds(text.contains("invalid_client"), text)
    })
    .await;
    session
}

async fn login(org: &Org, secret: &str) -> Result<Session, Failure> {
    let builder = Session::builder()
        .client_id(APP)
        .client_secret(secret)
        .instance_url(&org.instance_url)
        .tenant_id(&org.org_id);
    Ok(builder.build()?.connect().await?)
}

/// The session's client of the REST API.
pub fn rest(session: &Session) -> Result<restapi::Client, Failure> {
    Ok(restapi::ClientBuilder::new(session.clone()).api_version(VERSION).build()?)
}

/// The session's client of the Bulk API.
pub fn bulk(session: &Session) -> Result<bulkapi::Client, Failure> {
    Ok(bulkapi::ClientBuilder::new(session.clone()).api_version(VERSION).build()?)
}

/// Two accounts become one, and the contact of the second becomes the first one's.
pub async fn merge(session: &Session, client: &restapi::Client, org: &Org) {
    check("soap.merge", async {
        let soap = soapapi::ClientBuilder::new(session.clone()).api_version(VERSION).build()?;
        let master = client.create("Account", json!({ "Name": "Core master" })).send().await?.id;
        let other = client.create("Account", json!({ "Name": "Core other" })).send().await?.id;
        let child = json!({ "LastName": "Moves", "AccountId": other });
        let contact = client.create("Contact", child).send().await?.id;
        let kept = json!({ "Phone": "+1 558" });
        let merged = soap.merge("Account", &master, &[&other], kept.as_object(), false).await?;
        holds(merged.success && merged.merged_record_ids == [other.clone()], &merged)?;
        let moved = org.row("Contact", &contact).await?.ok_or("the contact is gone")?;
        holds(moved["AccountId"] == master.as_str(), moved)?;
        let row = org.row("Account", &master).await?.ok_or("the master is gone")?;
        holds(row["Phone"] == "+1 558" && org.row("Account", &other).await?.is_none(), row)
    })
    .await;
}

/// It logs in anew by its own clock only, never because a call was refused.
pub async fn refresh(client: &restapi::Client, org: &Org) {
    check("error.session", async {
        org.end_sessions().await?;
        let error = refused(client.query("SELECT Id FROM User").send().await)?;
        let text = format!("{error:?}");
        holds(text.contains("INVALID_SESSION_ID") && text.contains("401"), text)
    })
    .await;
}
