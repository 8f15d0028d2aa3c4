//! Syncs of a workspace: import, export, list, switch, delete, and binding one to its orgs for a run.

mod bound;
mod draft;
mod import;
mod listing;

use isthmus_contract::sync::{ObjectView, SyncDeletedView, SyncView};
use isthmus_model::audit::AuditAction;
use isthmus_model::document::SyncDocument;
use isthmus_model::ids::SyncId;
use isthmus_store::{AuditDraft, LaneRow, SyncRow, SyncState, SyncVersionRow};

use crate::error::{Error, Result};
use crate::sync_file::nearest;
use crate::workspace::Workspace;

pub(crate) use bound::{Lane, Purpose, bind_lane};
pub use draft::check_draft;
pub use import::{Checked, check, import, save};
pub(crate) use listing::last_run;
pub use listing::{get, listings};

/// A sync as the ledger holds it.
#[derive(Debug, Clone)]
pub(crate) struct StoredSync {
    pub(crate) row: SyncRow,
    pub(crate) version: SyncVersionRow,
    pub(crate) lanes: Vec<LaneRow>,
}

/// The syncs by name.
///
/// # Errors
/// When the ledger cannot be read.
pub fn list(workspace: &Workspace) -> Result<Vec<SyncView>> {
    stored(workspace)?.iter().map(|sync| view(workspace, sync)).collect()
}

/// The mapping file of a sync as it was imported, comments included.
///
/// # Errors
/// [`Error::UnknownSync`].
pub fn export(workspace: &Workspace, name: &str) -> Result<String> {
    Ok(find(workspace, name)?.version.yaml)
}

/// Lets runs of a sync happen, or keeps them from happening.
///
/// # Errors
/// [`Error::UnknownSync`].
pub fn switch(workspace: &Workspace, name: &str, enabled: bool) -> Result<SyncView> {
    let sync = find(workspace, name)?;
    let (state, action) = if enabled {
        (SyncState::Enabled, AuditAction::SyncEnabled)
    } else {
        (SyncState::Disabled, AuditAction::SyncDisabled)
    };
    let now = workspace.now();
    let draft = audit_draft(workspace, action, &sync);
    workspace.ledger.write(|transaction| {
        transaction.set_sync_state(sync.row.id, state, now)?;
        transaction.append_audit(draft)
    })?;
    view(workspace, &find(workspace, name)?)
}

/// Deletes a sync with its links and bases. No record of any org is touched; runs and audit entries stay.
///
/// # Errors
/// [`Error::UnknownSync`]; [`Error::Store`] while a run of it has not ended.
pub fn delete(workspace: &Workspace, name: &str) -> Result<SyncDeletedView> {
    let sync = find(workspace, name)?;
    let now = workspace.now();
    let draft = audit_draft(workspace, AuditAction::SyncDeleted, &sync);
    workspace.ledger.write(|transaction| {
        transaction.delete_sync(sync.row.id, now)?;
        transaction.append_audit(draft)
    })?;
    Ok(SyncDeletedView { name: sync.row.name })
}

/// Every sync with its document and lanes.
pub(crate) fn stored(workspace: &Workspace) -> Result<Vec<StoredSync>> {
    let syncs = workspace.ledger.read().syncs()?;
    syncs.into_iter().map(|row| load(workspace, row)).collect()
}

/// One sync by name.
pub(crate) fn find(workspace: &Workspace, name: &str) -> Result<StoredSync> {
    let reader = workspace.ledger.read();
    if let Some(row) = reader.sync_by_name(name)? {
        return load(workspace, row);
    }
    let known = reader.syncs()?;
    let near = nearest(name, known.iter().map(|sync| sync.name.as_str())).map(str::to_owned);
    Err(Error::UnknownSync { name: name.to_owned(), near })
}

/// One sync by the ledger's id, also a deleted one.
pub(crate) fn find_by_id(workspace: &Workspace, sync: SyncId) -> Result<StoredSync> {
    let missing = || isthmus_store::Error::Missing(format!("sync {sync}"));
    let row = workspace.ledger.read().sync(sync)?.ok_or_else(missing)?;
    load(workspace, row)
}

fn load(workspace: &Workspace, row: SyncRow) -> Result<StoredSync> {
    let reader = workspace.ledger.read();
    let missing = || isthmus_store::Error::Missing(format!("document of sync {}", row.name));
    let version = reader.sync_version(row.id, row.version)?.ok_or_else(missing)?;
    let lanes = reader.lanes(row.id)?;
    Ok(StoredSync { row, version, lanes })
}

pub(crate) fn view(workspace: &Workspace, sync: &StoredSync) -> Result<SyncView> {
    let document = &sync.version.document;
    let (left, right) = lane_names(workspace, sync)?;
    Ok(SyncView {
        name: sync.row.name.clone(),
        description: document.description.clone(),
        enabled: sync.row.state == SyncState::Enabled,
        version: sync.row.version,
        left,
        right,
        objects: objects(document),
    })
}

/// The lane's orgs by the names they have now.
fn lane_names(workspace: &Workspace, sync: &StoredSync) -> Result<(String, String)> {
    let Some(lane) = sync.lanes.first() else { return Ok((String::new(), String::new())) };
    let reader = workspace.ledger.read();
    let name = |org| -> Result<String> {
        Ok(reader.org(org)?.map_or_else(|| org.to_string(), |row| row.name))
    };
    Ok((name(lane.left)?, name(lane.right)?))
}

fn objects(document: &SyncDocument) -> Vec<ObjectView> {
    document
        .objects
        .iter()
        .map(|object| ObjectView {
            name: object.name.clone().unwrap_or_else(|| object.left.clone()),
            left: object.left.clone(),
            right: object.right.clone(),
            fields: object.fields.len() as u64,
        })
        .collect()
}

fn audit_draft(workspace: &Workspace, action: AuditAction, sync: &StoredSync) -> AuditDraft {
    let mut draft = AuditDraft::new(workspace.now(), &workspace.surroundings.actor, action);
    draft.lane = sync.lanes.first().map(|lane| lane.id);
    draft.mapping_version = Some(sync.row.version);
    draft
}
