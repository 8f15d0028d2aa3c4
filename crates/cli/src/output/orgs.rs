//! Orgs, connection tests and health as text.

use isthmus_contract::health::{Health, HealthView};
use isthmus_contract::org::{OrgState, OrgTestView, OrgView, StepResult};
use isthmus_model::run::RunEnd;

use super::{table, visible};

/// The orgs of a workspace.
pub(crate) fn list(orgs: &[OrgView]) -> String {
    if orgs.is_empty() {
        return "No org is connected yet. Connect the first one:\n  isthmus org connect NAME --client-id ID".to_owned();
    }
    let rows = orgs.iter().map(|org| {
        let state = match org.state {
            OrgState::Connected => "connected",
            OrgState::Disconnected => "disconnected",
        };
        // Two lines a row: six columns fit no common terminal.
        vec![
            org.name.clone(),
            state.to_owned(),
            format!("{}\n{}", org.label, org.org_id),
            format!("{}\n{}", org.username, org.instance_url),
        ]
    });
    table(&["name", "state", "organization", "user and address"], rows)
}

/// A connection test, step by step.
pub(crate) fn test(view: &OrgTestView) -> String {
    let rows = view.steps.iter().map(|step| {
        let result = match step.result {
            StepResult::Passed => "passed",
            StepResult::Warned => "warning",
            StepResult::Failed => "FAILED",
            StepResult::Skipped => "skipped",
        };
        vec![step.step.clone(), result.to_owned(), step.found.clone(), step.remedy.clone()]
    });
    let verdict = if view.passed {
        "The connection works."
    } else {
        "The connection does not work yet; see the last column."
    };
    format!("{}\n{verdict}", table(&["step", "result", "found", "next"], rows))
}

/// The workspace at a glance.
pub(crate) fn health(view: &HealthView) -> String {
    let orgs = view.orgs.iter().map(|org| {
        let calls = match (org.calls_used, org.calls_allowed) {
            (Some(used), Some(allowed)) => format!("{used} of {allowed}"),
            _ => String::new(),
        };
        let latency = org.latency_ms.map(|latency| format!("{latency} ms")).unwrap_or_default();
        vec![org.org.clone(), word(org.health), org.found.clone(), calls, latency]
    });
    let syncs = view.syncs.iter().map(|sync| {
        let last = sync.last_run.map(|run| {
            let end = sync.last_end.map_or("open", RunEnd::as_str);
            format!("run {run}: {end}")
        });
        let state = if sync.enabled { "enabled" } else { "disabled" };
        let last = last.unwrap_or_else(|| "never ran".to_owned());
        vec![
            sync.sync.clone(),
            word(sync.health),
            state.to_owned(),
            last,
            sync.failed_rows.to_string(),
        ]
    });
    let mut parts = vec![
        format!("Health: {}", view.overall.as_str()),
        table(&["org", "health", "found", "API calls today", "latency"], orgs),
        table(&["sync", "health", "state", "last run", "rows to mend"], syncs),
    ];
    let alerts = view.alerts.iter().map(|alert| {
        visible(&format!("{}: {}\n  -> {}", alert.health.as_str(), alert.text, alert.remedy))
    });
    parts.push(alerts.collect::<Vec<_>>().join("\n"));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

fn word(health: Health) -> String {
    health.as_str().to_owned()
}
