//! JWT bearer: an assertion signed with the app's own key instead of a person (RFC 7523; Salesforce Help, "OAuth 2.0 JWT
//! Bearer Flow for Server-to-Server Integration").

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use isthmus_model::clock::Clock;
use jiff::SignedDuration;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::error::AuthError;
use crate::host::{LoginUrl, PRODUCTION_LOGIN, SANDBOX_LOGIN};
use crate::oauth::OAuthApp;
use crate::oauth::endpoint::token;
use crate::oauth::grant::Grant;
use crate::transport::Transport;

/// How long an assertion is good for. The org takes about three minutes at most (wire reference 2.4); two leave a minute
/// for clocks that differ.
pub const ASSERTION_LIFETIME: SignedDuration = SignedDuration::from_mins(2);

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// The private RSA key whose certificate the app has. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct JwtKey(Arc<KeyPair>);

impl fmt::Debug for JwtKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JwtKey")
    }
}

impl JwtKey {
    /// Reads a PEM text: `PRIVATE KEY` (PKCS #8) or `RSA PRIVATE KEY` (PKCS #1), of 2,048 bits or more.
    ///
    /// # Errors
    /// [`AuthError::BadKey`] for anything else; an encrypted key is told apart.
    pub fn from_pem(pem: &SecretString) -> Result<Self, AuthError> {
        let text = pem.expose_secret();
        if text.contains("ENCRYPTED") {
            return Err(AuthError::BadKey("it is encrypted; give it without a passphrase"));
        }
        let pair = match PrivateKeyDer::from_pem_slice(text.as_bytes()) {
            Ok(PrivateKeyDer::Pkcs8(key)) => KeyPair::from_pkcs8(key.secret_pkcs8_der()),
            Ok(PrivateKeyDer::Pkcs1(key)) => KeyPair::from_der(key.secret_pkcs1_der()),
            Ok(_) => return Err(AuthError::BadKey("it is no RSA key")),
            Err(_) => return Err(AuthError::BadKey("it holds no private key in PEM form")),
        };
        let pair = pair.map_err(|_| AuthError::BadKey("it is no RSA key of 2,048 bits or more"))?;
        Ok(Self(Arc::new(pair)))
    }

    fn sign(&self, text: &str) -> Result<String, AuthError> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        // PKCS #1 v1.5 draws nothing: the generator is a part of the signature's interface alone.
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .map_err(|_| AuthError::BadKey("it could not sign"))?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode(signature))
    }
}

/// Who is logged in by assertion, and with which key.
#[derive(Clone)]
pub struct JwtBearer {
    /// The app's key.
    pub key: JwtKey,
    /// The user's login name.
    pub username: String,
    /// Who the assertion is for; `None` for what [`audience`] finds.
    pub audience: Option<String>,
    /// Tells when the assertion ends.
    pub clock: Arc<dyn Clock>,
}

impl fmt::Debug for JwtBearer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "JwtBearer(for {})", self.username)
    }
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: i64,
}

impl JwtBearer {
    /// The signed assertion.
    ///
    /// # Errors
    /// [`AuthError::BadKey`] when the key cannot sign.
    pub fn assertion(&self, app: &OAuthApp) -> Result<SecretString, AuthError> {
        let found = audience(&app.login);
        let ends = self.clock.now().checked_add(ASSERTION_LIFETIME);
        let claims = Claims {
            iss: &app.client_id,
            sub: &self.username,
            aud: self.audience.as_deref().unwrap_or(&found),
            exp: ends.unwrap_or(jiff::Timestamp::MAX).as_second(),
        };
        // Three texts and a number: nothing in the claims can fail to be written.
        let claims = serde_json::to_vec(&claims).unwrap_or_default();
        let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let signed = format!("{}.{}", encode(br#"{"alg":"RS256","typ":"JWT"}"#), encode(&claims));
        let signature = self.key.sign(&signed)?;
        Ok(SecretString::from(format!("{signed}.{signature}")))
    }
}

/// Who an assertion is for: the production or sandbox login host that an org's My Domain belongs to, else the login host
/// as it is (an Experience Cloud site).
#[must_use]
pub fn audience(login: &LoginUrl) -> String {
    let host = login.as_url().host_str().unwrap_or_default();
    let my_domain = host.contains(".my.salesforce.");
    let for_tests = host.contains(".sandbox.my.") || host.contains(".scratch.my.");
    if my_domain && for_tests {
        SANDBOX_LOGIN.to_owned()
    } else if my_domain {
        PRODUCTION_LOGIN.to_owned()
    } else {
        login.to_string()
    }
}

/// Logs in by assertion. There is no refresh token: the next access token comes from the next assertion.
///
/// # Errors
/// [`AuthError::Refused`] with its diagnosis (a user who is not pre-approved, a wrong audience, an unknown certificate);
/// [`AuthError::Host`] and [`AuthError::BadAnswer`] for an answer that is not believed.
pub async fn jwt_bearer(
    transport: &dyn Transport,
    app: &OAuthApp,
    bearer: &JwtBearer,
) -> Result<Grant, AuthError> {
    let assertion = bearer.assertion(app)?;
    let form = [("grant_type", GRANT_TYPE), ("assertion", assertion.expose_secret())];
    token(transport, app, &form).await
}

#[cfg(test)]
mod tests;
