//! Logging in: in the browser (authorization code with PKCE and state), by assertion, or as the app; refresh, revoke,
//! introspect.
//!
//! RFC 6749, RFC 7636, RFC 8252 where Salesforce allows it (a fixed port by the name `localhost`); Salesforce Help,
//! "OAuth 2.0 Web Server Flow".

mod client_credentials;
pub mod diagnosis;
pub(crate) mod endpoint;
mod exchange;
mod grant;
mod introspect;
pub mod jwt;
pub mod listener;

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use oauth2::{
    AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
};
use rand::CryptoRng;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::error::AuthError;
use crate::host::LoginUrl;

pub use crate::oauth::client_credentials::client_credentials;
pub use crate::oauth::exchange::{check_app, exchange, refresh, revoke};
pub use crate::oauth::grant::{Grant, identity_ids};
pub use crate::oauth::introspect::{Introspection, TokenKind, introspect};
pub use crate::oauth::jwt::jwt_bearer;

/// What is asked for: the API on the user's behalf, and a refresh token. Nothing wider.
pub const SCOPES: [&str; 2] = ["api", "refresh_token"];
/// A fresh login and an explicit yes each time, so that no other session of the browser slips in.
const PROMPT: &str = "login consent";
/// Bytes of randomness in a state and in a verifier: 43 characters, RFC 7636's minimum, with 256 bits.
const SECRET_BYTES: usize = 32;

/// The admin's own External Client App in one org, and where people log in to it. `Debug` shows no secret.
#[derive(Debug, Clone)]
pub struct OAuthApp {
    /// The login host.
    pub login: LoginUrl,
    /// The consumer key.
    pub client_id: String,
    /// The consumer secret; a public client has none and must not send one.
    pub client_secret: Option<SecretString>,
}

/// One login under way: the address for the browser, and the secrets that its answer is checked with.
pub struct Authorization {
    /// What the system browser opens.
    pub url: Url,
    state: SecretString,
    verifier: SecretString,
    redirect_uri: Url,
}

impl fmt::Debug for Authorization {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Authorization(at {})", self.url.host_str().unwrap_or_default())
    }
}

/// The code of a callback whose state was right. Used once.
pub struct AuthorizationCode(pub(crate) SecretString);

impl fmt::Debug for AuthorizationCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AuthorizationCode")
    }
}

impl Authorization {
    /// Begins a login. `redirect_uri` comes from a bound [`listener::LoopbackListener`]: bind before the browser opens.
    ///
    /// # Errors
    /// [`AuthError::BadAnswer`] when the app's settings make no authorize address.
    pub fn begin(
        app: &OAuthApp,
        redirect_uri: Url,
        random: &mut dyn CryptoRng,
    ) -> Result<Self, AuthError> {
        let state = random_text(random);
        let verifier = PkceCodeVerifier::new(random_text(random));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let client = oauth2::basic::BasicClient::new(ClientId::new(app.client_id.clone()))
            .set_auth_uri(AuthUrl::from_url(app.login.endpoint("/services/oauth2/authorize")))
            .set_redirect_uri(RedirectUrl::from_url(redirect_uri.clone()));
        let (url, state) = client
            .authorize_url(|| CsrfToken::new(state))
            .add_scopes(SCOPES.map(|scope| Scope::new(scope.to_owned())))
            .add_extra_param("prompt", PROMPT)
            .set_pkce_challenge(challenge)
            .url();
        Ok(Self {
            url,
            state: SecretString::from(state.into_secret()),
            verifier: SecretString::from(verifier.into_secret()),
            redirect_uri,
        })
    }

    /// True when a callback's state is this login's; takes the same time whatever differs.
    #[must_use]
    pub(crate) fn has_state(&self, offered: &str) -> bool {
        let expected = self.state.expose_secret().as_bytes();
        let differing =
            expected.iter().zip(offered.as_bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
        expected.len() == offered.len() && differing == 0
    }
}

fn random_text(random: &mut dyn CryptoRng) -> String {
    let mut bytes = [0_u8; SECRET_BYTES];
    random.fill_bytes(&mut bytes);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests;
