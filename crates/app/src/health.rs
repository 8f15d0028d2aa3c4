//! Health: is everything all right, and what to do where it is not.

use isthmus_contract::health::{Alert, Health, HealthView, OrgHealth, SyncHealth};
use isthmus_contract::run::RunView;
use isthmus_model::run::RunEnd;
use isthmus_salesforce::api::limits::Limit;
use isthmus_store::{OrgRow, PreviousStop, RunState};

use crate::diagnose::diagnose;
use crate::error::{Error, Result};
use crate::org::{
    CLOCK_REMEDY, Connection, HIGH_API_USE_PERCENT, TOLERABLE_CLOCK_OFFSET, clock_words,
};
use crate::syncs::{StoredSync, stored, view};
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
        let remedy = "connect the first one: `isthmus org connect NAME --client-id ID`";
        alerts.push(alert(Health::Warning, "no org is connected", remedy));
    }
    let overall = alerts.iter().map(|alert| alert.health).max().unwrap_or(Health::Good);
    alerts.sort_by_key(|alert| std::cmp::Reverse(alert.health));
    Ok(HealthView { overall, orgs, syncs, alerts })
}

fn ledger_alerts(workspace: &Workspace) -> Result<Vec<Alert>> {
    let mut alerts = Vec::new();
    if workspace.ledger.previous_stop() == PreviousStop::Unclean {
        let text =
            "the last process ended without closing the ledger; the integrity check found nothing";
        let remedy = "nothing to do: the next run reads back what was open";
        alerts.push(alert(Health::Warning, text, remedy));
    }
    for run in workspace.ledger.read().open_runs()? {
        if matches!(run.state, RunState::Applying | RunState::Settling) {
            let text = format!("run {} was interrupted", run.id);
            let remedy = "run its sync again: it goes on where it stopped";
            alerts.push(alert(Health::Warning, text, remedy));
        }
    }
    Ok(alerts)
}

async fn org_health(workspace: &Workspace, row: &OrgRow, alerts: &mut Vec<Alert>) -> OrgHealth {
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
        alerts.push(alert(Health::Bad, problem.text, problem.hint));
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
        raise(found, alerts, text, CLOCK_REMEDY);
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
        raise(found, alerts, text, "let big runs wait until the 24-hour window has moved on");
    }
}

fn raise(found: &mut OrgHealth, alerts: &mut Vec<Alert>, text: String, remedy: &str) {
    found.health = found.health.max(Health::Warning);
    alerts.push(alert(Health::Warning, text, remedy));
}

fn sync_health(
    workspace: &Workspace,
    sync: &StoredSync,
    alerts: &mut Vec<Alert>,
) -> Result<SyncHealth> {
    let view = view(workspace, sync)?;
    let runs = crate::report::runs(workspace, Some(&view.name), 1)?;
    let last = runs.first();
    let cut_off = disconnected(workspace, sync)?;
    let open = last.map_or(0, |run| run.counts.failed + run.counts.held);
    // A run of selected records says nothing of the rows that earlier ones left in quarantine.
    let quarantined = quarantined(workspace, sync)?;
    let failed_rows = open.max(quarantined);
    let health = match last.and_then(|run| run.end) {
        _ if view.enabled && cut_off.is_some() => Health::Bad,
        Some(RunEnd::Succeeded | RunEnd::Unchanged) if quarantined > 0 => Health::Warning,
        Some(RunEnd::Failed) => Health::Bad,
        Some(RunEnd::Partial | RunEnd::Stopped) => Health::Warning,
        _ => Health::Good,
    };
    if let (true, Some(org)) = (view.enabled, cut_off) {
        let text = format!("{}: {org} is disconnected", view.name);
        let remedy = format!("connect it again: `isthmus org connect {org} --client-id ID`");
        alerts.push(alert(Health::Bad, text, remedy));
    } else if let (true, Some(run)) = (health != Health::Good, last) {
        let end = run.end.map_or("open", RunEnd::as_str);
        let mut text = format!("{}: run {} ended as {end}", view.name, run.run);
        for (rows, words) in [(open, "held or failed"), (quarantined, "in quarantine")] {
            match rows {
                0 => {}
                1 => text.push_str(&format!(", 1 row is {words}")),
                rows => text.push_str(&format!(", {rows} rows are {words}")),
            }
        }
        alerts.push(alert(health, text, remedy(&view.name, run, quarantined)));
    }
    Ok(SyncHealth {
        sync: view.name,
        health,
        enabled: view.enabled,
        last_run: last.map(|run| run.run),
        last_end: last.and_then(|run| run.end),
        last_ended_at: last.and_then(|run| run.ended_at),
        failed_rows,
    })
}

/// The name of an org that a sync needs and that is disconnected.
fn disconnected(workspace: &Workspace, sync: &StoredSync) -> Result<Option<String>> {
    let orgs = workspace.ledger.read().orgs()?;
    let is_needed =
        |row: &&OrgRow| sync.lanes.iter().any(|lane| [lane.left, lane.right].contains(&row.org_id));
    let gone = orgs.iter().filter(is_needed).find(|row| row.disconnected_at.is_some());
    Ok(gone.map(|row| row.name.clone()))
}

/// Rows in quarantine on all lanes of a sync: the target refused them, and they are sent no more until retried.
fn quarantined(workspace: &Workspace, sync: &StoredSync) -> Result<u64> {
    let reader = workspace.ledger.read();
    let mut rows = 0;
    for lane in &sync.lanes {
        rows += reader.count_quarantined(lane.id)?;
    }
    Ok(rows)
}

fn remedy(sync: &str, run: &RunView, quarantined: u64) -> String {
    let open = run.counts.failed + run.counts.held + run.counts.pending;
    match run.end {
        Some(RunEnd::Succeeded | RunEnd::Unchanged) if quarantined > 0 => {
            format!(
                "`isthmus runs --sync {sync}` shows the run that has them as failed; mend the causes and retry it"
            )
        }
        Some(RunEnd::Stopped | RunEnd::Failed) if open == 0 => {
            format!("`isthmus report {}` says why", run.run)
        }
        _ => format!("`isthmus report {}` says why, row by row", run.run),
    }
}

fn alert(health: Health, text: impl Into<String>, remedy: impl Into<String>) -> Alert {
    Alert { health, text: text.into(), remedy: remedy.into() }
}
