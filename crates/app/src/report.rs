//! Reports of runs: the header, the causes with their next action, the rows; as views, CSV and JSON.

mod export;
mod rows;

use isthmus_contract::request::RowsRequest;
use isthmus_contract::run::{ReportView, RunReportView, RunView};
use isthmus_model::ids::RunId;
use isthmus_model::run::RunKind;
use isthmus_store::{RunRow, RunState};

use crate::causes::{self, OrgNames};
use crate::error::{Error, Result};
use crate::syncs::find;
use crate::workspace::Workspace;

pub use export::{write_csv_report, write_json_report};
pub(crate) use rows::MOST_ROWS;
pub use rows::{row, rows};

/// Runs read from the ledger at once.
const PAGE: u32 = 500;

/// What the engine ends a shown plan with when a newer one takes its place.
const SUPERSEDED: &str = "superseded";

/// Runs, newest first; plans that were only looked at are left out.
///
/// # Errors
/// [`Error::UnknownSync`]; when the ledger cannot be read.
pub fn runs(workspace: &Workspace, sync: Option<&str>, limit: u32) -> Result<Vec<RunView>> {
    let sync = sync.map(|name| find(workspace, name)).transpose()?.map(|sync| sync.row.id);
    let mut views = Vec::new();
    let mut before = None;
    while views.len() < limit as usize {
        let page = workspace.ledger.read().runs(sync, before, PAGE)?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        for row in page.iter().filter(|row| was_carried_out(row)) {
            views.push(run_view(workspace, row)?);
        }
    }
    views.truncate(limit as usize);
    Ok(views)
}

/// One run with its causes and one page of rows.
///
/// # Errors
/// [`Error::UnknownRun`]; a bad request for an unknown outcome word.
pub fn report(workspace: &Workspace, run: RunId, request: &RowsRequest) -> Result<ReportView> {
    let filter = rows::filter(request.outcome.as_deref())?;
    let row = workspace.ledger.read().run(run)?.ok_or(Error::UnknownRun(run))?;
    let names = org_names(workspace, &row)?;
    let range = (request.offset, request.limit);
    let (rows, rows_total) = rows::page(workspace, run, &filter, &names, range)?;
    let causes = causes::of_run(workspace, run, &names)?;
    Ok(ReportView { header: run_view(workspace, &row)?, causes, rows, rows_total })
}

/// One run without its rows.
///
/// # Errors
/// [`Error::UnknownRun`]; when the ledger cannot be read.
pub fn summary(workspace: &Workspace, run: RunId) -> Result<RunReportView> {
    let row = workspace.ledger.read().run(run)?.ok_or(Error::UnknownRun(run))?;
    let names = org_names(workspace, &row)?;
    Ok(RunReportView {
        header: run_view(workspace, &row)?,
        causes: causes::of_run(workspace, run, &names)?,
        left: names.left,
        right: names.right,
        interrupted: is_interrupted(workspace, &row),
    })
}

/// The process that carried it out is gone, and what it left open can be carried on.
fn is_interrupted(workspace: &Workspace, row: &RunRow) -> bool {
    let begun = matches!(row.state, RunState::Applying | RunState::Settling);
    begun && !workspace.is_at_work(row.lane)
}

/// One run's header.
pub(crate) fn header(workspace: &Workspace, run: RunId) -> Result<RunView> {
    let row = workspace.ledger.read().run(run)?.ok_or(Error::UnknownRun(run))?;
    run_view(workspace, &row)
}

pub(crate) fn was_carried_out(row: &RunRow) -> bool {
    !is_superseded(row) && !matches!(row.state, RunState::Planning | RunState::Planned)
}

/// A plan that was looked at and given up for a newer one.
pub(crate) fn is_superseded(row: &RunRow) -> bool {
    row.stop_cause.as_ref().is_some_and(|cause| cause.code == SUPERSEDED)
}

pub(crate) fn run_view(workspace: &Workspace, row: &RunRow) -> Result<RunView> {
    let reader = workspace.ledger.read();
    let counts = match row.counts {
        Some(counts) => counts,
        None => reader.outcome_counts(row.id)?.decided,
    };
    let sync = reader.sync(row.sync)?.map_or_else(String::new, |sync| sync.name);
    let until = row.ended_at.unwrap_or_else(|| workspace.now());
    Ok(RunView {
        run: row.id,
        sync,
        version: row.mapping_version,
        kind: kind_word(&row.kind).to_owned(),
        end: row.end,
        reason: reason(workspace, row)?,
        rows_read: counts.rows_read(),
        counts,
        rows_sent: row.rows_sent,
        calls: row.calls,
        seconds: until.duration_since(row.started_at).as_secs_f64().max(0.0),
        started_at: row.started_at,
        ended_at: row.ended_at,
    })
}

fn kind_word(kind: &RunKind) -> &'static str {
    match kind {
        RunKind::Full => "full",
        RunKind::Selected { .. } => "selected",
        RunKind::Retry { .. } => "retry",
    }
}

/// Why a run ended as it did, or is no run at all.
fn reason(workspace: &Workspace, row: &RunRow) -> Result<Option<String>> {
    let Some(cause) = &row.stop_cause else {
        let planned = row.state == RunState::Planned;
        return Ok(planned.then(|| {
            "this is a plan that was looked at: nothing was written, and a run makes its own"
                .to_owned()
        }));
    };
    if cause.code == SUPERSEDED {
        let text = "this was a plan that was looked at, and a newer one has taken its place: nothing was written";
        return Ok(Some(text.to_owned()));
    }
    let text = match cause.message.trim_end_matches(cause.remedy.as_str()) {
        // Some of the orgs' texts end with the remedy already.
        message if message.len() < cause.message.len() && !cause.remedy.is_empty() => {
            cause.message.clone()
        }
        message if cause.remedy.is_empty() => message.to_owned(),
        message => format!("{message}; {}", cause.remedy),
    };
    Ok(Some(org_names(workspace, row)?.tell(&text)))
}

/// The names that a run's orgs have now.
pub(crate) fn org_names(workspace: &Workspace, row: &RunRow) -> Result<OrgNames> {
    let reader = workspace.ledger.read();
    let name = |org| -> Result<String> {
        Ok(reader.org(org)?.map_or_else(|| org.to_string(), |row| row.name))
    };
    Ok(match reader.lane(row.lane)? {
        Some(lane) => OrgNames { left: name(lane.left)?, right: name(lane.right)? },
        None => OrgNames { left: "the left org".to_owned(), right: "the right org".to_owned() },
    })
}

#[cfg(test)]
mod tests;
