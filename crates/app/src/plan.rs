//! Planning: what a run would do, stored and shown; nothing is written to any org.

mod rows;
mod stored;

use std::time::Duration;

use isthmus_contract::plan::{MappingPlanView, PlanView};
use isthmus_contract::progress::Progress;
use isthmus_contract::request::RunRequest;
use isthmus_model::ids::RunId;
use isthmus_model::mapping::MappingName;
use isthmus_model::plan::Operation;
use isthmus_model::run::RunKind;
use isthmus_salesforce::REQUEST_TIMEOUT;
use isthmus_store::{ActionKind, OperationFilter};
use isthmus_sync::{BoundSync, PlanReport};
use tokio_util::sync::CancellationToken;

use crate::causes::{self, OrgNames};
use crate::engine::{engine, options};
use crate::error::{Error, Result};
use crate::progress::translate;
use crate::syncs::{Lane, Purpose, bind_lane, find};
use crate::workspace::Workspace;

pub use rows::rows;
pub(crate) use rows::{row_name, with_org_names};
pub use stored::stored;

/// The longest time between a batch's re-read and the end of its last write: three requests (read, creates, updates),
/// each of which is given up after the client's time limit.
const UNCONDITIONAL_WINDOW: Duration = REQUEST_TIMEOUT.saturating_mul(3);

/// Plans a sync, or selected records of it, and shows up to `limit` operations.
///
/// # Errors
/// [`crate::Error::UnknownSync`], [`crate::Error::Outdated`]; an org or the ledger; cancelled.
pub async fn plan(
    workspace: &Workspace,
    request: &RunRequest,
    limit: u64,
    watch: impl FnMut(Progress),
    cancel: CancellationToken,
) -> Result<PlanView> {
    let sync = find(workspace, &request.sync)?;
    let lane = bind_lane(workspace, &sync, Purpose::Look).await?;
    let kind = kind(request);
    let report = make(workspace, &lane, kind.clone(), watch, cancel).await?;
    let mut view = view(workspace, &sync.row.name, &lane, &report, limit)?;
    match &kind {
        RunKind::Full => drop(view.notes.splice(0..0, unreadable(&lane, &report))),
        RunKind::Selected { records } => {
            let note = stored::companions(workspace, report.run, records, &report.objects)?;
            view.notes.splice(0..0, note);
        }
        RunKind::Retry { .. } => {}
    }
    // Carrying the plan out counts anew; until then this is what it has cost.
    workspace.ledger.write(|transaction| transaction.set_run_traffic(report.run, 0, view.calls))?;
    Ok(view)
}

pub(crate) fn kind(request: &RunRequest) -> RunKind {
    match &request.records {
        None => RunKind::Full,
        Some(records) => RunKind::Selected { records: records.clone() },
    }
}

/// Makes and stores a plan.
pub(crate) async fn make(
    workspace: &Workspace,
    lane: &Lane,
    kind: RunKind,
    mut watch: impl FnMut(Progress),
    cancel: CancellationToken,
) -> Result<PlanReport> {
    let (left, right) = (lane.left.side(), lane.right.side());
    let _turn = workspace.take_turn(lane.bound.lane, &lane.sync)?;
    let options = options(workspace);
    let mut engine = engine(workspace, &left, &right, options)
        .watched_by(move |progress| watch(translate(progress)))
        .cancelled_by(cancel);
    let refused = Error::engine(&lane.left.row.name, &lane.right.row.name);
    engine.plan(&lane.bound, kind).await.map_err(refused)
}

/// A stored plan as people see it.
pub(crate) fn view(
    workspace: &Workspace,
    sync: &str,
    lane: &Lane,
    report: &PlanReport,
    limit: u64,
) -> Result<PlanView> {
    let (operations, operations_total) = shown(workspace, report.run, limit)?;
    let mut notes = notes(lane);
    if report.counts.writes() > 0 {
        notes.push(unconditional());
    }
    let mappings = report
        .objects
        .iter()
        .map(|(name, counts)| MappingPlanView {
            mapping: name.to_string(),
            target_object: target_object(&lane.bound, name.as_str()),
            counts: *counts,
        })
        .collect();
    let names = OrgNames { left: lane.left.row.name.clone(), right: lane.right.row.name.clone() };
    Ok(PlanView {
        run: report.run,
        sync: sync.to_owned(),
        version: lane.bound.version,
        counts: report.counts,
        mappings,
        held: causes::of_plan(workspace, report.run, &names)?,
        notes,
        calls: report.calls.values().sum(),
        operations,
        operations_total,
    })
}

/// What a plan says of edits that meet it: collections know no condition, so each batch is read again just before it is
/// sent, and an edit that falls between this read and the write is written over.
fn unconditional() -> String {
    format!(
        "unconditional, window {} s: each batch is read again just before it is written, and what others change \
         in between (a second as a rule, this long at most while the org answers) is written over where a mapped \
         field differs",
        UNCONDITIONAL_WINDOW.as_secs()
    )
}

fn target_object(bound: &BoundSync, mapping: &str) -> String {
    bound
        .objects
        .iter()
        .find(|object| object.mapping.name.as_str() == mapping)
        .map_or_else(String::new, |object| object.mapping.right.name.clone())
}

/// The first operations that do something or are held.
fn shown(workspace: &Workspace, run: RunId, limit: u64) -> Result<(Vec<Operation>, u64)> {
    let reader = workspace.ledger.read();
    let counts = reader.plan_counts(run)?;
    let actions =
        vec![ActionKind::Create, ActionKind::Update, ActionKind::Delete, ActionKind::Hold];
    let filter = OperationFilter { actions, ..OperationFilter::default() };
    let limit_32 = u32::try_from(limit).unwrap_or(u32::MAX);
    let page = reader.operations_page(run, &filter, None, limit_32)?;
    let operations = page.into_iter().map(|planned| planned.operation).collect();
    Ok((operations, counts.writes() + counts.held))
}

fn notes(lane: &Lane) -> Vec<String> {
    let warnings = lane.warnings.iter();
    warnings.map(|problem| format!("{}; {}", problem.text, problem.remedy)).collect()
}

/// Object mappings of a whole plan without any row of the left org.
fn unreadable(lane: &Lane, report: &PlanReport) -> Vec<String> {
    let has_rows = |name: &MappingName| {
        report.objects.iter().any(|(own, counts)| own == name && counts.rows_read > 0)
    };
    let names = lane.bound.objects.iter().map(|object| &object.mapping.name);
    let empty = names.filter(|name| !has_rows(name));
    let (message, remedy) = nothing_readable(lane);
    empty.map(|mapping| format!("{mapping}: {message}; {remedy}")).collect()
}

/// What is said where a side has no row for its user: it may have none, or hide them.
pub(crate) fn nothing_readable(lane: &Lane) -> (String, &'static str) {
    nothing_readable_in(&lane.left.row.name)
}

fn nothing_readable_in(org: &str) -> (String, &'static str) {
    (
        format!("the user connected to {org} can read no row"),
        "if there should be rows, give the user read access to the object and its records",
    )
}

#[cfg(test)]
mod tests;
