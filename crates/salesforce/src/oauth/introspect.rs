//! What the login host knows of a token (RFC 7662; Salesforce Help, "OpenID Connect Token Introspection").
//!
//! The set of fields is not confirmed by a recording (wire reference 2.5): everything but `active` is optional.

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::error::AuthError;
use crate::oauth::OAuthApp;
use crate::oauth::endpoint::{json, post_as_app, refusal};
use crate::transport::Transport;

/// Which kind of token is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// An access token.
    Access,
    /// A refresh token.
    Refresh,
}

/// What the login host says of a token. An app learns of its own tokens only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introspection {
    /// It is good.
    pub active: bool,
    /// Its scopes.
    pub scopes: Vec<String>,
    /// The app it was given to.
    pub client_id: Option<String>,
    /// The user's login name.
    pub username: Option<String>,
    /// The identity address of the user.
    pub subject: Option<String>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was given.
    pub issued_at: Option<Timestamp>,
    /// Before this it is not good yet.
    pub not_before: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Answer {
    active: bool,
    scope: Option<String>,
    client_id: Option<String>,
    username: Option<String>,
    sub: Option<String>,
    exp: Option<i64>,
    iat: Option<i64>,
    nbf: Option<i64>,
}

/// Asks about a token.
///
/// # Errors
/// [`AuthError::Refused`] when the app may not ask; a token that is gone is no error but inactive.
pub async fn introspect(
    transport: &dyn Transport,
    app: &OAuthApp,
    token: &SecretString,
    kind: TokenKind,
) -> Result<Introspection, AuthError> {
    let hint = match kind {
        TokenKind::Access => "access_token",
        TokenKind::Refresh => "refresh_token",
    };
    let form = [("token", token.expose_secret()), ("token_type_hint", hint)];
    let response = post_as_app(transport, app, "/services/oauth2/introspect", &form).await?;
    if !response.status.is_success() {
        return Err(refusal(&response));
    }
    json::<Answer>(&response).map(Introspection::from)
}

impl From<Answer> for Introspection {
    fn from(answer: Answer) -> Self {
        let moment = |seconds: Option<i64>| Timestamp::from_second(seconds?).ok();
        let scope = answer.scope.as_deref().unwrap_or_default();
        Self {
            active: answer.active,
            scopes: scope.split_whitespace().map(str::to_owned).collect(),
            client_id: answer.client_id,
            username: answer.username,
            subject: answer.sub,
            expires_at: moment(answer.exp),
            issued_at: moment(answer.iat),
            not_before: moment(answer.nbf),
        }
    }
}
