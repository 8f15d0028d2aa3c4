//! Importing a mapping file: read, checked against both orgs, stored as a version, all or nothing.

use isthmus_contract::file::{FileCode, FileProblem};
use isthmus_contract::sync::{ImportChange, ImportView, SaveRequest};
use isthmus_model::audit::AuditAction;
use isthmus_model::document::SyncDocument;
use isthmus_model::ids::{LaneId, MappingVersion};
use isthmus_store::{AuditDraft, ImportedSync, NewLane, OrgRow};

use super::{find, view};
use crate::error::{Error, Result};
use crate::org::Connection;
use crate::sync_file::{
    Binding, Parsed, Sides, bind, lane_problem, nearest, read, referenced_objects,
};
use crate::workspace::Workspace;

/// A file that can be imported.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The text as given.
    text: String,
    /// The document as read.
    document: SyncDocument,
    /// The lane, its orgs resolved.
    lane: NewLane,
    /// What is worth knowing.
    pub warnings: Vec<FileProblem>,
}

/// Checks a mapping file against both orgs and changes nothing.
///
/// # Errors
/// [`Error::FileRefused`] with every problem and its place; [`Error::Org`] when an org cannot be asked.
pub async fn check(workspace: &Workspace, text: &str) -> Result<Checked> {
    let parsed = read(text).map_err(Error::FileRefused)?;
    let (left, right) = lane_orgs(workspace, &parsed)?;
    let lane = NewLane {
        name: parsed.document.lanes[0].name.clone(),
        left: left.org_id,
        right: right.org_id,
        values: parsed.document.lanes[0].values.clone(),
    };
    let sides = describe(workspace, &parsed.document, left, right).await?;
    // Ids of the ledger play no part in the check.
    let binding = Binding { lane: LaneId(0), version: MappingVersion(1) };
    let bound = bind(&parsed, &sides, binding).map_err(Error::FileRefused)?;
    let document = parsed.document;
    Ok(Checked { text: text.to_owned(), document, lane, warnings: bound.warnings })
}

/// Imports a mapping file: a new sync, a new version of a known one, or nothing where nothing changed.
///
/// # Errors
/// As [`check`]; nothing is stored then.
pub async fn import(workspace: &Workspace, text: &str) -> Result<ImportView> {
    let checked = check(workspace, text).await?;
    store(workspace, checked)
}

/// Stores a draft as the next version of the sync that it was made from, or as a new sync.
///
/// # Errors
/// As [`import`]; [`Error::SyncChangedElsewhere`] when the sync was stored or deleted meanwhile. A new sync takes no
/// name that is in use, and a draft keeps the name of its sync.
pub async fn save(workspace: &Workspace, request: &SaveRequest) -> Result<ImportView> {
    let parsed = read(&request.text).map_err(Error::FileRefused)?;
    refuse_other_base(workspace, &parsed, request)?;
    let checked = check(workspace, &request.text).await?;
    // Again, because the orgs were asked meanwhile. From here to the commit nothing is awaited.
    refuse_other_base(workspace, &parsed, request)?;
    store(workspace, checked)
}

/// Keeps a draft from taking the place of what its author has not seen.
fn refuse_other_base(workspace: &Workspace, parsed: &Parsed, request: &SaveRequest) -> Result<()> {
    let name = parsed.document.sync.as_str();
    let stored = workspace.ledger.read().sync_by_name(name)?;
    let Some(based_on) = request.based_on else {
        return match stored {
            None => Ok(()),
            Some(known) => Err(Error::FileRefused(vec![name_taken(parsed, &known.name)])),
        };
    };
    if let Some(own) = &request.sync
        && !own.eq_ignore_ascii_case(name)
    {
        return Err(Error::bad(
            format!("this is a draft of `{own}`, and it calls itself `{}`", name.escape_debug()),
            format!("write `sync: {own}` again, or store it as a new sync"),
        ));
    }
    let now = stored.map(|known| known.version);
    if now == Some(based_on) {
        return Ok(());
    }
    Err(Error::SyncChangedElsewhere { name: name.to_owned(), now })
}

fn name_taken(parsed: &Parsed, known: &str) -> FileProblem {
    let text = format!("there is a sync `{known}` already");
    let remedy = "give the new one another name, or open that one and change it".to_owned();
    lane_problem(parsed, "sync", FileCode::Duplicate, text, remedy)
}

fn store(workspace: &Workspace, checked: Checked) -> Result<ImportView> {
    let at = workspace.now();
    let imported = ImportedSync {
        yaml: &checked.text,
        document: &checked.document,
        lanes: std::slice::from_ref(&checked.lane),
        at,
    };
    let mut draft = AuditDraft::new(at, &workspace.surroundings.actor, AuditAction::SyncImported);
    let stored = workspace.ledger.write(|transaction| {
        let stored = transaction.import_sync(imported)?;
        if stored.change != isthmus_store::ImportChange::Unchanged {
            draft.lane = transaction.lanes(stored.sync)?.first().map(|lane| lane.id);
            draft.mapping_version = Some(stored.version);
            transaction.append_audit(draft)?;
        }
        Ok(stored)
    })?;
    let sync = view(workspace, &find(workspace, &checked.document.sync)?)?;
    let change = match stored.change {
        isthmus_store::ImportChange::Created => ImportChange::Created,
        isthmus_store::ImportChange::Changed => ImportChange::Changed,
        isthmus_store::ImportChange::Unchanged => ImportChange::Unchanged,
    };
    Ok(ImportView { sync, change, warnings: checked.warnings })
}

/// The lane's orgs; both are named when both are unknown, beside what needs no describe.
pub(super) fn lane_orgs(workspace: &Workspace, parsed: &Parsed) -> Result<(OrgRow, OrgRow)> {
    let lane = &parsed.document.lanes[0];
    let orgs = workspace.ledger.read().orgs()?;
    let mut problems = parsed.problems.clone();
    let mut find = |name: &str, path: &str| {
        let found = orgs.iter().find(|org| org.name.eq_ignore_ascii_case(name));
        match found {
            Some(org) if org.disconnected_at.is_none() => Some(org.clone()),
            Some(org) => {
                let text = format!("the org `{}` is disconnected", org.name);
                let remedy =
                    format!("connect it again (Orgs, or `isthmus org connect {}`)", org.name);
                problems.push(lane_problem(parsed, path, FileCode::UnknownOrg, text, remedy));
                None
            }
            None => {
                let text = format!("no org is connected as `{}`", name.escape_debug());
                let near = nearest(name, orgs.iter().map(|org| org.name.as_str()));
                let remedy = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        "connect it (Orgs, or `isthmus org connect`), or write the name it has here"
                            .to_owned()
                    }
                };
                problems.push(lane_problem(parsed, path, FileCode::UnknownOrg, text, remedy));
                None
            }
        }
    };
    let (left, right) = (find(&lane.left, "lanes[0].left"), find(&lane.right, "lanes[0].right"));
    match (left, right) {
        (Some(left), Some(right)) => Ok((left, right)),
        _ => Err(Error::FileRefused(problems)),
    }
}

async fn describe(
    workspace: &Workspace,
    document: &SyncDocument,
    left: OrgRow,
    right: OrgRow,
) -> Result<Sides> {
    let (left_objects, right_objects) = referenced_objects(document);
    let left = Connection::open(workspace, left)?;
    let right = Connection::open(workspace, right)?;
    Ok(Sides {
        left: left.describe(&left_objects).await?,
        right: right.describe(&right_objects).await?,
    })
}
