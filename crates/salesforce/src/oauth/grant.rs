//! The token answer, checked: its host may get the token, its identity belongs to the login.

use isthmus_model::ids::{OrgId, RecordId};
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use crate::error::AuthError;
use crate::host::{LoginUrl, OrgUrl, is_trusted};
use crate::session::Tokens;

/// What a login or refresh granted.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The tokens; after a refresh without rotation there is no refresh token among them and the old one stays.
    pub tokens: Tokens,
    /// The organization: pin it at the first login, compare it at every later one.
    pub org_id: OrgId,
    /// The user.
    pub user_id: RecordId,
    /// The identity address.
    pub identity_url: Url,
    /// The scopes that were granted; empty where the answer does not say.
    pub scopes: Vec<String>,
}

/// The token answer as it came; no `Debug`, since it holds tokens. Everything is optional here, so that a missing part is
/// named in our own words: the parser's texts quote values.
///
/// The signature covers the identity address only and is not needed: the answer came from the login host, over TLS.
#[derive(Deserialize)]
pub(crate) struct TokenAnswer {
    access_token: Option<String>,
    refresh_token: Option<String>,
    instance_url: Option<String>,
    id: Option<String>,
    token_type: Option<String>,
    scope: Option<String>,
}

/// Believes a token answer only if each address in it belongs to the login (mix-up defence, RFC 9700).
pub(crate) fn grant_of(answer: TokenAnswer, login: &LoginUrl) -> Result<Grant, AuthError> {
    check_type(answer.token_type.as_deref())?;
    let access_token = part(answer.access_token, "access_token")?;
    let instance_url = OrgUrl::from_login(&part(answer.instance_url, "instance_url")?, login)?;
    let identity_url = Url::parse(&part(answer.id, "id")?)
        .map_err(|_| AuthError::BadAnswer("its id is no address".to_owned()))?;
    let (org_id, user_id) = identity_ids(&identity_url, login)?;
    let tokens = Tokens {
        access_token: SecretString::from(access_token),
        refresh_token: answer.refresh_token.map(SecretString::from),
        instance_url,
    };
    let scopes = answer.scope.as_deref().unwrap_or_default();
    let scopes = scopes.split_whitespace().map(str::to_owned).collect();
    Ok(Grant { tokens, org_id, user_id, identity_url, scopes })
}

fn part(value: Option<String>, name: &str) -> Result<String, AuthError> {
    value
        .filter(|value| !value.is_empty())
        .ok_or_else(|| AuthError::BadAnswer(format!("it has no {name}")))
}

/// Only bearer tokens can be sent as we send them; the JWT flow's documented answer names the type, old orgs leave it out.
fn check_type(kind: Option<&str>) -> Result<(), AuthError> {
    match kind {
        Some(kind) if !kind.eq_ignore_ascii_case("bearer") => Err(AuthError::BadAnswer(
            "its token is no bearer token; turn off DPoP in the app's Settings".to_owned(),
        )),
        _ => Ok(()),
    }
}

/// The organization and user of an identity address (`https://login.salesforce.com/id/<org>/<user>`).
///
/// # Errors
/// [`AuthError::BadAnswer`] when it is none, or is on a host that does not belong to the login.
pub fn identity_ids(url: &Url, login: &LoginUrl) -> Result<(OrgId, RecordId), AuthError> {
    let bad = |what: &str| AuthError::BadAnswer(format!("its identity address {what}"));
    let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if !bare || !is_trusted(url, login) {
        return Err(bad("is not on a Salesforce host"));
    }
    let parts: Vec<&str> = url.path().split('/').collect();
    let ["", "id", org, user] = parts.as_slice() else { return Err(bad("has another form")) };
    let org = OrgId::parse(org).map_err(|_| bad("names no organization"))?;
    let user = RecordId::parse(user).map_err(|_| bad("names no user"))?;
    Ok((org, user))
}
