//! Stopped rows told by cause: how many, what happened, the next step; counted by the ledger, not row by row.

use isthmus_contract::plan::CauseView;
use isthmus_model::cause::Cause;
use isthmus_model::ids::RunId;
use isthmus_model::plan::Action;
use isthmus_model::run::Outcome;
use isthmus_store::{CauseGroup, OutcomeKind, PlannedOperation};

use crate::diagnose::with_names;
use crate::error::Result;
use crate::workspace::Workspace;

/// The names of a lane's two orgs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OrgNames {
    pub(crate) left: String,
    pub(crate) right: String,
}

impl OrgNames {
    /// The engine knows sides; people know their orgs' names.
    pub(crate) fn tell(&self, text: &str) -> String {
        with_names(text, &self.left, &self.right)
    }
}

/// Cause x affected rows x next action of a run, most frequent first.
pub(crate) fn of_run(
    workspace: &Workspace,
    run: RunId,
    names: &OrgNames,
) -> Result<Vec<CauseView>> {
    let groups = workspace.ledger.read().cause_groups(run)?;
    told(workspace, run, groups, names, outcome_cause)
}

/// The same of the rows that a plan holds.
pub(crate) fn of_plan(
    workspace: &Workspace,
    run: RunId,
    names: &OrgNames,
) -> Result<Vec<CauseView>> {
    let groups = workspace.ledger.read().hold_groups(run)?;
    told(workspace, run, groups, names, planned_cause)
}

fn told(
    workspace: &Workspace,
    run: RunId,
    groups: Vec<CauseGroup>,
    names: &OrgNames,
    cause: fn(&PlannedOperation) -> Option<&Cause>,
) -> Result<Vec<CauseView>> {
    let mut views = Vec::with_capacity(groups.len());
    for group in groups {
        let first = workspace.ledger.read().operation(run, group.first)?;
        let Some(cause) = first.as_ref().and_then(cause) else { continue };
        let message = names.tell(&cause.message);
        views.push(CauseView {
            code: group.code,
            mapping: group.mapping.to_string(),
            outcome: outcome_word(group.outcome).to_owned(),
            message: if group.messages_differ {
                format!("for example: {message}")
            } else {
                message
            },
            rows: group.rows,
            remedy: names.tell(&cause.remedy),
        });
    }
    views.sort_by_key(|cause| std::cmp::Reverse(cause.rows));
    Ok(views)
}

/// The outcome as people read it: what the ledger calls quarantined has failed.
pub(crate) fn outcome_word(outcome: OutcomeKind) -> &'static str {
    match outcome {
        OutcomeKind::Quarantined => "failed",
        other => other.as_str(),
    }
}

/// Why a row was stopped; `None` where it was not.
pub(crate) fn outcome_cause(planned: &PlannedOperation) -> Option<&Cause> {
    match planned.outcome.as_ref()? {
        Outcome::Held { cause } | Outcome::Quarantined { cause } | Outcome::Pending { cause } => {
            Some(cause)
        }
        Outcome::Created { .. } | Outcome::Updated { .. } | Outcome::Unchanged { .. } => None,
    }
}

fn planned_cause(planned: &PlannedOperation) -> Option<&Cause> {
    match &planned.operation.action {
        Action::Hold { cause, .. } => Some(cause),
        _ => None,
    }
}
