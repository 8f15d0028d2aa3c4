//! Reports of runs: the header, the causes with their next action, the rows; as views, CSV and JSON.

mod export;

use isthmus_contract::plan::CauseView;
use isthmus_contract::request::RowsRequest;
use isthmus_contract::run::{ReportView, RowView, RunView};
use isthmus_model::ids::RunId;
use isthmus_model::plan::Action;
use isthmus_model::run::{Outcome, RunKind};
use isthmus_store::{
    OperationFilter, Ordinal, OutcomeFilter, OutcomeKind, PlannedOperation, RunRow, RunState,
};

use crate::diagnose::with_names;
use crate::error::{Error, Result};
use crate::plan::Causes;
use crate::syncs::find;
use crate::workspace::Workspace;

pub use export::{write_csv_report, write_json_report};

/// Rows read from the ledger at once.
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
pub fn report(workspace: &Workspace, run: RunId, rows: &RowsRequest) -> Result<ReportView> {
    let filter = filter(rows.outcome.as_deref())?;
    let header = header(workspace, run)?;
    let mut page = Vec::new();
    let mut seen: u64 = 0;
    each_row(workspace, run, &filter, |row| {
        if seen >= rows.offset && (page.len() as u64) < rows.limit {
            page.push(row);
        }
        seen += 1;
        Ok(())
    })?;
    Ok(ReportView { header, causes: causes(workspace, run)?, rows: page, rows_total: seen })
}

/// One run's header.
pub(crate) fn header(workspace: &Workspace, run: RunId) -> Result<RunView> {
    let row = workspace.ledger.read().run(run)?.ok_or(Error::UnknownRun(run))?;
    run_view(workspace, &row)
}

fn was_carried_out(row: &RunRow) -> bool {
    let replaced = row.stop_cause.as_ref().is_some_and(|cause| cause.code == SUPERSEDED);
    !replaced && !matches!(row.state, RunState::Planning | RunState::Planned)
}

fn run_view(workspace: &Workspace, row: &RunRow) -> Result<RunView> {
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
    let (left, right) = org_names(workspace, row)?;
    Ok(Some(with_names(&text, &left, &right)))
}

fn org_names(workspace: &Workspace, row: &RunRow) -> Result<(String, String)> {
    let reader = workspace.ledger.read();
    let name = |org| -> Result<String> {
        Ok(reader.org(org)?.map_or_else(|| org.to_string(), |row| row.name))
    };
    Ok(match reader.lane(row.lane)? {
        Some(lane) => (name(lane.left)?, name(lane.right)?),
        None => ("the left org".to_owned(), "the right org".to_owned()),
    })
}

fn filter(outcome: Option<&str>) -> Result<OperationFilter> {
    let Some(word) = outcome else { return Ok(OperationFilter::default()) };
    let kind = match word {
        "created" => OutcomeKind::Created,
        "updated" => OutcomeKind::Updated,
        "unchanged" => OutcomeKind::Unchanged,
        "held" => OutcomeKind::Held,
        "failed" => OutcomeKind::Quarantined,
        "pending" => OutcomeKind::Pending,
        _ => {
            let hint = "use created, updated, unchanged, held, failed or pending";
            return Err(Error::bad(format!("`{}` is no outcome", word.escape_debug()), hint));
        }
    };
    let outcome = Some(OutcomeFilter::Is(kind));
    Ok(OperationFilter { outcome, ..OperationFilter::default() })
}

/// Gives every row that passes the filter, a page of the ledger at a time.
fn each_row(
    workspace: &Workspace,
    run: RunId,
    filter: &OperationFilter,
    mut take: impl FnMut(RowView) -> Result<()>,
) -> Result<()> {
    let row = workspace.ledger.read().run(run)?.ok_or(Error::UnknownRun(run))?;
    let (left, right) = org_names(workspace, &row)?;
    let mut after: Option<Ordinal> = None;
    loop {
        let page = workspace.ledger.read().operations_page(run, filter, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.ordinal);
        for planned in &page {
            let view = row_view(planned);
            take(RowView { message: with_names(&view.message, &left, &right), ..view })?;
        }
    }
}

fn row_view(planned: &PlannedOperation) -> RowView {
    let operation = &planned.operation;
    let (outcome, target, cause) = match &planned.outcome {
        Some(Outcome::Created { target_id }) => ("created", Some(*target_id), None),
        Some(Outcome::Updated { target_id }) => ("updated", Some(*target_id), None),
        Some(Outcome::Unchanged { target_id }) => ("unchanged", *target_id, None),
        Some(Outcome::Held { cause }) => ("held", None, Some(cause)),
        Some(Outcome::Quarantined { cause }) => ("failed", None, Some(cause)),
        Some(Outcome::Pending { cause }) => ("pending", None, Some(cause)),
        None => ("planned", None, None),
    };
    let target = target.or_else(|| planned_target(&operation.action));
    RowView {
        mapping: operation.mapping.to_string(),
        object: operation.target_object.clone(),
        source_id: operation.source_id.to_string(),
        target_id: target.map(|id| id.to_string()).unwrap_or_default(),
        outcome: outcome.to_owned(),
        code: cause.map(|cause| cause.code.clone()).unwrap_or_default(),
        message: cause.map_or_else(|| operation.why.clone(), |cause| cause.message.clone()),
        fields: cause.map(|cause| cause.fields.clone()).unwrap_or_default(),
        remedy: cause.map(|cause| cause.remedy.clone()).unwrap_or_default(),
    }
}

fn planned_target(action: &Action) -> Option<isthmus_model::ids::RecordId> {
    match action {
        Action::Update { target_id, .. }
        | Action::Delete { target_id, .. }
        | Action::Link { target_id } => Some(*target_id),
        Action::Unchanged { target_id, .. } | Action::Hold { target_id, .. } => *target_id,
        Action::Create { .. } => None,
    }
}

/// Cause x affected rows x next action, most frequent first.
fn causes(workspace: &Workspace, run: RunId) -> Result<Vec<CauseView>> {
    let mut causes = Causes::default();
    for outcome in ["failed", "held", "pending"] {
        each_row(workspace, run, &filter(Some(outcome))?, |row| {
            causes.add(CauseView {
                code: row.code,
                mapping: row.mapping,
                outcome: row.outcome,
                message: row.message,
                rows: 1,
                remedy: row.remedy,
            });
            Ok(())
        })?;
    }
    Ok(causes.most_frequent_first())
}

#[cfg(test)]
mod tests;
