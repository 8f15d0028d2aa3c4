//! salesforce_core: what it does with an org.

mod bulk;
mod collections;
mod errors;
mod records;
mod session;

use crate::checks::Failure;
use crate::control::Org;

/// Every check of this client.
pub async fn everything(org: &Org) -> Result<(), Failure> {
    let Some(session) = session::connect(org).await else {
        return Err("without a session there is nothing to check".into());
    };
    let client = session::rest(&session)?;
    records::metadata(&client).await;
    records::queries(&client).await;
    records::records(&client, org).await;
    collections::collections(&client, org).await;
    bulk::both_ways(&session::bulk(&session)?, org).await;
    session::merge(&session, &client, org).await;
    errors::refusals(&client, org).await;
    session::refresh(&client, org).await;
    Ok(())
}
