//! The callback of a browser login: a listener on this machine that takes one valid hit and nothing else.
//!
//! Both address families are bound before the browser opens, so that no other program can sit on the one that the
//! browser tries first. Attacks: foreign hosts (DNS rebinding), other methods and paths, replays, endless headers.

mod bind;
mod request;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

use crate::host::LoginUrl;
use crate::oauth::diagnosis::{Diagnosis, diagnosis};
use crate::oauth::listener::request::{Hit, Refusal, read_head};
use crate::oauth::{Authorization, AuthorizationCode};

/// The ports, tried in this order. An app registers all three callbacks, since Salesforce compares the port too.
pub const CALLBACK_PORTS: [u16; 3] = [17817, 21817, 27817];
/// The path of the callback.
pub const CALLBACK_PATH: &str = "/oauth/callback";
/// How long a person has for login and consent.
pub const CALLBACK_TIMEOUT: Duration = Duration::from_secs(120);
/// The longest request head; a callback with a code is around one kilobyte.
pub const MAX_HEAD_BYTES: usize = 16 * 1024;
/// How long one connection may take to send its head. Browsers open connections ahead and send nothing on some.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long we wait for the browser to close first: whoever closes first keeps the port busy for a minute.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(500);
/// Connections held at once; a browser opens a handful.
const MAX_CONNECTIONS: usize = 32;

const DONE_PAGE: &str = include_str!("listener/done.html");
const REFUSED_PAGE: &str = include_str!("listener/refused.html");

/// Why a callback brought no code. The login is over in each case and its code, if any, is never exchanged.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ListenerError {
    /// No port could be had on both address families.
    #[error(
        "the ports {0:?} are all taken on this machine; close the program that holds one of them, then connect again"
    )]
    NoPort(Vec<u16>),
    /// Listening failed for another reason.
    #[error("this machine does not let Isthmus listen for the browser's answer ({0})")]
    Listen(String),
    /// Nobody finished the login in time.
    #[error("no login came back from the browser within {} seconds; connect again", CALLBACK_TIMEOUT.as_secs())]
    TimedOut,
    /// The callback's state is wrong, missing or given more than once: it belongs to another login, or is forged.
    #[error(
        "the browser's answer does not belong to this login (its state is {0}); nothing was accepted, connect again"
    )]
    WrongState(&'static str),
    /// The callback has neither a code nor an error, or either of them twice.
    #[error("the browser's answer holds no login code; connect again")]
    NoCode,
    /// The org said no.
    #[error("{0}")]
    Refused(Diagnosis),
}

impl ListenerError {
    /// The code to show.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::NoPort(_) => "callback_port_taken",
            Self::Listen(_) => "callback_not_possible",
            Self::TimedOut => "login_timed_out",
            Self::WrongState(_) => "login_state_wrong",
            Self::NoCode => "login_without_code",
            Self::Refused(diagnosis) => &diagnosis.code,
        }
    }

    /// The next step.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NoPort(_) => {
                "close the program that holds one of the ports (another Isthmus?), then connect again"
            }
            Self::Listen(_) => "check the firewall's rules for this machine's own addresses",
            Self::TimedOut | Self::NoCode => "connect again and finish the login in the browser",
            Self::WrongState(_) => "close old login tabs, then connect again",
            Self::Refused(diagnosis) => diagnosis.remedy,
        }
    }
}

/// The callback at a port, as an app registers it.
#[must_use]
pub fn callback_address(port: u16) -> String {
    format!("http://localhost:{port}{CALLBACK_PATH}")
}

/// A bound listener, before the browser opens.
#[derive(Debug)]
pub struct LoopbackListener {
    v4: TcpListener,
    /// `None` on a machine without IPv6.
    v6: Option<TcpListener>,
    port: u16,
}

impl LoopbackListener {
    /// Binds the first port that is free on both address families ([`CALLBACK_PORTS`] in production; 0 takes any).
    ///
    /// # Errors
    /// [`ListenerError::NoPort`] when each one is taken on either family.
    pub fn bind(ports: &[u16]) -> Result<Self, ListenerError> {
        let (v4, v6, port) = bind::first_free(ports)?;
        tracing::info!(port, ipv6 = v6.is_some(), "listening for the browser");
        Ok(Self { v4, v6, port })
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The callback as the app registers it: by the name `localhost`, the only one Salesforce takes over plain http.
    ///
    /// # Errors
    /// Never for a bound port; the address is made from constants.
    pub fn redirect_uri(&self) -> Result<Url, ListenerError> {
        Url::parse(&callback_address(self.port))
            .map_err(|cause| ListenerError::Listen(cause.to_string()))
    }

    /// Waits for the one valid hit and closes. Answers everything else with a 4xx without body and goes on waiting.
    ///
    /// # Errors
    /// [`ListenerError`]; a wrong state ends the login, whatever else the callback holds.
    pub async fn wait(
        self,
        authorization: &Authorization,
        login: &LoginUrl,
    ) -> Result<AuthorizationCode, ListenerError> {
        let deadline = Instant::now() + CALLBACK_TIMEOUT;
        match timeout_at(deadline, self.serve(authorization, login)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(ListenerError::TimedOut),
        }
    }

    async fn serve(
        &self,
        authorization: &Authorization,
        login: &LoginUrl,
    ) -> Result<AuthorizationCode, ListenerError> {
        let door = Door { port: self.port, authorization, login, taken: AtomicBool::new(false) };
        let mut connections = FuturesUnordered::new();
        loop {
            let accepting = connections.len() < MAX_CONNECTIONS;
            tokio::select! {
                biased;
                Some(outcome) = connections.next(), if !connections.is_empty() => {
                    if let Some(outcome) = outcome {
                        return outcome;
                    }
                }
                stream = self.accept(), if accepting => connections.push(door.answer(stream?)),
            }
        }
    }

    async fn accept(&self) -> Result<TcpStream, ListenerError> {
        let accepted = match &self.v6 {
            Some(v6) => tokio::select! {
                biased;
                accepted = self.v4.accept() => accepted,
                accepted = v6.accept() => accepted,
            },
            None => self.v4.accept().await,
        };
        accepted.map(|(stream, _)| stream).map_err(|cause| ListenerError::Listen(cause.to_string()))
    }
}

type Outcome = Result<AuthorizationCode, ListenerError>;

/// What every connection is checked against.
struct Door<'a> {
    port: u16,
    authorization: &'a Authorization,
    login: &'a LoginUrl,
    /// The one valid hit has come.
    taken: AtomicBool,
}

impl Door<'_> {
    /// Answers one connection; `Some` ends the login.
    async fn answer(&self, mut stream: TcpStream) -> Option<Outcome> {
        let head = timeout(HEAD_TIMEOUT, read_head(&mut stream)).await;
        let hit = match head {
            Ok(Ok(head)) => request::hit(&head, self.port, self.login),
            Ok(Err(refusal)) => Err(refusal),
            Err(_) => Err(Refusal::Timeout),
        };
        let (response, outcome) = match hit {
            Err(refusal) => {
                tracing::warn!(
                    port = self.port,
                    ?refusal,
                    "a request that is no callback was refused"
                );
                (bare(refusal), None)
            }
            Ok(_) if self.taken.swap(true, Ordering::Relaxed) => (bare(Refusal::Gone), None),
            Ok(hit) => {
                let outcome = self.judge(&hit);
                (page_for(&outcome), Some(outcome))
            }
        };
        finish(&mut stream, &response).await;
        outcome
    }

    fn judge(&self, hit: &Hit) -> Outcome {
        match hit.state.as_slice() {
            [] => return Err(ListenerError::WrongState("missing")),
            [state] if self.authorization.has_state(state) => {}
            [_] => return Err(ListenerError::WrongState("another one's")),
            _ => return Err(ListenerError::WrongState("given twice")),
        }
        match (hit.code.as_slice(), hit.error.as_slice()) {
            ([code], []) if !code.is_empty() => {
                Ok(AuthorizationCode(SecretString::from(code.clone())))
            }
            ([], [error]) => {
                let description = hit.description.first().map_or("", String::as_str);
                Err(ListenerError::Refused(diagnosis(error, description)))
            }
            _ => Err(ListenerError::NoCode),
        }
    }
}

fn page_for(outcome: &Outcome) -> String {
    match outcome {
        Ok(_) => page(DONE_PAGE),
        Err(ListenerError::Refused(_)) => page(REFUSED_PAGE),
        Err(_) => bare(Refusal::Malformed),
    }
}

/// Headers that keep the page and its address (with the code) out of caches, frames and referrers.
fn page(html: &str) -> String {
    let length = html.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n\
         Connection: close\r\n\r\n{html}"
    )
}

fn bare(refusal: Refusal) -> String {
    let status = refusal.status_line();
    format!(
        "HTTP/1.1 {status}\r\nContent-Length: 0\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
}

/// Sends the answer and lets the browser close first. A browser that went away has nothing more to learn.
async fn finish(stream: &mut TcpStream, response: &str) {
    if stream.write_all(response.as_bytes()).await.is_err() {
        return;
    }
    let mut rest = [0_u8; 1024];
    let drain = async { while matches!(stream.read(&mut rest).await, Ok(count) if count > 0) {} };
    let closed = timeout(CLOSE_TIMEOUT, drain).await;
    tracing::trace!(closed_first = closed.is_ok(), "callback connection answered");
}

#[cfg(test)]
mod tests;
