//! The audit trail: sealed outside the ledger at every close, verified on demand.

use isthmus_contract::workspace::AuditView;
use isthmus_store::AuditHead;
use isthmus_vault::Entry;
use secrecy::{ExposeSecret, SecretString};

use crate::error::Result;
use crate::workspace::Workspace;

/// Walks the trail and compares it with the seal in the keychain: edits, gaps, a cut tail and a swapped file show.
///
/// # Errors
/// When the ledger or the keychain cannot be read.
pub fn verify(workspace: &Workspace) -> Result<AuditView> {
    let found = workspace.ledger.read().verify_audit(sealed_head(workspace)?)?;
    Ok(AuditView {
        entries: found.entries,
        verified: found.is_intact(),
        findings: found.findings.iter().map(ToString::to_string).collect(),
        head: found.head.to_text(),
    })
}

/// Keeps the trail's end in the keychain, where whoever swaps the ledger's file does not reach.
pub(crate) fn seal(workspace: &Workspace) -> Result<()> {
    let head = workspace.ledger.read().audit_head()?;
    if let Some(sealed) = sealed_head(workspace)?
        && (sealed == head || !continues(workspace, sealed)?)
    {
        // A trail that does not continue the sealed one is not sealed over: `audit verify` must go on saying so.
        return Ok(());
    }
    Ok(workspace.vault()?.set(Entry::AuditHead, &SecretString::from(head.to_text()))?)
}

fn sealed_head(workspace: &Workspace) -> Result<Option<AuditHead>> {
    match workspace.vault()?.get(Entry::AuditHead) {
        Ok(text) => Ok(AuditHead::from_text(text.expose_secret())),
        Err(isthmus_vault::Error::Missing { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// True when the trail still holds the sealed entry as it was.
fn continues(workspace: &Workspace, sealed: AuditHead) -> Result<bool> {
    if sealed == AuditHead::EMPTY {
        return Ok(true);
    }
    let page = workspace.ledger.read().audit_page(None, sealed.counter.saturating_sub(1), 1)?;
    Ok(page
        .first()
        .is_some_and(|row| row.entry.counter == sealed.counter && row.hash == sealed.hash))
}
