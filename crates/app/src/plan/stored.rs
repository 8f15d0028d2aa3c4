//! A plan that was made before, as far as the ledger knows it; no org is asked.

use std::collections::BTreeSet;

use isthmus_contract::plan::{MappingPlanView, PlanView};
use isthmus_model::document::SyncDocument;
use isthmus_model::ids::{RecordId, RunId};
use isthmus_model::mapping::MappingName;
use isthmus_model::plan::PlanCounts;
use isthmus_model::run::RunKind;
use isthmus_store::{RunRow, RunState};

use super::{nothing_readable_in, unconditional};
use crate::causes::{self, OrgNames};
use crate::error::{Error, Result};
use crate::report::{is_superseded, org_names};
use crate::workspace::Workspace;

/// A plan that was made before. Its operations are left empty: [`super::rows()`] gives them a page at a time.
///
/// # Errors
/// [`Error::UnknownRun`]; a bad request for a plan whose making was cut off or is still under way.
pub fn stored(workspace: &Workspace, run: RunId) -> Result<PlanView> {
    let reader = workspace.ledger.read();
    let row = reader.run(run)?.ok_or(Error::UnknownRun(run))?;
    if row.state == RunState::Planning {
        return Err(Error::bad(format!("plan {run} is not whole yet"), "plan again"));
    }
    let names = org_names(workspace, &row)?;
    let counts = reader.plan_counts(run)?;
    let by_mapping = reader.plan_counts_by_mapping(run)?;
    let version = reader.sync_version(row.sync, row.mapping_version)?;
    let document = version.map(|version| version.document);
    let notes = notes(workspace, &row, &names, document.as_ref(), &by_mapping)?;
    let target = |name: &MappingName| {
        document.as_ref().and_then(|document| target_object(document, name)).unwrap_or_default()
    };
    let mappings = by_mapping.iter().map(|(name, counts)| MappingPlanView {
        mapping: name.to_string(),
        target_object: target(name),
        counts: *counts,
    });
    Ok(PlanView {
        run,
        sync: reader.sync(row.sync)?.map_or_else(String::new, |sync| sync.name),
        version: row.mapping_version,
        counts,
        mappings: mappings.collect(),
        held: causes::of_plan(workspace, run, &names)?,
        notes,
        calls: row.calls,
        operations: Vec::new(),
        operations_total: counts.writes() + counts.held,
    })
}

fn notes(
    workspace: &Workspace,
    row: &RunRow,
    names: &OrgNames,
    document: Option<&SyncDocument>,
    by_mapping: &[(MappingName, PlanCounts)],
) -> Result<Vec<String>> {
    let mut notes: Vec<String> = standing(row).map(str::to_owned).into_iter().collect();
    match &row.kind {
        RunKind::Full => notes.extend(unreadable(names, document, by_mapping)),
        RunKind::Selected { records } => {
            notes.extend(companions(workspace, row.id, records, by_mapping)?);
        }
        RunKind::Retry { .. } => {}
    }
    if by_mapping.iter().any(|(_, counts)| counts.writes() > 0) {
        notes.push(unconditional());
    }
    Ok(notes)
}

/// What is to be known of a plan that is not waiting any more.
fn standing(row: &RunRow) -> Option<&'static str> {
    match row.state {
        RunState::Planning | RunState::Planned => None,
        RunState::Applying | RunState::Settling => Some("this plan is being carried out"),
        RunState::Ended if is_superseded(row) => {
            Some("a newer plan has taken this one's place: it can be read and not carried out")
        }
        RunState::Ended => {
            Some("this plan was carried out: its report says what became of each row")
        }
    }
}

fn unreadable(
    names: &OrgNames,
    document: Option<&SyncDocument>,
    by_mapping: &[(MappingName, PlanCounts)],
) -> Vec<String> {
    let (message, remedy) = nothing_readable_in(&names.left);
    let objects = document.map(|document| document.objects.as_slice()).unwrap_or_default();
    objects
        .iter()
        .map(|object| MappingName::new(object.name.as_deref().unwrap_or(&object.left)))
        .filter(|name| !by_mapping.iter().any(|(own, _)| own == name))
        .map(|name| format!("{name}: {message}; {remedy}"))
        .collect()
}

/// The rows of a plan of selected records that nobody selected: the parents that these need.
pub(super) fn companions(
    workspace: &Workspace,
    run: RunId,
    records: &[RecordId],
    by_mapping: &[(MappingName, PlanCounts)],
) -> Result<Option<String>> {
    let reader = workspace.ledger.read();
    let selected: BTreeSet<RecordId> = records.iter().copied().collect();
    let (mut all, mut parts) = (0, Vec::new());
    for (mapping, counts) in by_mapping {
        let mut own = 0;
        for record in &selected {
            own += u64::from(reader.has_operation_of_source(run, mapping, *record)?);
        }
        let others = counts.rows_read.saturating_sub(own);
        if others > 0 {
            all += others;
            parts.push(format!("{others} of {mapping}"));
        }
    }
    let beginning = match all {
        0 => return Ok(None),
        1 => "1 row comes along as a parent".to_owned(),
        _ => format!("{all} rows come along as parents"),
    };
    Ok(Some(format!("{beginning} of what was selected: {}", parts.join(", "))))
}

fn target_object(document: &SyncDocument, mapping: &MappingName) -> Option<String> {
    let own = |name: &str| MappingName::new(name) == *mapping;
    let mut objects = document.objects.iter();
    let object = objects.find(|object| own(object.name.as_deref().unwrap_or(&object.left)))?;
    Some(object.right.clone())
}
