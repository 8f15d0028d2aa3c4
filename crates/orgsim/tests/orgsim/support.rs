//! Served orgs, a browser that fills in the login forms, and calls without a socket.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use jiff::Timestamp;
use orgsim::clock::{Clock, TokioClock};
use orgsim::router::{Lost, SharedOrg, answer, lock};
use orgsim::serve::{Announcement, ServeOptions, Served, announce, orgs_in_memory, start};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

pub(crate) const VERIFIER: &str = "a-verifier-of-the-app-with-enough-characters-0123456789";
pub(crate) const CALLBACK: &str = "http://localhost:17817/oauth/callback";

/// One small org over sockets.
pub(crate) async fn served() -> Served {
    start(&small(&["sales"])).await.expect("a served org")
}

pub(crate) fn small(names: &[&str]) -> ServeOptions {
    ServeOptions::new(names).records("Account", 20).records("Contact", 30).seed(7)
}

/// One small org in memory with a live session, on tokio's clock.
pub(crate) fn in_memory() -> (SharedOrg, Announcement) {
    let start: Timestamp = "2026-11-20T10:00:00Z".parse().expect("a moment");
    let clock: Arc<dyn Clock> = Arc::new(TokioClock::starting_at(start));
    let org = orgs_in_memory(&small(&["sales"]), &clock).expect("an org").remove(0);
    let announcement = announce(&mut lock(&org));
    (org, announcement)
}

/// One answer with its body read as JSON where it is JSON.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) bytes: Bytes,
    pub(crate) body: Value,
}

/// A call in-process; `token` becomes a Bearer header.
pub(crate) async fn call(
    org: &SharedOrg,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: Option<&Value>,
) -> Result<Answer, Lost> {
    let mut request = http::Request::builder().method(method).uri(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    let body = body.map(Value::to_string).unwrap_or_default();
    let response = answer(org, request.body(Bytes::from(body)).expect("a request")).await?;
    Ok(read(response))
}

pub(crate) fn read(response: http::Response<Bytes>) -> Answer {
    let (head, bytes) = response.into_parts();
    let body = serde_json::from_slice(&bytes).unwrap_or_default();
    Answer { status: head.status.as_u16(), headers: head.headers, bytes, body }
}

/// A call that must be answered.
pub(crate) async fn ask(
    org: &SharedOrg,
    method: &str,
    path: &str,
    token: &str,
    body: Option<&Value>,
) -> Answer {
    call(org, method, path, Some(token), body).await.expect("an answer")
}

/// A control call that must succeed.
pub(crate) async fn control(
    org: &SharedOrg,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Value {
    let answer =
        call(org, method, &format!("/__orgsim/{path}"), None, body).await.expect("an answer");
    assert_eq!(answer.status, 200, "{method} {path}: {}", answer.body);
    answer.body
}

pub(crate) fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))
}

/// A browser that follows nothing by itself and keeps one cookie.
pub(crate) struct Browser {
    client: reqwest::Client,
    cookie: Option<String>,
}

/// A page or a redirect.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) html: String,
    pub(crate) location: Option<url::Url>,
}

impl Page {
    /// A parameter of the redirect.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let location = self.location.as_ref()?;
        location.query_pairs().find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
    }

    /// The hidden fields of the page's form.
    pub(crate) fn hidden(&self) -> Vec<(String, String)> {
        let inputs = self.html.split("<input type=\"hidden\" name=\"").skip(1);
        inputs
            .filter_map(|input| {
                let (name, rest) = input.split_once("\" value=\"")?;
                let (value, _) = rest.split_once('"')?;
                Some((name.to_owned(), value.replace("&amp;", "&")))
            })
            .collect()
    }
}

impl Browser {
    pub(crate) fn new() -> Self {
        Self { client: client(), cookie: None }
    }

    /// Opens the authorize page; `changes` replace or, when empty, remove the usual parameters.
    pub(crate) async fn authorize(&mut self, org: &Announcement, changes: &[(&str, &str)]) -> Page {
        let challenge = challenge();
        let usual = [
            ("response_type", "code"),
            ("client_id", &org.client_id),
            ("redirect_uri", CALLBACK),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("state", "st4te"),
            ("scope", "api refresh_token"),
        ];
        let mut url = url::Url::parse(&format!("{}/services/oauth2/authorize", org.login_url))
            .expect("a url");
        let changed = |name: &str| changes.iter().any(|(own, _)| *own == name);
        url.query_pairs_mut()
            .extend_pairs(usual.iter().filter(|(name, _)| !changed(name)))
            .extend_pairs(changes.iter().filter(|(_, value)| !value.is_empty()));
        self.send(self.client.get(url)).await
    }

    /// Fills in the login page.
    pub(crate) async fn log_in(&mut self, org: &Announcement, page: &Page, password: &str) -> Page {
        let mut form = page.hidden();
        form.push(("username".to_owned(), org.username.clone()));
        form.push(("password".to_owned(), password.to_owned()));
        self.submit(org, "login", &form).await
    }

    /// Presses a button of the consent page.
    pub(crate) async fn decide(&mut self, org: &Announcement, page: &Page, decision: &str) -> Page {
        let mut form = page.hidden();
        form.push(("decision".to_owned(), decision.to_owned()));
        self.submit(org, "consent", &form).await
    }

    /// The whole way from the authorize page to a code.
    pub(crate) async fn code(&mut self, org: &Announcement, changes: &[(&str, &str)]) -> String {
        let mut page = self.authorize(org, changes).await;
        if page.html.contains("name=\"password\"") {
            page = self.log_in(org, &page, &org.password).await;
        }
        if page.html.contains("name=\"ticket\"") {
            page = self.decide(org, &page, "allow").await;
        }
        page.parameter("code").expect("a code")
    }

    async fn submit(&mut self, org: &Announcement, step: &str, form: &[(String, String)]) -> Page {
        let url = format!("{}/services/oauth2/authorize/{step}", org.login_url);
        self.send(self.client.post(url).form(form)).await
    }

    async fn send(&mut self, mut request: reqwest::RequestBuilder) -> Page {
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let response = request.send().await.expect("an answer");
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        if let Some(cookie) = header("set-cookie") {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        let location = header("location").map(|location| location.parse().expect("a url"));
        Page {
            status: response.status().as_u16(),
            location,
            html: response.text().await.expect("a page"),
        }
    }
}

/// An HTTP client that follows no redirect and keeps no connection, so that each test sees its own.
pub(crate) fn client() -> reqwest::Client {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    client.build().expect("a client")
}

/// Posts a form to the token endpoint.
pub(crate) async fn token(org: &Announcement, form: &[(&str, &str)]) -> (u16, Value) {
    let url = format!("{}/services/oauth2/token", org.login_url);
    let response = client().post(url).form(form).send().await.expect("an answer");
    assert_eq!(response.headers()["cache-control"], "no-store");
    (response.status().as_u16(), response.json().await.expect("json"))
}

/// Trades a code for tokens.
pub(crate) async fn redeem(org: &Announcement, code: &str) -> (u16, Value) {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("client_id", &org.client_id),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    token(org, &form).await
}

/// Uses a refresh token.
pub(crate) async fn refresh(org: &Announcement, refresh_token: &str) -> (u16, Value) {
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
        ("client_id", &org.client_id),
    ];
    token(org, &form).await
}

/// The status of a data call over a socket.
pub(crate) async fn data_status(org: &Announcement, access_token: &str) -> u16 {
    let url = format!("{}/services/data/v68.0/limits", org.instance_url);
    client().get(url).bearer_auth(access_token).send().await.expect("an answer").status().as_u16()
}
