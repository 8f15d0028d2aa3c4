//! Answers that no org ever gave: each is told as an error with a code and a remedy, or read.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{HeaderMap, StatusCode};
use isthmus_model::clock::Clock;
use isthmus_salesforce::oauth::{OAuthApp, refresh};
use isthmus_salesforce::session::FixedToken;
use isthmus_salesforce::transport::{Request, Response};
use isthmus_salesforce::{
    Client, ClientSettings, Error, LoginUrl, OrgUrl, Transport, TransportError,
};
use jiff::Timestamp;
use secrecy::SecretString;
use tokio::runtime::{Builder, Runtime};

use crate::TEST_TIME;

/// Statuses that the service gives (wire reference 3); a byte of the input picks one.
const STATUSES: [u16; 16] =
    [200, 201, 204, 300, 304, 400, 401, 403, 404, 405, 410, 412, 420, 429, 500, 503];

/// Answers every request with what was put in last.
#[derive(Default)]
struct Parrot(Mutex<(u16, Vec<u8>)>);

impl Parrot {
    fn learn(&self, status: u16, body: &[u8]) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (status, body.to_vec());
    }
}

impl Transport for Parrot {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let (status, body) = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
        let answer = Response { status, headers: HeaderMap::new(), body: Bytes::from(body) };
        Box::pin(async move { Ok(answer) })
    }
}

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_795_176_000).unwrap_or_default()
    }
}

fn client(transport: Arc<Parrot>) -> Client {
    let url = OrgUrl::parse("https://acme.my.salesforce.com").expect("a My Domain address");
    let settings = ClientSettings::new("sales", url, "Isthmus-fuzz");
    let token = FixedToken(SecretString::from("token".to_owned()));
    Client::new(settings, transport, Arc::new(token), Arc::new(Noon))
}

/// A runtime whose clock runs ahead when all wait, so that a pause before a repeat costs no time.
fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime")
}

fn assert_told(error: &Error) {
    assert!(!error.to_string().is_empty() && !error.code().is_empty(), "{error:?}");
    assert!(!error.remedy().is_empty(), "{error:?}");
    let _ = (error.class(), error.is_permanent(), error.outcome_unknown(), error.cause());
}

/// The first byte picks the status, the rest is the body.
fn split(bytes: &[u8]) -> (u16, &[u8]) {
    let (first, body) = bytes.split_first().unwrap_or((&0, &[]));
    (STATUSES[usize::from(*first) % STATUSES.len()], body)
}

#[test]
fn fuzz_error_bodies() {
    bolero::check!().with_test_time(TEST_TIME).for_each(|bytes: &[u8]| {
        let (status, body) = split(bytes);
        let parrot = Arc::new(Parrot::default());
        let client = client(Arc::clone(&parrot));
        runtime().block_on(async {
            let text = String::from_utf8_lossy(body);
            let wrapped = format!(
                r#"[{{"errorCode":"UNKNOWN_EXCEPTION","message":{text:?},"fields":[{text:?}]}}]"#
            );
            for body in [body, wrapped.as_bytes()] {
                parrot.learn(status, body);
                let limits = client.limits().await;
                if let Err(error) = &limits {
                    assert_told(error);
                }
                assert!(limits.is_err() || (200..300).contains(&status), "{status} was taken");
                let pages = client.query("SELECT Id FROM Account").next_page().await;
                if let Err(error) = &pages {
                    assert_told(error);
                }
            }
        });
    });
}

#[test]
fn fuzz_token_answers() {
    bolero::check!().with_test_time(TEST_TIME).for_each(|bytes: &[u8]| {
        let (status, body) = split(bytes);
        let parrot = Parrot::default();
        let app = OAuthApp {
            login: LoginUrl::production(),
            client_id: "3MVG9client".to_owned(),
            client_secret: None,
        };
        parrot.learn(status, body);
        let token = SecretString::from("refresh".to_owned());
        if let Err(error) = runtime().block_on(refresh(&parrot, &app, &token)) {
            assert!(!error.code().is_empty() && !error.remedy().is_empty(), "{error:?}");
            let _ = error.is_terminal();
        }
    });
}
