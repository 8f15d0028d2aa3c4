//! Health: is everything all right, and what to do where it is not.

use isthmus_contract::health::{Health, HealthView};

use crate::alerts::{ledger_alerts, nothing_connected, sync_health, worst_first};
use crate::error::Result;
use crate::org::org_health;
use crate::syncs::stored;
use crate::workspace::Workspace;

/// Looks at ledger, orgs and syncs. An org that cannot be asked is a finding, not an error.
///
/// # Errors
/// When the ledger cannot be read.
pub async fn health(workspace: &Workspace) -> Result<HealthView> {
    let mut alerts = ledger_alerts(workspace)?;
    let rows = workspace.ledger.read().orgs()?;
    let mut orgs = Vec::new();
    for row in rows.iter().filter(|row| row.disconnected_at.is_none()) {
        orgs.push(org_health(workspace, row, &mut alerts).await);
    }
    let mut syncs = Vec::new();
    for sync in stored(workspace)? {
        syncs.push(sync_health(workspace, &sync, &mut alerts)?);
    }
    if orgs.is_empty() {
        alerts.push(nothing_connected());
    }
    let overall = alerts.iter().map(|alert| alert.health).max().unwrap_or(Health::Good);
    worst_first(&mut alerts);
    Ok(HealthView { overall, orgs, syncs, alerts })
}
