//! A run's rows: a page of them, all of them one after another, or one with everything that is known of it.

use isthmus_contract::run::{
    RowDetail, RowRequest, RowView, RowsPage, RunRow as RowInPlace, RunRowsRequest, TryView,
};
use isthmus_model::ids::{RecordId, RunId};
use isthmus_model::mapping::MappingName;
use isthmus_model::plan::Action;
use isthmus_model::run::Outcome;
use isthmus_store::{
    ListPage, OperationFilter, Ordinal, OutboxRow, OutcomeFilter, OutcomeKind, PlannedOperation,
    RunRow,
};

use super::org_names;
use crate::causes::{OrgNames, outcome_cause, outcome_word};
use crate::error::{Error, Result};
use crate::plan::{row_name, with_org_names};
use crate::query::json_cell;
use crate::workspace::Workspace;

/// Most rows of one page, whatever is asked for: a page is shown, not exported.
pub(crate) const MOST_ROWS: u32 = 1_000;

/// Rows read from the ledger at once.
const PAGE: u32 = 500;

/// One page of a run's rows.
///
/// # Errors
/// [`Error::UnknownRun`]; a bad request for an unknown outcome word.
pub fn rows(workspace: &Workspace, request: &RunRowsRequest) -> Result<RowsPage> {
    let filter = OperationFilter {
        cause_code: request.cause.clone(),
        mapping: request.mapping.as_deref().map(MappingName::new),
        ..filter(request.outcome.as_deref())?
    };
    let reader = workspace.ledger.read();
    let run = reader.run(request.run)?.ok_or(Error::UnknownRun(request.run))?;
    let names = org_names(workspace, &run)?;
    let page = ListPage { offset: request.offset, limit: request.limit.min(MOST_ROWS) };
    let list = reader.operations_list(run.id, &filter, &request.text, page)?;
    let rows = list.rows.iter().map(|planned| in_place(planned, &names)).collect();
    Ok(RowsPage { rows, total: list.total })
}

/// One row with everything the ledger knows of it: what was planned, what was sent and what the org answered.
///
/// # Errors
/// [`Error::UnknownRun`]; a bad request where the run has no such row.
pub fn row(workspace: &Workspace, request: RowRequest) -> Result<RowDetail> {
    let reader = workspace.ledger.read();
    let run = reader.run(request.run)?.ok_or(Error::UnknownRun(request.run))?;
    let ordinal = Ordinal(request.ordinal);
    let planned = reader.operation(run.id, ordinal)?.ok_or_else(|| {
        let text = format!("run {} has no row {}", run.id, request.ordinal);
        Error::bad(text, "look at the run's list of rows")
    })?;
    let names = org_names(workspace, &run)?;
    let sent = reader.outbox_of_operation(run.id, ordinal)?;
    Ok(RowDetail {
        row: in_place(&planned, &names),
        tries: sent.into_iter().map(|row| a_try(workspace, row)).collect::<Result<_>>()?,
        operation: with_org_names(planned.operation, &names),
    })
}

/// All rows that pass a filter, a page of the ledger at a time.
pub(super) struct RowPages<'a> {
    workspace: &'a Workspace,
    run: RunId,
    filter: &'a OperationFilter,
    names: OrgNames,
    after: Option<Ordinal>,
}

impl<'a> RowPages<'a> {
    pub(super) fn new(
        workspace: &'a Workspace,
        run: &RunRow,
        filter: &'a OperationFilter,
    ) -> Result<Self> {
        let names = org_names(workspace, run)?;
        Ok(Self { workspace, run: run.id, filter, names, after: None })
    }

    /// The next page; `None` after the last.
    pub(super) fn next_page(&mut self) -> Result<Option<Vec<RowView>>> {
        let reader = self.workspace.ledger.read();
        let page = reader.operations_page(self.run, self.filter, self.after, PAGE)?;
        let Some(last) = page.last() else { return Ok(None) };
        self.after = Some(last.ordinal);
        Ok(Some(page.iter().map(|planned| row_view(planned, &self.names)).collect()))
    }
}

/// One page of rows and how many there are.
pub(super) fn page(
    workspace: &Workspace,
    run: RunId,
    filter: &OperationFilter,
    names: &OrgNames,
    (offset, limit): (u64, u64),
) -> Result<(Vec<RowView>, u64)> {
    let page = ListPage { offset, limit: u32::try_from(limit).unwrap_or(u32::MAX) };
    let list = workspace.ledger.read().operations_list(run, filter, "", page)?;
    Ok((list.rows.iter().map(|planned| row_view(planned, names)).collect(), list.total))
}

/// The rows with this outcome word, or all.
pub(super) fn filter(outcome: Option<&str>) -> Result<OperationFilter> {
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

fn in_place(planned: &PlannedOperation, names: &OrgNames) -> RowInPlace {
    RowInPlace {
        ordinal: planned.ordinal.0,
        name: row_name(&planned.operation),
        decided_at: planned.decided_at,
        row: row_view(planned, names),
    }
}

fn row_view(planned: &PlannedOperation, names: &OrgNames) -> RowView {
    let operation = &planned.operation;
    let outcome = planned.outcome.as_ref();
    let target = outcome.and_then(written_target).or_else(|| planned_target(&operation.action));
    let cause = outcome_cause(planned);
    RowView {
        mapping: operation.mapping.to_string(),
        object: operation.target_object.clone(),
        source_id: operation.source_id.to_string(),
        target_id: target.map(|id| id.to_string()).unwrap_or_default(),
        outcome: outcome.map_or("planned", |outcome| outcome_word(outcome.into())).to_owned(),
        code: cause.map(|cause| cause.code.clone()).unwrap_or_default(),
        message: names.tell(cause.map_or(operation.why.as_str(), |cause| &cause.message)),
        fields: cause.map(|cause| cause.fields.clone()).unwrap_or_default(),
        remedy: cause.map(|cause| cause.remedy.clone()).unwrap_or_default(),
    }
}

fn written_target(outcome: &Outcome) -> Option<RecordId> {
    match outcome {
        Outcome::Created { target_id } | Outcome::Updated { target_id } => Some(*target_id),
        Outcome::Unchanged { target_id } => *target_id,
        Outcome::Held { .. } | Outcome::Quarantined { .. } | Outcome::Pending { .. } => None,
    }
}

fn planned_target(action: &Action) -> Option<RecordId> {
    match action {
        Action::Update { target_id, .. }
        | Action::Delete { target_id, .. }
        | Action::Link { target_id } => Some(*target_id),
        Action::Unchanged { target_id, .. } | Action::Hold { target_id, .. } => *target_id,
        Action::Create { .. } => None,
    }
}

fn a_try(workspace: &Workspace, row: OutboxRow) -> Result<TryView> {
    let intent = row.intent;
    let org = workspace.ledger.read().org(intent.org)?;
    let cell = |value| {
        json_cell(value).map_err(|error| {
            Error::bad(error.to_string(), "report it: the ledger holds a value that is none")
        })
    };
    let before = intent.base.iter().map(|(field, value)| Ok((field.clone(), cell(value)?)));
    Ok(TryView {
        attempt: row.attempt,
        org: org.map_or_else(|| intent.org.to_string(), |org| org.name),
        object: intent.object,
        target_id: intent.target_id.map(|id| id.to_string()),
        before: serde_json::Value::Object(before.collect::<Result<_>>()?),
        payload: intent.payload,
        answer: row.answer,
        sent_at: row.sent_at,
        answered_at: row.answered_at,
    })
}
