//! cirrus and cirrus-auth: what they do with an org.

mod bulk;
mod composite;
mod errors;
mod queries;
mod records;
mod session;

use crate::checks::Failure;
use crate::control::Org;

/// Every check of this client.
pub async fn everything(org: &Org) -> Result<(), Failure> {
    let client = session::connect(org).await?;
    session::metadata(&client).await;
    queries::queries(&client).await;
    records::records(&client, org).await;
    records::collections(&client, org).await;
    composite::composites(&client, org).await;
    bulk::ingest(&client, org).await;
    bulk::extract(&client).await;
    errors::refusals(&client, org).await;
    session::logins(org).await
}
