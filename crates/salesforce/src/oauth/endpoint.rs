//! Posting a form to the login host, and what its refusals mean.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use secrecy::ExposeSecret;
use url::{Url, form_urlencoded};

use crate::error::{AuthError, Error, error_of_response, excerpt};
use crate::oauth::OAuthApp;
use crate::oauth::diagnosis::{Diagnosis, diagnosis};
use crate::oauth::grant::{Grant, TokenAnswer, grant_of};
use crate::transport::{Request, Response, Transport, TransportError};

/// How long the token endpoint may take. It only looks things up, so it is far quicker than a data call.
pub(crate) const TOKEN_TIMEOUT: Duration = Duration::from_secs(30);

/// Asks the token endpoint with these parameters and the app's credentials, and checks the answer.
pub(crate) async fn token(
    transport: &dyn Transport,
    app: &OAuthApp,
    parameters: &[(&str, &str)],
) -> Result<Grant, AuthError> {
    let response = post(transport, app, "/services/oauth2/token", parameters).await?;
    if !response.status.is_success() {
        return Err(refusal(&response));
    }
    grant_of(answer(&response)?, &app.login)
}

/// Posts a form with client id and secret in its body (a public client has no secret and must not send one).
pub(crate) async fn post_as_app(
    transport: &dyn Transport,
    app: &OAuthApp,
    path: &str,
    parameters: &[(&str, &str)],
) -> Result<Response, TransportError> {
    let secret = app.client_secret.as_ref().map(|secret| secret.expose_secret());
    let mut form = parameters.to_vec();
    form.push(("client_id", &app.client_id));
    form.extend(secret.map(|secret| ("client_secret", secret)));
    send(transport, app.login.endpoint(path), &form).await
}

/// Posts a form as it is; the JWT flow's assertion names the app itself.
pub(crate) async fn send(
    transport: &dyn Transport,
    url: Url,
    form: &[(&str, &str)],
) -> Result<Response, TransportError> {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
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

async fn post(
    transport: &dyn Transport,
    app: &OAuthApp,
    path: &str,
    parameters: &[(&str, &str)],
) -> Result<Response, TransportError> {
    // The assertion of the JWT flow stands for the app; a client id beside it is allowed and not needed.
    if parameters.iter().any(|(name, _)| *name == "assertion") {
        return send(transport, app.login.endpoint(path), parameters).await;
    }
    post_as_app(transport, app, path, parameters).await
}

/// Reads a JSON answer; the parser's error quotes values, which can be tokens, so only the place of the fault is told.
pub(crate) fn json<T: serde::de::DeserializeOwned>(response: &Response) -> Result<T, AuthError> {
    let first = response.body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'{') {
        let excerpt = excerpt(&String::from_utf8_lossy(&response.body));
        return Err(AuthError::NotJson { status: response.status.as_u16(), excerpt });
    }
    serde_json::from_slice(&response.body).map_err(|cause| {
        let place = format!("line {} column {}", cause.line(), cause.column());
        AuthError::BadAnswer(format!("it is not what the API documents ({place})"))
    })
}

fn answer(response: &Response) -> Result<TokenAnswer, AuthError> {
    json(response)
}

/// What a refusal of the login host means.
pub(crate) fn refusal(response: &Response) -> AuthError {
    let passing = response.status.is_server_error();
    let refused = |said: Diagnosis| {
        // A host that breaks is asked again later, whatever word it breaks with.
        AuthError::Refused(Diagnosis { terminal: said.terminal && !passing, ..said })
    };
    match error_of_response(response) {
        Error::Api { errors, .. } if !errors.is_empty() => {
            refused(diagnosis(&errors[0].code, &errors[0].message))
        }
        Error::NotJson { status, excerpt, .. } => match form_refusal(&response.body) {
            Some(said) => refused(said),
            None => AuthError::NotJson { status, excerpt },
        },
        other => AuthError::BadAnswer(other.to_string()),
    }
}

/// The revoke endpoint may answer form-encoded (wire reference 2.5).
fn form_refusal(body: &[u8]) -> Option<Diagnosis> {
    let pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> = form_urlencoded::parse(body).collect();
    let value = |key: &str| pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value);
    let code = value("error")?;
    let description = value("error_description").map_or("", |text| text);
    Some(diagnosis(code, description))
}
