//! A client for one connected org: tokens from the keychain, transport of its own, the workspace's mark.

use std::collections::BTreeMap;
use std::sync::Arc;

use isthmus_model::schema::ObjectSchema;
use isthmus_salesforce::api::versions::ApiVersion;
use isthmus_salesforce::oauth::OAuthApp;
use isthmus_salesforce::session::{FixedToken, SessionStore};
use isthmus_salesforce::{
    Client, ClientSettings, LoginUrl, OrgUrl, Session, TokenSource, Transport,
};
use isthmus_store::{ClientSecret, OrgRow};
use isthmus_sync::side::salesforce::SalesforceSide;
use isthmus_vault::Entry;
use secrecy::SecretString;

use crate::error::{Error, Result};
use crate::keychain::OrgTokens;
use crate::sync_file::{SideDescribe, nearest};
use crate::workspace::Workspace;

/// One connected org with its client.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    pub(crate) row: OrgRow,
    pub(crate) client: Client,
}

impl Connection {
    /// Opens a connection to a connected org; nothing is sent yet.
    pub(crate) fn open(workspace: &Workspace, row: OrgRow) -> Result<Self> {
        let instance_url = instance_url(&row)?;
        let transport = transport(workspace, &row.name)?;
        let store = OrgTokens::of(workspace, row.org_id, instance_url.clone())?;
        let tokens = token_source(workspace, &row, store, &transport)?;
        let version = row.api_version.parse().unwrap_or(ApiVersion::MIN);
        let client =
            client(workspace, &row.name, instance_url, transport, tokens).at_version(version);
        Ok(Self { row, client })
    }

    /// The same connection at the highest version that the org and this build share, pinned for a run.
    pub(crate) async fn at_best_version(mut self) -> Result<Self> {
        let version = self.client.best_version().await.map_err(Error::org(&self.row.name))?;
        self.client = self.client.at_version(version);
        Ok(self)
    }

    /// The org as the engine sees it.
    pub(crate) fn side(&self) -> SalesforceSide {
        let row = &self.row;
        SalesforceSide::new(self.client.clone(), row.org_id, row.user_id, row.username.clone())
    }

    /// The describes of the objects wanted. Every object's name comes with them where one of them is not there: the
    /// list of all objects is large, and needed only to name the nearest one.
    pub(crate) async fn describe(&self, wanted: &[String]) -> Result<SideDescribe> {
        let org = || Error::org(&self.row.name);
        let mut schemas = BTreeMap::new();
        let mut names = Vec::new();
        for name in wanted {
            match self.client.describe(name).await {
                Ok(schema) => {
                    _ = schemas.insert(schema.name.to_ascii_lowercase(), Arc::new(schema))
                }
                Err(error) if is_unknown_object(&error) && names.is_empty() => {
                    let all = self.client.describe_global().await.map_err(org())?;
                    names = all.into_iter().map(|object| object.name).collect();
                }
                Err(error) if is_unknown_object(&error) => {}
                Err(error) => return Err(org()(error)),
            }
        }
        let (org, org_id) = (self.row.name.clone(), self.row.org_id);
        Ok(SideDescribe { org, org_id, names, schemas })
    }

    /// One object's describe.
    ///
    /// # Errors
    /// [`Error::UnknownObject`] with the nearest name; [`Error::Org`].
    pub(crate) async fn describe_one(&self, name: &str) -> Result<ObjectSchema> {
        match self.client.describe(name).await {
            Err(error) if is_unknown_object(&error) => {}
            described => return described.map_err(Error::org(&self.row.name)),
        }
        let all = self.client.describe_global().await.map_err(Error::org(&self.row.name))?;
        let near = nearest(name, all.iter().map(|object| object.name.as_str())).map(str::to_owned);
        Err(Error::UnknownObject { org: self.row.name.clone(), object: name.to_owned(), near })
    }
}

/// The org does not know the object, or the text can be no object's name (nothing was sent then).
pub(super) fn is_unknown_object(error: &isthmus_salesforce::Error) -> bool {
    error.has_code("NOT_FOUND") || matches!(error, isthmus_salesforce::Error::Invalid { .. })
}

/// A client that is not yet anybody's connection: login and tests use it too.
pub(super) fn client(
    workspace: &Workspace,
    name: &str,
    instance_url: OrgUrl,
    transport: Arc<dyn Transport>,
    tokens: Arc<dyn TokenSource>,
) -> Client {
    let settings = ClientSettings::new(name, instance_url, workspace.mark());
    Client::new(settings, transport, tokens, Arc::clone(&workspace.surroundings.clock))
}

/// A transport with connections of its own.
pub(super) fn transport(workspace: &Workspace, name: &str) -> Result<Arc<dyn Transport>> {
    let made = (workspace.surroundings.transports)();
    made.map_err(|error| Error::Org { org: name.to_owned(), error: error.into() })
}

/// The org's own address; checked again, because whoever edits it would be given the token.
pub(super) fn instance_url(row: &OrgRow) -> Result<OrgUrl> {
    let login = parse_login(&row.login_url)?;
    OrgUrl::from_login(&row.instance_url, &login)
        .map_err(|error| Error::Org { org: row.name.clone(), error: error.into() })
}

fn token_source(
    workspace: &Workspace,
    row: &OrgRow,
    store: OrgTokens,
    transport: &Arc<dyn Transport>,
) -> Result<Arc<dyn TokenSource>> {
    if let Some(app) = app(row, workspace)? {
        let session = Session::new(Arc::clone(transport), Arc::new(store), app, row.org_id);
        return Ok(Arc::new(session));
    }
    let tokens = store.load().map_err(isthmus_salesforce::error::AuthError::from)?;
    let tokens = tokens.ok_or(isthmus_salesforce::error::AuthError::NotConnected)?;
    Ok(Arc::new(FixedToken(tokens.access_token)))
}

/// The app an org was connected with; `None` for a session taken as it is.
pub(super) fn app(row: &OrgRow, workspace: &Workspace) -> Result<Option<OAuthApp>> {
    let Some(client_id) = row.client_id.clone() else { return Ok(None) };
    let client_secret = stored_secret(row, workspace)?;
    let login = parse_login(&row.login_url)?;
    Ok(Some(OAuthApp { login, client_id, client_secret }))
}

pub(super) fn parse_login(text: &str) -> Result<LoginUrl> {
    LoginUrl::parse(text).map_err(|error| {
        Error::bad(
            error.to_string(),
            "give the address people log in at, for example https://acme.my.salesforce.com",
        )
    })
}

fn stored_secret(row: &OrgRow, workspace: &Workspace) -> Result<Option<SecretString>> {
    match row.client_secret {
        ClientSecret::None => Ok(None),
        ClientSecret::InKeychain => {
            Ok(Some(workspace.vault()?.get(Entry::ClientSecret(row.org_id))?))
        }
    }
}
