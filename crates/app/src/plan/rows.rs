//! A plan's rows, a page at a time.

use isthmus_contract::plan::{PlanRow, PlanRows, PlanRowsRequest, PlannedAction};
use isthmus_model::mapping::MappingName;
use isthmus_model::plan::{Action, Operation};
use isthmus_store::{ActionKind, ListPage, OperationFilter, PlannedOperation};

use crate::causes::OrgNames;
use crate::error::{Error, Result};
use crate::report::{MOST_ROWS, org_names};
use crate::workspace::Workspace;

/// One page of a plan's rows.
///
/// # Errors
/// [`Error::UnknownRun`]; when the ledger cannot be read.
pub fn rows(workspace: &Workspace, request: &PlanRowsRequest) -> Result<PlanRows> {
    let reader = workspace.ledger.read();
    let run = reader.run(request.run)?.ok_or(Error::UnknownRun(request.run))?;
    let names = org_names(workspace, &run)?;
    let filter = OperationFilter {
        actions: request.actions.iter().copied().map(action_kind).collect(),
        mapping: request.mapping.as_deref().map(MappingName::new),
        ..OperationFilter::default()
    };
    let page = ListPage { offset: request.offset, limit: request.limit.min(MOST_ROWS) };
    let list = reader.operations_list(run.id, &filter, &request.text, page)?;
    let rows = list.rows.into_iter().map(|planned| plan_row(planned, &names)).collect();
    Ok(PlanRows { rows, total: list.total })
}

fn plan_row(planned: PlannedOperation, names: &OrgNames) -> PlanRow {
    PlanRow {
        ordinal: planned.ordinal.0,
        name: row_name(&planned.operation),
        operation: with_org_names(planned.operation, names),
    }
}

/// What the row is called: its name or key, else the record's id.
pub(crate) fn row_name(operation: &Operation) -> String {
    operation.name().unwrap_or_else(|| operation.source_id.to_string())
}

/// The operation's reasons with the orgs' names in place of their sides.
pub(crate) fn with_org_names(mut operation: Operation, names: &OrgNames) -> Operation {
    operation.why = names.tell(&operation.why);
    if let Action::Hold { cause, .. } = &mut operation.action {
        cause.message = names.tell(&cause.message);
        cause.remedy = names.tell(&cause.remedy);
    }
    operation
}

fn action_kind(action: PlannedAction) -> ActionKind {
    match action {
        PlannedAction::Create => ActionKind::Create,
        PlannedAction::Update => ActionKind::Update,
        PlannedAction::Delete => ActionKind::Delete,
        PlannedAction::Link => ActionKind::Link,
        PlannedAction::Unchanged => ActionKind::Unchanged,
        PlannedAction::Hold => ActionKind::Hold,
    }
}
