//! Disconnecting an org: the grant is given back, the keychain cleared; the row stays, because links refer to it.

use isthmus_contract::org::{DisconnectView, GrantEnd};
use isthmus_model::audit::AuditAction;
use isthmus_salesforce::error::AuthError;
use isthmus_salesforce::oauth::{OAuthApp, revoke};
use isthmus_salesforce::session::{SessionStore, lease};
use isthmus_store::{AuditDraft, LaneRow, OrgRow};

use super::connect::actor;
use super::connection::{app, instance_url, transport};
use super::find_connected;
use crate::error::{Error, Result};
use crate::keychain::OrgTokens;
use crate::syncs::stored;
use crate::workspace::Workspace;

/// What an admin does about a grant that still stands.
const END_IN_SETUP: &str = "end the grant in the org's Setup under Connected Apps OAuth Usage: the org could not be asked to";

/// Disconnects an org.
///
/// # Errors
/// [`Error::UnknownOrg`], [`Error::Disconnected`], [`Error::JobAtWork`], keychain and ledger. An org that cannot be reached is
/// no error: its grant is reported as still standing.
pub async fn disconnect(workspace: &Workspace, name: &str) -> Result<DisconnectView> {
    let row = find_connected(workspace, name)?;
    refuse_at_work(workspace, &row)?;
    let grant = match app(&row, workspace) {
        Ok(None) => GrantEnd::NotOurs,
        Ok(Some(app)) => give_back(workspace, &row, &app).await?,
        // Without the client secret the grant cannot be ended from here; disconnecting goes on all the same.
        Err(_) => GrantEnd::Standing,
    };
    workspace.vault()?.clear_org(row.org_id)?;
    let now = workspace.now();
    let mut draft = AuditDraft::new(now, &actor(workspace, &row), AuditAction::OrgDisconnected);
    draft.org = Some(row.org_id);
    workspace.ledger.write(|transaction| {
        transaction.disconnect_org(row.org_id, now)?;
        transaction.append_audit(draft)
    })?;
    workspace.describes.borrow_mut().forget(row.org_id);
    let remedy = if grant == GrantEnd::Standing { END_IN_SETUP } else { "" };
    Ok(DisconnectView { org: row.name, grant, remedy: remedy.to_owned() })
}

/// A run under way would lose its login in the middle of a write.
fn refuse_at_work(workspace: &Workspace, row: &OrgRow) -> Result<()> {
    for sync in stored(workspace)? {
        let mut lanes = sync.lanes.iter();
        let uses = |lane: &LaneRow| lane.left == row.org_id || lane.right == row.org_id;
        if lanes.any(|lane| uses(lane) && workspace.is_at_work(lane.id)) {
            return Err(Error::JobAtWork(sync.row.name));
        }
    }
    Ok(())
}

async fn give_back(workspace: &Workspace, row: &OrgRow, app: &OAuthApp) -> Result<GrantEnd> {
    let store = OrgTokens::of(workspace, row.org_id, instance_url(row)?)?;
    // A refresh under way would bring a token that is not the one given back.
    let _lease = lease(&store).await?;
    let Some(tokens) = store.load().map_err(AuthError::from)? else {
        return Ok(GrantEnd::Standing);
    };
    let token = tokens.refresh_token.as_ref().unwrap_or(&tokens.access_token);
    let transport = transport(workspace, &row.name)?;
    match revoke(transport.as_ref(), app, token).await {
        Ok(()) => Ok(GrantEnd::Revoked),
        Err(error) => {
            tracing::warn!(org = %row.name, code = error.code(), "grant not revoked");
            Ok(GrantEnd::Standing)
        }
    }
}
