//! How a session gets its next access token.

use crate::error::AuthError;
use crate::oauth::jwt::JwtBearer;
use crate::oauth::{Grant, OAuthApp, client_credentials, jwt_bearer};
use crate::transport::Transport;

/// Where the next access token comes from.
#[derive(Debug, Clone)]
pub enum Renewal {
    /// From the refresh token that a login in the browser brought.
    RefreshToken,
    /// From an assertion signed with the app's own key (OAuth JWT bearer).
    JwtBearer(JwtBearer),
    /// From client id and secret; the org's app names the user (OAuth client credentials, My Domain only).
    ClientCredentials,
}

impl Renewal {
    /// True where a token can be had without anybody logging in first.
    #[must_use]
    pub fn needs_no_person(&self) -> bool {
        !matches!(self, Self::RefreshToken)
    }

    /// Asks for a token without a refresh token; `None` where one is needed.
    pub(super) async fn mint(
        &self,
        transport: &dyn Transport,
        app: &OAuthApp,
    ) -> Option<Result<Grant, AuthError>> {
        match self {
            Self::RefreshToken => None,
            Self::JwtBearer(bearer) => Some(jwt_bearer(transport, app, bearer).await),
            Self::ClientCredentials => Some(client_credentials(transport, app).await),
        }
    }
}
