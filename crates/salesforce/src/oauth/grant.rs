//! The token answer, checked: its host may get the token, its identity belongs to the login.

use isthmus_model::ids::{OrgId, RecordId};
use oauth2::basic::BasicTokenType;
use oauth2::{ExtraTokenFields, StandardTokenResponse, TokenResponse};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
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

/// What Salesforce adds to the standard token answer. The signature covers the identity address only and is not needed:
/// the answer came from the login host itself, over TLS.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SalesforceFields {
    instance_url: String,
    id: String,
}

impl ExtraTokenFields for SalesforceFields {}

pub(crate) type SalesforceTokenResponse = StandardTokenResponse<SalesforceFields, BasicTokenType>;

/// Believes a token answer only if each address in it belongs to the login (mix-up defence, RFC 9700).
pub(crate) fn grant_of(
    answer: &SalesforceTokenResponse,
    login: &LoginUrl,
) -> Result<Grant, AuthError> {
    let extra = answer.extra_fields();
    let instance_url = OrgUrl::from_login(&extra.instance_url, login)?;
    let identity_url = Url::parse(&extra.id)
        .map_err(|_| AuthError::BadAnswer("its id is no address".to_owned()))?;
    let (org_id, user_id) = identity_ids(&identity_url, login)?;
    let secret = |text: &str| SecretString::from(text.to_owned());
    let tokens = Tokens {
        access_token: secret(answer.access_token().secret()),
        refresh_token: answer.refresh_token().map(|token| secret(token.secret())),
        instance_url,
    };
    let scopes = answer.scopes().into_iter().flatten().map(|scope| scope.to_string()).collect();
    Ok(Grant { tokens, org_id, user_id, identity_url, scopes })
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
