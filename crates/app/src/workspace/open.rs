//! Opening a workspace: one owner at a time, and never a new key over old data.

use std::time::Duration;

use isthmus_store::{Ledger, LedgerKey, OpenInfo};
use isthmus_vault::Entry;
use secrecy::ExposeSecret;

use super::{BUILD, Surroundings, Workspace, WorkspacePath};
use crate::error::{Error, Result};

/// How often the owner lock is tried while another process holds it.
const LOCK_INTERVAL: Duration = Duration::from_millis(200);

/// Opens a workspace; waits up to `wait` while another process has it.
///
/// # Errors
/// [`Error::NoWorkspace`], [`Error::LedgerKeyMissing`], keychain trouble, and everything the ledger says: owned by
/// another process, wrong key, newer schema, damage.
pub async fn open(
    path: &WorkspacePath,
    surroundings: Surroundings,
    wait: Duration,
) -> Result<Workspace> {
    if !path.ledger().is_file() {
        return Err(path.missing());
    }
    let missing = || Error::LedgerKeyMissing { name: path.name().to_owned() };
    let id = path.identity().ok_or_else(missing)?;
    let key = match surroundings.keychain.of(&id)?.get(Entry::LedgerKey) {
        Err(isthmus_vault::Error::Missing { .. }) => return Err(missing()),
        key => LedgerKey::from_text(key?.expose_secret())?,
    };
    let ledger = open_ledger(path, &key, &surroundings, wait).await?;
    Ok(Workspace::new(path.clone(), ledger, surroundings))
}

pub(super) async fn open_ledger(
    path: &WorkspacePath,
    key: &LedgerKey,
    surroundings: &Surroundings,
    wait: Duration,
) -> Result<Ledger> {
    let deadline = tokio::time::Instant::now() + wait;
    loop {
        let now = surroundings.clock.now();
        let info = OpenInfo { now, build: BUILD, owner: surroundings.owner };
        match Ledger::open(&path.ledger(), key, info) {
            Err(isthmus_store::Error::Owned { .. }) if tokio::time::Instant::now() < deadline => {
                tokio::time::sleep(LOCK_INTERVAL).await;
            }
            outcome => return Ok(outcome?),
        }
    }
}
