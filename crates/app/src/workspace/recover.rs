//! Recovering a workspace: the recovery key proves itself on the ledger before it goes into the keychain.

use std::time::Duration;

use isthmus_contract::workspace::WorkspaceView;
use isthmus_store::LedgerKey;
use isthmus_vault::Entry;
use secrecy::{ExposeSecret, SecretString};

use super::open::open_ledger;
use super::{Surroundings, WorkspacePath};
use crate::error::Result;

/// Puts the ledger's key back into the keychain. The orgs' tokens are not in the ledger: they are connected again.
///
/// # Errors
/// [`crate::Error::NoWorkspace`]; [`crate::Error::Store`] when the key is mistyped or opens another ledger;
/// keychain trouble.
pub async fn recover(
    path: &WorkspacePath,
    surroundings: &Surroundings,
    recovery_key: &SecretString,
    wait: Duration,
) -> Result<WorkspaceView> {
    if !path.ledger().is_file() {
        return Err(path.missing());
    }
    let key = LedgerKey::from_recovery(recovery_key.expose_secret())?;
    let ledger = open_ledger(path, &key, surroundings, wait).await?;
    let id = ledger.workspace().to_owned();
    surroundings.keychain.of(&id)?.set(Entry::LedgerKey, &key.to_text())?;
    path.set_identity(&id)?;
    ledger.close()?;
    tracing::info!(workspace = %id, "ledger key recovered");
    Ok(path.view())
}
