//! Connecting an org: login in the browser (or a session as it is), identity check, pin, keychain, ledger, audit.

use std::sync::Arc;

use isthmus_contract::org::{LoginStep, OrgView};
use isthmus_contract::request::{Browser, ConnectRequest, LoginHost, SessionRequest};
use isthmus_model::audit::AuditAction;
use isthmus_model::ids::OrgId;
use isthmus_salesforce::api::identity::UserInfo;
use isthmus_salesforce::error::AuthError;
use isthmus_salesforce::oauth::listener::{CALLBACK_PORTS, LoopbackListener};
use isthmus_salesforce::oauth::{Authorization, Grant, OAuthApp, check_app, exchange, revoke};
use isthmus_salesforce::session::{FixedToken, SessionStore, Tokens, lease};
use isthmus_salesforce::{Client, LoginUrl, OrgUrl, Transport};
use isthmus_store::{AuditDraft, ClientSecret, OrgEnvironment, OrgRow};
use isthmus_vault::Entry;
use secrecy::SecretString;

use super::connection::{client, parse_login, transport};
use super::grant::GivenGrant;
use super::trace::{Trace, belongs_in_audit};
use super::view;
use crate::diagnose::diagnose;
use crate::error::{Error, Result};
use crate::keychain::OrgTokens;
use crate::workspace::Workspace;

/// Longest org name; it stands in mapping files and table columns.
const LONGEST_NAME: usize = 40;

/// What must not be part of a request: it comes from stdin or a password field.
#[derive(Debug, Default)]
pub struct Secrets {
    /// The client secret, where the admin's app has one.
    pub client_secret: Option<SecretString>,
}

/// The step that is told where the system browser was to be opened and was not.
pub const NO_BROWSER_OPENED: &str =
    "no browser could be opened: open this address yourself and log in";

/// Connects an org through the browser, and tells each step as it is taken; the one that waits for the person brings
/// the address along.
///
/// Dropping the future cancels: the callback's port is free again, nothing is kept, and a grant that was given already
/// is given back.
///
/// # Errors
/// Port taken, denied consent, wrong state, time-out, wrong client id, foreign hosts ([`Error::Login`]);
/// [`Error::OrgAlreadyConnected`], [`Error::OrgDiffers`]; keychain and ledger. Nothing is kept in these cases, and a
/// grant that was given is given back.
pub async fn connect(
    workspace: &Workspace,
    request: &ConnectRequest,
    secrets: Secrets,
    on_step: impl FnMut(LoginStep),
) -> Result<OrgView> {
    check_name(&request.name)?;
    let app = OAuthApp {
        login: parse_login(request.host.url())?,
        client_id: request.client_id.trim().to_owned(),
        client_secret: secrets.client_secret,
    };
    let host = app.login.as_url().as_str();
    let mut trace = Trace::new(workspace.now(), &request.name, host, on_step);
    let outcome = log_in(workspace, request, &app, &mut trace).await;
    conclude(workspace, outcome, trace)
}

/// Takes a session as it is; it is not refreshed, and not revoked when the org is disconnected.
///
/// # Errors
/// [`Error::Org`] when the org refuses the token; as [`connect`] otherwise.
pub async fn connect_session(
    workspace: &Workspace,
    request: &SessionRequest,
    access_token: SecretString,
) -> Result<OrgView> {
    check_name(&request.name)?;
    let instance_url = OrgUrl::parse(&request.instance_url)
        .map_err(|error| Error::Org { org: request.name.clone(), error: error.into() })?;
    let login = parse_login(instance_url.as_url().as_str())?;
    let host = instance_url.as_url().as_str().to_owned();
    let mut trace = Trace::new(workspace.now(), &request.name, &host, |_| ());
    let tokens = Tokens { access_token, refresh_token: None, instance_url };
    let login = Login { app: None, login, environment: OrgEnvironment::Custom };
    let outcome = adopt(workspace, &request.name, &login, tokens, &mut trace).await;
    conclude(workspace, outcome, trace)
}

/// How the org was logged in to.
struct Login<'a> {
    app: Option<&'a OAuthApp>,
    login: LoginUrl,
    environment: OrgEnvironment,
}

fn conclude(workspace: &Workspace, outcome: Result<OrgRow>, trace: Trace<'_>) -> Result<OrgView> {
    let json = trace.finish(workspace, outcome.as_ref().err());
    if let Err(error) = &outcome {
        audit_refusal(workspace, error);
    }
    let row = OrgRow { last_login_trace: Some(json), ..outcome? };
    workspace.ledger.write(|transaction| transaction.put_org(&row))?;
    Ok(view(&row))
}

fn audit_refusal(workspace: &Workspace, error: &Error) {
    if !belongs_in_audit(diagnose(error).code) {
        return;
    }
    let actor = &workspace.surroundings.actor;
    let draft = AuditDraft::new(workspace.now(), actor, AuditAction::OrgConnectRefused);
    if let Err(error) = workspace.ledger.write(|transaction| transaction.append_audit(draft)) {
        tracing::error!(%error, "refused login not in the audit trail");
    }
}

async fn log_in(
    workspace: &Workspace,
    request: &ConnectRequest,
    app: &OAuthApp,
    trace: &mut Trace<'_>,
) -> Result<OrgRow> {
    let transport = transport(workspace, &request.name)?;
    let grant = authorize(workspace, request, app, trace, transport.as_ref()).await?;
    let given = GivenGrant::new(&transport, app, &grant);
    let login =
        Login { app: Some(app), login: app.login.clone(), environment: environment(&request.host) };
    let adopted = adopt_grant(workspace, &request.name, &login, &grant, trace).await;
    given.settle();
    if adopted.is_err() {
        give_back(transport.as_ref(), app, &grant, trace).await;
    }
    adopted
}

/// The browser's part: both address families are bound before it opens.
async fn authorize(
    workspace: &Workspace,
    request: &ConnectRequest,
    app: &OAuthApp,
    trace: &mut Trace<'_>,
    transport: &dyn Transport,
) -> Result<Grant> {
    check_app(transport, app).await?;
    trace.step("the login host knows the app");
    let ports: &[u16] = match request.callback_ports.as_slice() {
        [] => &CALLBACK_PORTS,
        ports => ports,
    };
    let listener = LoopbackListener::bind(ports).map_err(login_error)?;
    trace.step(format!("listening on port {}", listener.port()));
    let redirect_uri = listener.redirect_uri().map_err(login_error)?;
    let mut random = workspace.surroundings.random.draw();
    let authorization = Authorization::begin(app, redirect_uri, &mut random)?;
    send_to_browser(request.browser, authorization.url.as_str(), trace);
    let code = listener.wait(&authorization, &app.login).await.map_err(login_error)?;
    trace.step("the browser came back with a code");
    let grant = exchange(transport, app, authorization, code).await?;
    trace.step(format!("the code was exchanged; scopes: {}", grant.scopes.join(" ")));
    Ok(grant)
}

fn send_to_browser(browser: Browser, url: &str, trace: &mut Trace<'_>) {
    let text = match browser {
        Browser::Open if open::that_detached(url).is_ok() => {
            "the system browser is open: log in there and allow Isthmus"
        }
        Browser::Open => NO_BROWSER_OPENED,
        Browser::Show => "waiting for the browser: open this address and log in",
    };
    trace.step_at(text, url);
}

async fn adopt_grant(
    workspace: &Workspace,
    name: &str,
    login: &Login<'_>,
    grant: &Grant,
    trace: &mut Trace<'_>,
) -> Result<OrgRow> {
    check_pin(workspace, name, grant.org_id)?;
    let row = adopt(workspace, name, login, grant.tokens.clone(), trace).await?;
    if row.org_id != grant.org_id {
        return Err(Error::OrgDiffers {
            name: name.to_owned(),
            pinned: grant.org_id,
            answered: row.org_id,
        });
    }
    Ok(row)
}

/// Asks who is logged in, checks the pin, and keeps tokens and row.
async fn adopt(
    workspace: &Workspace,
    name: &str,
    login: &Login<'_>,
    tokens: Tokens,
    trace: &mut Trace<'_>,
) -> Result<OrgRow> {
    let transport = transport(workspace, name)?;
    let token = Arc::new(FixedToken(tokens.access_token.clone()));
    let client = client(workspace, name, tokens.instance_url.clone(), transport, token);
    let org = || Error::org(name);
    let version = client.best_version().await.map_err(org())?;
    let client = client.at_version(version);
    let user = client.userinfo().await.map_err(org())?;
    trace.step(format!("logged in as {} of org {}", user.username, user.org_id));
    check_pin(workspace, name, user.org_id)?;
    let row = OrgRow {
        org_id: user.org_id,
        name: name.to_owned(),
        label: organization_name(&client, &user).await,
        environment: login.environment,
        login_url: bare(login.login.as_url().as_str()),
        instance_url: bare(tokens.instance_url.as_url().as_str()),
        api_version: version.to_string(),
        user_id: user.user_id,
        username: user.username,
        client_id: login.app.map(|app| app.client_id.clone()),
        client_secret: match login.app.and_then(|app| app.client_secret.as_ref()) {
            None => ClientSecret::None,
            Some(_) => ClientSecret::InKeychain,
        },
        connected_at: workspace.now(),
        disconnected_at: None,
        last_login_trace: None,
        clock_offset_ms: i64::try_from(client.org_clock_offset().as_millis()).ok(),
    };
    keep(workspace, &row, login, &tokens).await?;
    trace.step("tokens are in the keychain, the org is pinned");
    Ok(row)
}

/// Keychain first: a row without tokens would look connected. When the ledger refuses, the keychain is cleared again.
///
/// The tokens are stored under the lease, so that a refresh under way does not store the old grant's over them; the old
/// grant's mark goes.
async fn keep(
    workspace: &Workspace,
    row: &OrgRow,
    login: &Login<'_>,
    tokens: &Tokens,
) -> Result<()> {
    let vault = workspace.vault()?;
    let store = OrgTokens::of(workspace, row.org_id, tokens.instance_url.clone())?;
    let lease = lease(&store).await?;
    store.save(tokens).and_then(|()| store.set_mark(None)).map_err(AuthError::from)?;
    drop(lease);
    match login.app.and_then(|app| app.client_secret.as_ref()) {
        Some(secret) => vault.set(Entry::ClientSecret(row.org_id), secret)?,
        None => vault.clear(Entry::ClientSecret(row.org_id))?,
    }
    let mut draft =
        AuditDraft::new(row.connected_at, &actor(workspace, row), AuditAction::OrgConnected);
    draft.org = Some(row.org_id);
    let kept = workspace.ledger.write(|transaction| {
        transaction.put_org(row)?;
        transaction.append_audit(draft)
    });
    if kept.is_err() {
        vault.clear_org(row.org_id)?;
    }
    kept?;
    // Another user may see other fields.
    workspace.describes.borrow_mut().forget(row.org_id);
    Ok(())
}

/// Who acts in an org: the operating-system user and the connected one.
pub(crate) fn actor(workspace: &Workspace, row: &OrgRow) -> String {
    format!("{} as {}", workspace.surroundings.actor, row.username)
}

/// One org has one name, and one name has one org, for ever: links and bases belong to the pinned id.
fn check_pin(workspace: &Workspace, name: &str, answered: OrgId) -> Result<()> {
    let reader = workspace.ledger.read();
    if let Some(known) = reader.org_by_name(name)?
        && known.org_id != answered
    {
        return Err(Error::OrgDiffers { name: known.name, pinned: known.org_id, answered });
    }
    match reader.org(answered)? {
        Some(known) if !known.name.eq_ignore_ascii_case(name) => {
            Err(Error::OrgAlreadyConnected { org: answered, known: known.name })
        }
        _ => Ok(()),
    }
}

async fn give_back(
    transport: &dyn Transport,
    app: &OAuthApp,
    grant: &Grant,
    trace: &mut Trace<'_>,
) {
    let token = grant.tokens.refresh_token.as_ref().unwrap_or(&grant.tokens.access_token);
    match revoke(transport, app, token).await {
        Ok(()) => trace.step("the grant was given back"),
        Err(_) => trace.step("the grant could not be given back; an admin ends it in Setup"),
    }
}

/// The organization's own name is a courtesy; a user who may not read it is told the username instead.
async fn organization_name(client: &Client, user: &UserInfo) -> String {
    let page = client.query("SELECT Name FROM Organization").next_page().await;
    page.ok()
        .flatten()
        .and_then(|page| page.loose_rows().ok())
        .and_then(|rows| rows.first()?.columns.first().map(|(_, name)| name.display()))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| user.username.clone())
}

/// The address as people write it: without the slash that parsing adds.
fn bare(url: &str) -> String {
    url.trim_end_matches('/').to_owned()
}

fn environment(host: &LoginHost) -> OrgEnvironment {
    match host {
        LoginHost::Production => OrgEnvironment::Production,
        LoginHost::Sandbox => OrgEnvironment::Sandbox,
        LoginHost::Custom(url) if url.contains(".my.salesforce.") => OrgEnvironment::MyDomain,
        LoginHost::Custom(_) => OrgEnvironment::Custom,
    }
}

fn check_name(name: &str) -> Result<()> {
    let plain = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    let starts = name.starts_with(|first: char| first.is_alphanumeric());
    if starts && name.chars().count() <= LONGEST_NAME && name.chars().all(plain) {
        return Ok(());
    }
    Err(Error::bad(
        format!("`{}` is no name for an org", name.escape_debug()),
        format!("use up to {LONGEST_NAME} letters, digits, `-`, `_` and `.`, for example `sales`"),
    ))
}

fn login_error(error: isthmus_salesforce::oauth::listener::ListenerError) -> Error {
    Error::Login(error.into())
}
