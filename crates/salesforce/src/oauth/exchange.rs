//! Code for tokens, refresh token for a new access token, revoke.

use secrecy::{ExposeSecret, SecretString};

use crate::error::AuthError;
use crate::oauth::endpoint::{refusal, send, token};
use crate::oauth::grant::Grant;
use crate::oauth::{Authorization, AuthorizationCode, OAuthApp};
use crate::transport::Transport;

/// Errors that are about the app itself, whoever logs in and with whatever code.
const ABOUT_THE_APP: [&str; 6] = [
    "invalid_client_id",
    "invalid_client",
    "invalid_basic_auth_header",
    "app_not_found",
    "app_blocked",
    "invalid_app_access",
];

/// Asks whether the login host knows the app, before a person is sent there: an unknown client id is told on a page of
/// the browser alone, and the listener would wait in vain. The host looks at the app before the code, so a code that
/// is none shows what it thinks of the app.
///
/// # Errors
/// [`AuthError::Refused`] when the app is refused, [`AuthError::Transport`] when the host cannot be reached.
pub async fn check_app(transport: &dyn Transport, app: &OAuthApp) -> Result<(), AuthError> {
    let form = [("grant_type", "authorization_code"), ("code", "none")];
    match token(transport, app, &form).await {
        Err(AuthError::Refused(found)) if ABOUT_THE_APP.contains(&found.code.as_str()) => {
            Err(AuthError::Refused(found))
        }
        Err(cause @ AuthError::Transport(_)) => Err(cause),
        _ => Ok(()),
    }
}

/// Exchanges the code of a login for tokens. The login is used up by it.
///
/// # Errors
/// [`AuthError::Refused`] with its diagnosis; [`AuthError::Host`] and [`AuthError::BadAnswer`] for an answer that is not
/// believed.
pub async fn exchange(
    transport: &dyn Transport,
    app: &OAuthApp,
    authorization: Authorization,
    code: AuthorizationCode,
) -> Result<Grant, AuthError> {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.0.expose_secret()),
        ("redirect_uri", authorization.redirect_uri.as_str()),
        ("code_verifier", authorization.verifier.expose_secret()),
    ];
    let grant = token(transport, app, &form).await?;
    if grant.tokens.refresh_token.is_none() {
        let missing = "it has no refresh token; give the External Client App the scope \
            \"Perform requests at any time (refresh_token, offline_access)\"";
        return Err(AuthError::BadAnswer(missing.to_owned()));
    }
    Ok(grant)
}

/// Asks for a new access token. With rotation the answer has a new refresh token, and the old one is dead.
///
/// # Errors
/// As [`exchange`]. After [`AuthError::Transport`] nobody knows whether the token was rotated; asking again with the old
/// one costs nothing more, since the new one is lost in that case.
pub async fn refresh(
    transport: &dyn Transport,
    app: &OAuthApp,
    refresh_token: &SecretString,
) -> Result<Grant, AuthError> {
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.expose_secret())];
    token(transport, app, &form).await
}

/// Revokes a token at the login host; with a refresh token the whole grant goes. A token that is gone already counts as
/// revoked.
///
/// # Errors
/// [`AuthError`] when the grant may still stand: an admin can end it under "Connected Apps OAuth Usage".
pub async fn revoke(
    transport: &dyn Transport,
    app: &OAuthApp,
    token: &SecretString,
) -> Result<(), AuthError> {
    let url = app.login.endpoint("/services/oauth2/revoke");
    let response = send(transport, url, &[("token", token.expose_secret())]).await?;
    if response.status.is_success() {
        return Ok(());
    }
    match refusal(&response) {
        AuthError::Refused(found) if found.code == "invalid_token" => Ok(()),
        cause => Err(cause),
    }
}
