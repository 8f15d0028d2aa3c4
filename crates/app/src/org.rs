//! Orgs of a workspace: connecting, testing, disconnecting, and the clients that everything else uses.

mod connect;
mod connection;
mod described;
mod disconnect;
mod grant;
mod guide;
mod health;
mod probe;
mod trace;

use isthmus_contract::org::{OrgState, OrgView};
use isthmus_store::OrgRow;

use crate::error::{Error, Result};
use crate::sync_file::nearest;
use crate::workspace::Workspace;

pub(crate) use connect::actor;
pub use connect::{NO_BROWSER_OPENED, Secrets, connect, connect_session};
pub(crate) use connection::Connection;
pub(crate) use described::{Described, Describes};
pub use described::{fields, objects};
pub use disconnect::disconnect;
pub use guide::guide;
pub use health::health_of;
pub(crate) use health::org_health;
pub use probe::test;
pub use trace::last_login;

/// The orgs of the workspace by name.
///
/// # Errors
/// When the ledger cannot be read.
pub fn list(workspace: &Workspace) -> Result<Vec<OrgView>> {
    Ok(workspace.ledger.read().orgs()?.iter().map(view).collect())
}

/// One org's row, connected or not.
pub(crate) fn find(workspace: &Workspace, name: &str) -> Result<OrgRow> {
    let reader = workspace.ledger.read();
    if let Some(row) = reader.org_by_name(name)? {
        return Ok(row);
    }
    let known = reader.orgs()?;
    let near = nearest(name, known.iter().map(|org| org.name.as_str())).map(str::to_owned);
    Err(Error::UnknownOrg { name: name.to_owned(), near })
}

/// One org's row, refused when it is disconnected.
pub(crate) fn find_connected(workspace: &Workspace, name: &str) -> Result<OrgRow> {
    let row = find(workspace, name)?;
    match row.disconnected_at {
        None => Ok(row),
        Some(_) => Err(Error::Disconnected { name: row.name }),
    }
}

pub(crate) fn view(row: &OrgRow) -> OrgView {
    OrgView {
        name: row.name.clone(),
        org_id: row.org_id,
        label: row.label.clone(),
        username: row.username.clone(),
        login_url: row.login_url.clone(),
        instance_url: row.instance_url.clone(),
        client_id: row.client_id.clone(),
        api_version: row.api_version.clone(),
        state: match row.disconnected_at {
            None => OrgState::Connected,
            Some(_) => OrgState::Disconnected,
        },
        connected_at: row.connected_at,
    }
}
