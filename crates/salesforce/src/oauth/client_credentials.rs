//! Client credentials: the app logs in as the user an admin chose for it (RFC 6749 4.4; Salesforce Help, "OAuth 2.0 Client
//! Credentials Flow for Server-to-Server Integration").

use crate::error::AuthError;
use crate::host::{LoginUrl, PRODUCTION_LOGIN, SANDBOX_LOGIN};
use crate::oauth::OAuthApp;
use crate::oauth::endpoint::token;
use crate::oauth::grant::Grant;
use crate::transport::Transport;

/// Logs in with client id and secret. There is no refresh token: the next access token comes the same way.
///
/// # Errors
/// [`AuthError::MyDomainNeeded`] at a login host that belongs to no org, [`AuthError::SecretNeeded`] for a public client:
/// nothing was sent then. [`AuthError::Refused`] with its diagnosis.
pub async fn client_credentials(
    transport: &dyn Transport,
    app: &OAuthApp,
) -> Result<Grant, AuthError> {
    if is_shared(&app.login) {
        let host = app.login.as_url().host_str().unwrap_or_default().to_owned();
        return Err(AuthError::MyDomainNeeded { host });
    }
    if app.client_secret.is_none() {
        return Err(AuthError::SecretNeeded);
    }
    token(transport, app, &[("grant_type", "client_credentials")]).await
}

/// The hosts where people of every org log in: they cannot tell which org an app without a user means.
fn is_shared(login: &LoginUrl) -> bool {
    let address = login.to_string();
    address == PRODUCTION_LOGIN || address == SANDBOX_LOGIN
}
