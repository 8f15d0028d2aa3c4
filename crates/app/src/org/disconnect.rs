//! Disconnecting an org: the grant is given back, the keychain cleared; the row stays, because links refer to it.

use isthmus_contract::org::{DisconnectView, GrantEnd};
use isthmus_model::audit::AuditAction;
use isthmus_salesforce::error::AuthError;
use isthmus_salesforce::oauth::{OAuthApp, revoke};
use isthmus_salesforce::session::SessionStore;
use isthmus_store::{AuditDraft, OrgRow};

use super::connect::actor;
use super::connection::{app, instance_url, transport};
use super::find_connected;
use crate::error::Result;
use crate::keychain::OrgTokens;
use crate::workspace::Workspace;

/// What an admin does about a grant that still stands.
const END_IN_SETUP: &str = "end the grant in the org's Setup under Connected Apps OAuth Usage: the org could not be asked to";

/// Disconnects an org.
///
/// # Errors
/// [`crate::Error::UnknownOrg`], [`crate::Error::Disconnected`], keychain and ledger. An org that cannot be reached is
/// no error: its grant is reported as still standing.
pub async fn disconnect(workspace: &mut Workspace, name: &str) -> Result<DisconnectView> {
    let row = find_connected(workspace, name)?;
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
    let remedy = if grant == GrantEnd::Standing { END_IN_SETUP } else { "" };
    Ok(DisconnectView { org: row.name, grant, remedy: remedy.to_owned() })
}

async fn give_back(workspace: &Workspace, row: &OrgRow, app: &OAuthApp) -> Result<GrantEnd> {
    let store =
        OrgTokens { vault: workspace.vault()?, org: row.org_id, instance_url: instance_url(row)? };
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
