//! What the ledger alone says needs someone: runs cut off, runs that failed, orgs that syncs have lost.

use isthmus_contract::health::{Alert, AlertSubject, Health, SyncHealth};
use isthmus_contract::run::RunView;
use isthmus_model::run::RunEnd;
use isthmus_store::{OrgRow, PreviousStop, RunRow, RunState};

use crate::error::Result;
use crate::syncs::{StoredSync, last_run, view};
use crate::workspace::Workspace;

/// What the ledger itself has to tell: how it was left, and runs that nobody is at work on.
pub(crate) fn ledger_alerts(workspace: &Workspace) -> Result<Vec<Alert>> {
    let mut alerts = Vec::new();
    if workspace.ledger.previous_stop() == PreviousStop::Unclean {
        let text =
            "the last process ended without closing the ledger; the integrity check found nothing";
        let remedy = "nothing to do: the next run reads back what was open";
        alerts.push(alert(Health::Warning, text, remedy, AlertSubject::Workspace));
    }
    for run in interrupted(workspace)? {
        let text = format!("run {} was interrupted", run.id);
        let remedy = "run its sync again: it goes on where it stopped";
        alerts.push(alert(Health::Warning, text, remedy, AlertSubject::Run(run.id)));
    }
    Ok(alerts)
}

/// Runs that were cut off while they wrote; those that this process is at work on are not.
pub(crate) fn interrupted(workspace: &Workspace) -> Result<Vec<RunRow>> {
    let mut runs = workspace.ledger.read().open_runs()?;
    runs.retain(|run| {
        matches!(run.state, RunState::Applying | RunState::Settling)
            && !workspace.is_at_work(run.lane)
    });
    Ok(runs)
}

/// A sync's health from its last run, with an alert where someone is needed.
pub(crate) fn sync_health(
    workspace: &Workspace,
    sync: &StoredSync,
    alerts: &mut Vec<Alert>,
) -> Result<SyncHealth> {
    let view = view(workspace, sync)?;
    let last = last_run(workspace, sync.row.id)?;
    let last = last.as_ref();
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
        let remedy =
            format!("connect it again (Orgs, or `isthmus org connect {org} --client-id ID`)");
        alerts.push(alert(Health::Bad, text, remedy, AlertSubject::Org(org)));
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
        let about = match run.end {
            Some(RunEnd::Succeeded | RunEnd::Unchanged) => AlertSubject::Sync(view.name.clone()),
            _ => AlertSubject::Run(run.run),
        };
        alerts.push(alert(health, text, remedy(&view.name, run, quarantined), about));
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
                "find the run that has them as failed (`isthmus runs --sync {sync}`), mend the causes and retry it"
            )
        }
        Some(RunEnd::Stopped | RunEnd::Failed) if open == 0 => {
            format!("its report says why (`isthmus report {}`)", run.run)
        }
        _ => format!("its report says why, row by row (`isthmus report {}`)", run.run),
    }
}

/// A workspace without any connected org.
pub(crate) fn nothing_connected() -> Alert {
    let remedy = "connect the first one (Orgs, or `isthmus org connect NAME --client-id ID`)";
    alert(Health::Warning, "no org is connected", remedy, AlertSubject::Workspace)
}

pub(crate) fn worst_first(alerts: &mut [Alert]) {
    alerts.sort_by_key(|alert| std::cmp::Reverse(alert.health));
}

pub(crate) fn alert(
    health: Health,
    text: impl Into<String>,
    remedy: impl Into<String>,
    about: AlertSubject,
) -> Alert {
    Alert { health, text: text.into(), remedy: remedy.into(), about }
}
