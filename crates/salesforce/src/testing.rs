//! What the tests of this crate share: a scripted transport, a keychain in memory, a clock that stands still.

use std::sync::{Arc, Mutex};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use isthmus_model::clock::Clock;
use isthmus_model::ids::OrgId;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use crate::client::{Client, ClientSettings};
use crate::host::{LoginUrl, OrgUrl};
use crate::oauth::OAuthApp;
use crate::session::{
    FixedToken, RefreshLease, RefreshMark, SessionStore, StoreError, TokenSource, Tokens,
};
use crate::transport::{Request, Response, Transport, TransportError};

pub(crate) const ORG: &str = "00DHs00000AbCdE";
pub(crate) const INSTANCE: &str = "https://acme.my.salesforce.com";

pub(crate) type Answer = Result<Response, TransportError>;

/// What happened, in order: `store:<access token>`, `send:<path> <bearer token>`.
pub(crate) type Journal = Arc<Mutex<Vec<String>>>;

/// A transport whose answers a function makes, and which remembers what it was sent.
pub(crate) struct FakeTransport {
    answer: Box<dyn Fn(&Request) -> Answer + Send + Sync>,
    watcher: Mutex<Watcher>,
    pub(crate) requests: Mutex<Vec<Request>>,
    pub(crate) journal: Journal,
}

/// Sees each request before it is answered.
type Watcher = Box<dyn Fn(&Request) + Send>;

impl FakeTransport {
    pub(crate) fn new(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Arc<Self> {
        Self::with_journal(Journal::default(), answer)
    }

    pub(crate) fn with_journal(
        journal: Journal,
        answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Arc<Self> {
        let (answer, watcher) =
            (Box::new(answer), Mutex::new(Box::new(|_: &Request| ()) as Watcher));
        Arc::new(Self { answer, watcher, requests: Mutex::default(), journal })
    }

    pub(crate) fn before_answer(&self, watcher: impl Fn(&Request) + Send + 'static) {
        *self.watcher.lock().unwrap() = Box::new(watcher);
    }

    pub(crate) fn sent(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

impl Transport for FakeTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Answer> {
        Box::pin(async move {
            let entry = format!("send:{} {}", request.url.path(), bearer(&request));
            self.journal.lock().unwrap().push(entry);
            self.requests.lock().unwrap().push(request.clone());
            tokio::task::yield_now().await;
            (self.watcher.lock().unwrap())(&request);
            (self.answer)(&request)
        })
    }
}

pub(crate) fn bearer(request: &Request) -> String {
    let value = request.headers.get("authorization").and_then(|value| value.to_str().ok());
    value.unwrap_or_default().trim_start_matches("Bearer ").to_owned()
}

pub(crate) fn body_text(request: &Request) -> String {
    String::from_utf8_lossy(&request.body).into_owned()
}

pub(crate) fn reply(status: u16, body: &str) -> Answer {
    let headers = HeaderMap::from_iter([(
        HeaderName::from_static("content-type"),
        HeaderValue::from_static("application/json;charset=UTF-8"),
    )]);
    let status = StatusCode::from_u16(status).unwrap();
    Ok(Response { status, headers, body: Bytes::copy_from_slice(body.as_bytes()) })
}

pub(crate) fn expired() -> Answer {
    reply(401, r#"[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]"#)
}

/// A keychain in memory, which can be told to fail.
pub(crate) struct MemoryStore {
    pub(crate) tokens: Mutex<Option<Tokens>>,
    pub(crate) failing: Mutex<bool>,
    pub(crate) marked: Mutex<Option<String>>,
    /// Two references: somebody has the lease.
    lease: Arc<()>,
    journal: Journal,
}

impl MemoryStore {
    pub(crate) fn holding(access: &str, refresh: Option<&str>, journal: Journal) -> Arc<Self> {
        let tokens = Mutex::new(Some(tokens(access, refresh)));
        let (failing, marked) = (Mutex::new(false), Mutex::default());
        Arc::new(Self { tokens, failing, marked, lease: Arc::default(), journal })
    }

    fn check(&self) -> Result<(), StoreError> {
        if *self.failing.lock().unwrap() {
            return Err(StoreError("the keychain is locked; unlock it".to_owned()));
        }
        Ok(())
    }

    pub(crate) fn refresh_token(&self) -> String {
        let tokens = self.tokens.lock().unwrap();
        let token = tokens.as_ref().and_then(|tokens| tokens.refresh_token.as_ref());
        token.map_or_else(String::new, |token| token.expose_secret().to_owned())
    }
}

impl SessionStore for MemoryStore {
    fn load(&self) -> Result<Option<Tokens>, StoreError> {
        Ok(self.tokens.lock().unwrap().clone())
    }

    fn save(&self, tokens: &Tokens) -> Result<(), StoreError> {
        self.check()?;
        let entry = format!("store:{}", tokens.access_token.expose_secret());
        self.journal.lock().unwrap().push(entry);
        *self.tokens.lock().unwrap() = Some(tokens.clone());
        Ok(())
    }

    fn try_lease(&self) -> Result<Option<RefreshLease>, StoreError> {
        let free = Arc::strong_count(&self.lease) == 1;
        Ok(free.then(|| RefreshLease::new(Arc::clone(&self.lease))))
    }

    fn mark(&self) -> Result<Option<RefreshMark>, StoreError> {
        Ok(self.marked.lock().unwrap().as_deref().and_then(RefreshMark::parse))
    }

    fn set_mark(&self, mark: Option<&RefreshMark>) -> Result<(), StoreError> {
        self.check()?;
        let state = mark.map_or_else(|| "none".to_owned(), |mark| mark.state.to_string());
        self.journal.lock().unwrap().push(format!("mark:{state}"));
        *self.marked.lock().unwrap() = mark.map(RefreshMark::to_text);
        Ok(())
    }
}

pub(crate) fn tokens(access: &str, refresh: Option<&str>) -> Tokens {
    Tokens {
        access_token: SecretString::from(access.to_owned()),
        refresh_token: refresh.map(|token| SecretString::from(token.to_owned())),
        instance_url: OrgUrl::parse(INSTANCE).unwrap(),
    }
}

pub(crate) fn token_body(access: &str, refresh: Option<&str>) -> String {
    let refresh =
        refresh.map_or_else(String::new, |token| format!(r#""refresh_token":"{token}","#));
    format!(
        r#"{{"access_token":"{access}",{refresh}"signature":"b64hmac=","scope":"refresh_token api",
        "instance_url":"{INSTANCE}","id":"https://login.salesforce.com/id/00DHs00000AbCdEMAV/005Hs00000xYz12IAC",
        "token_type":"Bearer","issued_at":"1795158000000"}}"#
    )
}

pub(crate) fn app() -> OAuthApp {
    OAuthApp {
        login: LoginUrl::production(),
        client_id: "3MVG9client".to_owned(),
        client_secret: None,
    }
}

pub(crate) fn org_id() -> OrgId {
    OrgId::parse(ORG).unwrap()
}

pub(crate) struct StandingClock(pub(crate) Timestamp);

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}

pub(crate) fn noon() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

pub(crate) fn client_with(transport: Arc<FakeTransport>, source: Arc<dyn TokenSource>) -> Client {
    let settings = ClientSettings::new("sales", OrgUrl::parse(INSTANCE).unwrap(), "Isthmus-acme");
    Client::new(settings, transport, source, Arc::new(StandingClock(noon())))
}

/// A client whose token nobody can refresh.
pub(crate) fn client(transport: Arc<FakeTransport>) -> Client {
    client_with(transport, Arc::new(FixedToken(SecretString::from("token".to_owned()))))
}

/// A fresh RSA pair: no private key is part of the project.
pub(crate) fn rsa_pair() -> KeyPair {
    KeyPair::generate(KeySize::Rsa2048).unwrap()
}

/// The pair's private key as a PEM text.
pub(crate) fn pem(pair: &KeyPair) -> SecretString {
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let body = BASE64_STANDARD.encode(der.as_ref());
    SecretString::from(format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"))
}

pub(crate) fn private_key() -> SecretString {
    pem(&rsa_pair())
}
