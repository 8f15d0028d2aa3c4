//! One org's health, asked of the org itself: login, limits, latency, clock.

use isthmus_contract::health::{Alert, AlertSubject, Health, OrgHealth};
use isthmus_salesforce::api::limits::Limit;
use isthmus_store::OrgRow;

use super::connection::Connection;
use super::find;
use super::probe::{CLOCK_REMEDY, HIGH_API_USE_PERCENT, TOLERABLE_CLOCK_OFFSET, clock_words};
use crate::alerts::alert;
use crate::diagnose::diagnose;
use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// The name of the daily request limit (REST API Developer Guide, "Limits").
const DAILY_REQUESTS: &str = "DailyApiRequests";

/// Asks one org how it is. An org that cannot be asked is a finding, not an error.
///
/// # Errors
/// [`Error::UnknownOrg`]; when the ledger cannot be read.
pub async fn health_of(workspace: &Workspace, name: &str) -> Result<OrgHealth> {
    let row = find(workspace, name)?;
    let mut alerts = Vec::new();
    let mut health = match row.disconnected_at {
        None => org_health(workspace, &row, &mut alerts).await,
        Some(_) => cut_off(&row),
    };
    // Here the finding stands alone: it brings its next step along.
    if let Some(worst) = alerts.iter().max_by_key(|alert| alert.health) {
        let text = worst.text.trim_start_matches(&format!("{}: ", row.name));
        health.found = format!("{text}; {}", worst.remedy);
    }
    Ok(health)
}

fn cut_off(row: &OrgRow) -> OrgHealth {
    let health = diagnose(&Error::Disconnected { name: row.name.clone() });
    OrgHealth {
        health: Health::Bad,
        found: format!("{}; {}", health.text, health.hint),
        ..silent(row)
    }
}

/// An org that was not asked yet.
fn silent(row: &OrgRow) -> OrgHealth {
    OrgHealth {
        org: row.name.clone(),
        health: Health::Good,
        found: format!("connected as {}", row.username),
        calls_used: None,
        calls_allowed: None,
        latency_ms: None,
        clock_offset_seconds: None,
        api_version: Some(row.api_version.clone()),
    }
}

/// Asks one connected org; what needs someone becomes an alert too.
pub(crate) async fn org_health(
    workspace: &Workspace,
    row: &OrgRow,
    alerts: &mut Vec<Alert>,
) -> OrgHealth {
    let mut found = silent(row);
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
