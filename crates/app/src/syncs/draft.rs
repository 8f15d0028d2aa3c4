//! Checking a mapping while it is written: both its forms in step, and every problem as data.

use isthmus_contract::file::FileProblem;
use isthmus_contract::sync::{CheckRequest, CheckView, Draft};
use isthmus_model::ids::{LaneId, MappingVersion};

use super::import::lane_orgs;
use crate::error::{Error, Result};
use crate::org::Described;
use crate::sync_file::{
    Binding, Parsed, Sides, bind, has_comments, read_draft, referenced_objects, render,
};
use crate::workspace::Workspace;

/// Brings text and document of a draft in step and names everything that is wrong with it. Nothing is stored.
///
/// What the orgs said of their objects in the last minutes is taken for true: the draft is checked anew when it is
/// stored.
///
/// # Errors
/// [`Error::Org`] and keychain trouble when an org cannot be asked. What is wrong with the draft is no error.
pub async fn check_draft(workspace: &Workspace, request: &CheckRequest) -> Result<CheckView> {
    let (text, given) = match &request.draft {
        Draft::Text(text) => (text.clone(), None),
        Draft::Document(document) => (render(document), Some(document.clone())),
    };
    let reading = read_draft(&text);
    let mut problems = reading.shape;
    if let Some(parsed) = &reading.parsed {
        let found = judge(workspace, parsed).await?;
        // A part that is missing or empty is not also unknown.
        let named: Vec<String> = problems.iter().map(|problem| problem.path.clone()).collect();
        problems.extend(found.into_iter().filter(|problem| !named.contains(&problem.path)));
        problems.sort_by(|one, other| (one.place, &one.path).cmp(&(other.place, &other.path)));
    }
    let has_comments = given.is_none() && has_comments(&text);
    let document = given.or(reading.parsed.map(|parsed| parsed.document));
    Ok(CheckView { text, document, problems, has_comments })
}

/// What ledger and orgs say of a document.
async fn judge(workspace: &Workspace, parsed: &Parsed) -> Result<Vec<FileProblem>> {
    if parsed.document.lanes.is_empty() {
        return Ok(parsed.problems.clone());
    }
    let (left, right) = match lane_orgs(workspace, parsed) {
        Ok(orgs) => orgs,
        Err(Error::FileRefused(problems)) => return Ok(problems),
        Err(error) => return Err(error),
    };
    let (left_objects, right_objects) = referenced_objects(&parsed.document);
    let sides = Sides {
        left: Described::recently(workspace, left).side(&left_objects).await?,
        right: Described::recently(workspace, right).side(&right_objects).await?,
    };
    // Ids of the ledger play no part in the check.
    let binding = Binding { lane: LaneId(0), version: MappingVersion(1) };
    Ok(match bind(parsed, &sides, binding) {
        Ok(bound) => bound.warnings,
        Err(problems) => problems,
    })
}
