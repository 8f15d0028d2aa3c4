//! The token endpoint: code for tokens, refresh token for a new access token, revoke.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
};
use oauth2::{
    AsyncHttpClient, AuthType, ClientId, ClientSecret, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError,
    StandardRevocableToken, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use url::{Url, form_urlencoded};

use crate::error::{AuthError, Error, error_of_response, excerpt};
use crate::oauth::diagnosis::diagnosis;
use crate::oauth::grant::{Grant, SalesforceTokenResponse, grant_of};
use crate::oauth::{Authorization, AuthorizationCode, OAuthApp};
use crate::transport::{Request, Response, Transport, TransportError};

/// How long the token endpoint may take. It only looks things up, so it is far quicker than a data call.
pub(crate) const TOKEN_TIMEOUT: Duration = Duration::from_secs(30);

type TokenClient = oauth2::Client<
    BasicErrorResponse,
    SalesforceTokenResponse,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

type TokenError = RequestTokenError<NoTokenAnswer, BasicErrorResponse>;

/// Why the oauth2 crate got nothing that it could read.
#[derive(Debug, thiserror::Error)]
enum NoTokenAnswer {
    #[error(transparent)]
    Transport(#[from] TransportError),
    #[error("status {status} without JSON")]
    NotJson { status: u16, excerpt: String },
}

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
    let code = oauth2::AuthorizationCode::new("none".to_owned());
    let http = Carrier(transport);
    let answer = token_client(app).exchange_code(code).request_async(&http).await;
    match answer.map_err(failure) {
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
    let code = oauth2::AuthorizationCode::new(code.0.expose_secret().to_owned());
    let verifier = PkceCodeVerifier::new(authorization.verifier.expose_secret().to_owned());
    let http = Carrier(transport);
    let answer = token_client(app)
        .exchange_code(code)
        .set_pkce_verifier(verifier)
        .set_redirect_uri(Cow::Owned(RedirectUrl::from_url(authorization.redirect_uri)))
        .request_async(&http)
        .await
        .map_err(failure)?;
    let grant = grant_of(&answer, &app.login)?;
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
    let token = RefreshToken::new(refresh_token.expose_secret().to_owned());
    let http = Carrier(transport);
    let answer = token_client(app)
        .exchange_refresh_token(&token)
        .request_async(&http)
        .await
        .map_err(failure)?;
    grant_of(&answer, &app.login)
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
    // In one statement, so that the future can go to another thread.
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("token", token.expose_secret())
        .finish();
    let url = app.login.endpoint("/services/oauth2/revoke");
    let response = post(transport, url, body.into_bytes()).await?;
    if response.status.is_success() {
        return Ok(());
    }
    match refusal(&response) {
        AuthError::Refused(found) if found.code == "invalid_token" => Ok(()),
        cause => Err(cause),
    }
}

fn token_client(app: &OAuthApp) -> TokenClient {
    let endpoint = app.login.endpoint("/services/oauth2/token");
    let client = oauth2::Client::new(ClientId::new(app.client_id.clone()))
        .set_token_uri(TokenUrl::from_url(endpoint))
        .set_auth_type(AuthType::RequestBody);
    match &app.client_secret {
        Some(secret) => {
            client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()))
        }
        None => client,
    }
}

/// Carries the oauth2 crate's requests over our transport.
struct Carrier<'t>(&'t dyn Transport);

impl<'c> AsyncHttpClient<'c> for Carrier<'_> {
    type Error = NoTokenAnswer;
    type Future = BoxFuture<'c, Result<HttpResponse, NoTokenAnswer>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(send(self.0, request))
    }
}

async fn send(
    transport: &dyn Transport,
    request: HttpRequest,
) -> Result<HttpResponse, NoTokenAnswer> {
    let malformed = |cause: String| TransportError::NotSent {
        host: "the login host".to_owned(),
        reason: crate::transport::NotSent::Malformed(cause),
    };
    let (parts, body) = request.into_parts();
    let url = Url::parse(&parts.uri.to_string()).map_err(|cause| malformed(cause.to_string()))?;
    let response = post(transport, url, body).await?;
    let first = response.body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'{') {
        let excerpt = excerpt(&String::from_utf8_lossy(&response.body));
        return Err(NoTokenAnswer::NotJson { status: response.status.as_u16(), excerpt });
    }
    let mut answer = http::Response::new(response.body.to_vec());
    *answer.status_mut() = response.status;
    *answer.headers_mut() = response.headers;
    Ok(answer)
}

async fn post(
    transport: &dyn Transport,
    url: Url,
    body: Vec<u8>,
) -> Result<Response, TransportError> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    let host = url.host_str().unwrap_or_default().to_owned();
    let route = url.path().to_owned();
    let body = Bytes::from(body);
    let request = Request { method: Method::POST, url, headers, body, timeout: TOKEN_TIMEOUT };
    let answer = match tokio::time::timeout(TOKEN_TIMEOUT, transport.send(request)).await {
        Ok(answer) => answer,
        Err(_) => Err(TransportError::Unknown {
            host: host.clone(),
            detail: "time limit reached".to_owned(),
        }),
    };
    match &answer {
        Ok(response) => {
            tracing::debug!(%host, %route, status = response.status.as_u16(), "answered")
        }
        Err(cause) => tracing::warn!(%host, %route, %cause, "no answer"),
    }
    answer
}

fn failure(error: TokenError) -> AuthError {
    match error {
        TokenError::ServerResponse(answer) => {
            let description = answer.error_description().cloned().unwrap_or_default();
            AuthError::Refused(diagnosis(answer.error().as_ref(), &description))
        }
        TokenError::Request(NoTokenAnswer::Transport(cause)) => AuthError::Transport(cause),
        TokenError::Request(NoTokenAnswer::NotJson { status, excerpt }) => {
            AuthError::NotJson { status, excerpt }
        }
        // The library's parse error holds the body, which can hold a token: only the place of the fault is told.
        TokenError::Parse(cause, _) => {
            AuthError::BadAnswer(format!("it lacks what the API documents (at {})", cause.path()))
        }
        TokenError::Other(text) => AuthError::BadAnswer(text),
    }
}

fn refusal(response: &Response) -> AuthError {
    match error_of_response(response) {
        Error::Api { errors, .. } if !errors.is_empty() => {
            AuthError::Refused(diagnosis(&errors[0].code, &errors[0].message))
        }
        Error::NotJson { status, excerpt } => {
            form_refusal(&response.body).unwrap_or(AuthError::NotJson { status, excerpt })
        }
        other => AuthError::BadAnswer(other.to_string()),
    }
}

/// The revoke endpoint may answer form-encoded (wire reference 2.5).
fn form_refusal(body: &[u8]) -> Option<AuthError> {
    let pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> = form_urlencoded::parse(body).collect();
    let value = |key: &str| pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value);
    let code = value("error")?;
    let description = value("error_description").map_or("", |text| text);
    Some(AuthError::Refused(diagnosis(code, description)))
}
