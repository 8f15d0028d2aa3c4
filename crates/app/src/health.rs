//! Health: is everything all right, and what to do where it is not.

use isthmus_contract::health::{Alert, AlertSubject, Health, HealthView, OrgHealth};
use isthmus_salesforce::api::limits::Limit;
use isthmus_store::OrgRow;

use crate::alerts::{alert, ledger_alerts, nothing_connected, sync_health, worst_first};
use crate::diagnose::diagnose;
use crate::error::{Error, Result};
use crate::org::{
    CLOCK_REMEDY, Connection, HIGH_API_USE_PERCENT, TOLERABLE_CLOCK_OFFSET, clock_words,
};
use crate::syncs::stored;
use crate::workspace::Workspace;

/// The name of the daily request limit (REST API Developer Guide, "Limits").
const DAILY_REQUESTS: &str = "DailyApiRequests";

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

pub(crate) async fn org_health(
    workspace: &Workspace,
    row: &OrgRow,
    alerts: &mut Vec<Alert>,
) -> OrgHealth {
    let mut found = OrgHealth {
        org: row.name.clone(),
        health: Health::Good,
        found: format!("connected as {}", row.username),
        calls_used: None,
        calls_allowed: None,
        latency_ms: None,
        clock_offset_seconds: None,
        api_version: Some(row.api_version.clone()),
    };
    if let Err(error) = ask(workspace, row, &mut found, alerts).await {
        let problem = diagnose(&error);
        found.health = Health::Bad;
        found.found.clone_from(&problem.text);
        alerts.push(alert(Health::Bad, problem.text, problem.hint, about(row)));
    }
    found
}

async fn ask(
    workspace: &Workspace,
    row: &OrgRow,
    found: &mut OrgHealth,
    alerts: &mut Vec<Alert>,
) -> Result<()> {
    let connection = Connection::open(workspace, row.clone())?;
    let client = &connection.client;
    let before = workspace.now();
    let user = client.userinfo().await.map_err(Error::org(&row.name))?;
    let took = workspace.now().duration_since(before).as_millis();
    found.latency_ms = u64::try_from(took).ok();
    if user.org_id != row.org_id {
        let (name, pinned) = (row.name.clone(), row.org_id);
        return Err(Error::OrgDiffers { name, pinned, answered: user.org_id });
    }
    let offset = client.org_clock_offset().as_secs();
    found.clock_offset_seconds = Some(offset);
    if offset.unsigned_abs() > TOLERABLE_CLOCK_OFFSET.as_secs() {
        let text = format!("{}: {}", row.name, clock_words(offset));
        raise(found, alerts, row, text, CLOCK_REMEDY);
    }
    // A user without "View Setup and Configuration" is told no limits; that is no fault.
    if let Some(limit) =
        client.limits().await.ok().and_then(|limits| limits.get(DAILY_REQUESTS).copied())
    {
        limits(limit, row, found, alerts);
    }
    Ok(())
}

fn limits(limit: Limit, row: &OrgRow, found: &mut OrgHealth, alerts: &mut Vec<Alert>) {
    let allowed = limit.max.max(0).unsigned_abs();
    let used = (limit.max - limit.remaining).max(0).unsigned_abs();
    found.calls_allowed = Some(allowed);
    found.calls_used = Some(used);
    if allowed > 0 && used * 100 / allowed >= HIGH_API_USE_PERCENT {
        let text = format!("{}: {used} of {allowed} API calls of the day are used", row.name);
        raise(found, alerts, row, text, "let big runs wait until the 24-hour window has moved on");
    }
}

fn raise(found: &mut OrgHealth, alerts: &mut Vec<Alert>, row: &OrgRow, text: String, remedy: &str) {
    found.health = found.health.max(Health::Warning);
    alerts.push(alert(Health::Warning, text, remedy, about(row)));
}

fn about(row: &OrgRow) -> AlertSubject {
    AlertSubject::Org(row.name.clone())
}
