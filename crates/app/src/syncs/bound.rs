//! A sync's lane with both orgs connected and its mappings bound to today's describes.

use isthmus_contract::file::FileProblem;
use isthmus_store::SyncState;
use isthmus_sync::{BoundObject, BoundSync};

use super::StoredSync;
use crate::error::{Error, Result};
use crate::org::Connection;
use crate::sync_file::{Binding, Sides, bind, read, referenced_objects};
use crate::workspace::Workspace;

/// A lane ready for the engine.
#[derive(Debug)]
pub(crate) struct Lane {
    /// The sync's name.
    pub(crate) sync: String,
    pub(crate) left: Connection,
    pub(crate) right: Connection,
    pub(crate) bound: BoundSync,
    pub(crate) warnings: Vec<FileProblem>,
}

/// Whether a disabled sync may be bound: plans may look, runs may not write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Look,
    Write,
}

/// Connects both orgs, describes the objects anew and binds the stored document.
pub(crate) async fn bind_lane(
    workspace: &Workspace,
    sync: &StoredSync,
    purpose: Purpose,
) -> Result<Lane> {
    if purpose == Purpose::Write && sync.row.state == SyncState::Disabled {
        return Err(Error::SyncDisabled(sync.row.name.clone()));
    }
    let missing = || isthmus_store::Error::Missing(format!("lane of sync {}", sync.row.name));
    let lane = sync.lanes.first().ok_or_else(missing)?;
    let left = connect(workspace, lane.left).await?;
    let right = connect(workspace, lane.right).await?;
    let (left_objects, right_objects) = referenced_objects(&sync.version.document);
    let sides = Sides {
        left: left.describe(&left_objects).await?,
        right: right.describe(&right_objects).await?,
    };
    let outdated = |problems| Error::Outdated { sync: sync.row.name.clone(), problems };
    let parsed = read(&sync.version.yaml).map_err(outdated)?;
    let binding = Binding { lane: lane.id, version: sync.row.version };
    let bound = bind(&parsed, &sides, binding).map_err(outdated)?;
    let objects = bound
        .mappings
        .into_iter()
        .map(|(mapping, policy)| BoundObject { mapping, policy })
        .collect();
    let bound_sync =
        BoundSync { sync: sync.row.id, lane: lane.id, version: sync.row.version, objects };
    Ok(Lane {
        sync: sync.row.name.clone(),
        left,
        right,
        bound: bound_sync,
        warnings: bound.warnings,
    })
}

async fn connect(workspace: &Workspace, org: isthmus_model::ids::OrgId) -> Result<Connection> {
    let missing = || isthmus_store::Error::Missing(format!("org {org}"));
    let row = workspace.ledger.read().org(org)?.ok_or_else(missing)?;
    if row.disconnected_at.is_some() {
        return Err(Error::Disconnected { name: row.name });
    }
    Connection::open(workspace, row)?.at_best_version().await
}
