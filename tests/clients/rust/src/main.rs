//! Third-party Salesforce clients in Rust against a served org: everything that each has a call for.

mod checks;
mod cirrus_client;
mod control;
mod salesforce_core_client;

use crate::checks::Failure;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let org = control::Org::first()?;
    match std::env::args().nth(1).as_deref() {
        Some("cirrus") => cirrus_client::everything(&org).await,
        Some("salesforce_core") => salesforce_core_client::everything(&org).await,
        other => Err(format!("{other:?} is no client: name cirrus or salesforce_core").into()),
    }
}
