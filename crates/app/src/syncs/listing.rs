//! Syncs as lists and pages show them: with their last run, or with their mapping.

use isthmus_contract::run::RunView;
use isthmus_contract::sync::{SyncDetail, SyncListing};
use isthmus_model::ids::SyncId;

use super::{find, stored, view};
use crate::alerts::interrupted;
use crate::error::Result;
use crate::report::{run_view, was_carried_out};
use crate::workspace::Workspace;

/// Runs looked at together: plans that were only looked at lie between those that were carried out.
const PAGE: u32 = 20;

/// The syncs by name, each with its last run.
///
/// # Errors
/// When the ledger cannot be read.
pub fn listings(workspace: &Workspace) -> Result<Vec<SyncListing>> {
    let cut_off = interrupted(workspace)?;
    let syncs = stored(workspace)?;
    let listing = |sync: &super::StoredSync| {
        Ok(SyncListing {
            sync: view(workspace, sync)?,
            last_run: last_run(workspace, sync.row.id)?,
            interrupted: cut_off.iter().rfind(|run| run.sync == sync.row.id).map(|run| run.id),
        })
    };
    syncs.iter().map(listing).collect()
}

/// One sync with its mapping, as text and as document.
///
/// # Errors
/// [`crate::Error::UnknownSync`].
pub fn get(workspace: &Workspace, name: &str) -> Result<SyncDetail> {
    let sync = find(workspace, name)?;
    Ok(SyncDetail {
        sync: view(workspace, &sync)?,
        text: sync.version.yaml,
        document: sync.version.document,
    })
}

/// The last run of a sync that was carried out.
pub(crate) fn last_run(workspace: &Workspace, sync: SyncId) -> Result<Option<RunView>> {
    let mut before = None;
    loop {
        let page = workspace.ledger.read().runs(Some(sync), before, PAGE)?;
        let Some(oldest) = page.last() else { return Ok(None) };
        before = Some(oldest.id);
        if let Some(last) = page.iter().find(|run| was_carried_out(run)) {
            return run_view(workspace, last).map(Some);
        }
    }
}
