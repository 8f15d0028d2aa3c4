//! The wire of the simulation: hands requests to the orgs, and between them lets users edit and processes die.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::Method;
use isthmus_salesforce::error::AuthError;
use isthmus_salesforce::session::TokenSource;
use isthmus_salesforce::transport::{Request, Response};
use isthmus_salesforce::{Transport, TransportError};
use isthmus_tests::in_process::InProcess;
use orgsim::router::{SharedOrg, lock};
use orgsim::serve::announce;
use rand::rngs::StdRng;
use secrecy::SecretString;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::chance;
use super::observer::Observer;

/// How long a request whose answer nobody waited for may still be carried out, and reads may be older than it.
const STRAGGLING: Duration = Duration::from_secs(300);

/// What happens at a request, counted from the start of a run.
#[derive(Debug, Clone)]
pub(super) enum Event {
    /// The process dies before the request is handed over.
    CrashBefore,
    /// The process dies when the request is answered, or given up, and nobody has heard of it.
    CrashAfter,
    /// A person cancels.
    Cancel(CancellationToken),
}

/// What both wires share.
pub(super) struct Stage {
    pub(super) orgs: [SharedOrg; 2],
    pub(super) observer: Observer,
    pub(super) random: StdRng,
    /// Chance in percent that a user edits something before a request.
    pub(super) restless: u32,
    pub(super) event: Option<(u32, Event)>,
    pub(super) calls: u32,
    pub(super) crashed: Arc<Notify>,
}

pub(super) type SharedStage = Arc<Mutex<Stage>>;

pub(super) fn on(stage: &SharedStage) -> MutexGuard<'_, Stage> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One org's wire.
pub(super) struct Wire {
    side: usize,
    inner: InProcess,
    stage: SharedStage,
}

impl Wire {
    pub(super) fn new(side: usize, inner: InProcess, stage: &SharedStage) -> Self {
        Self { side, inner, stage: Arc::clone(stage) }
    }

    async fn pass(&self, request: Request) -> Result<Response, TransportError> {
        let writes = self.side == 1 && is_write(&request);
        let event = self.begin(writes);
        if matches!(event, Some(Event::CrashBefore)) {
            return self.crash().await;
        }
        let answer = self.inner.send(request).await;
        self.end(&answer);
        match event {
            Some(Event::CrashAfter) => self.crash().await,
            Some(Event::Cancel(token)) => {
                token.cancel();
                answer
            }
            _ => answer,
        }
    }

    fn begin(&self, writes: bool) -> Option<Event> {
        let mut stage = on(&self.stage);
        let stage = &mut *stage;
        stage.observer.look();
        // A user's edit between our last look at a row and our write is the window that the plan tells of.
        if !writes && chance::percent(&mut stage.random, stage.restless) {
            let side = usize::from(chance::percent(&mut stage.random, 60));
            chance::user_edit(&mut stage.random, &stage.orgs, side, &mut stage.observer);
        }
        if writes {
            stage.observer.write_handed_over();
        }
        stage.calls += 1;
        match &stage.event {
            Some((call, _)) if *call == stage.calls => stage.event.take().map(|(_, event)| event),
            _ => None,
        }
    }

    fn end(&self, answer: &Result<Response, TransportError>) {
        let mut stage = on(&self.stage);
        stage.observer.look();
        match answer {
            Ok(response) if self.side == 1 => {
                stage.observer.shown(&String::from_utf8_lossy(&response.body));
            }
            Ok(_) => {}
            Err(_) => stage.observer.straggles_until(Instant::now() + STRAGGLING),
        }
    }

    /// The process ends here: nothing after this is ever polled again.
    async fn crash(&self) -> Result<Response, TransportError> {
        on(&self.stage).crashed.notify_one();
        std::future::pending().await
    }
}

impl Transport for Wire {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        Box::pin(self.pass(request))
    }
}

/// Collections write by PATCH, or by POST without an object behind; everything else reads.
fn is_write(request: &Request) -> bool {
    request.method == Method::PATCH
        || (request.method == Method::POST && request.url.path().ends_with("composite/sobjects"))
}

/// Opens a new session whenever the old one is refused, as a login with a refresh token does.
pub(super) struct Renewing {
    org: SharedOrg,
    token: Mutex<SecretString>,
}

impl Renewing {
    pub(super) fn new(org: &SharedOrg) -> Self {
        let token = SecretString::from(announce(&mut lock(org)).access_token);
        Self { org: Arc::clone(org), token: Mutex::new(token) }
    }

    fn token(&self) -> MutexGuard<'_, SecretString> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Token<'a> = Pin<Box<dyn Future<Output = Result<SecretString, AuthError>> + Send + 'a>>;

impl TokenSource for Renewing {
    fn access_token(&self) -> Token<'_> {
        Box::pin(async move { Ok(self.token().clone()) })
    }

    fn refresh<'a>(&'a self, _stale: &'a SecretString) -> Token<'a> {
        Box::pin(async move {
            let fresh = SecretString::from(announce(&mut lock(&self.org)).access_token);
            *self.token() = fresh.clone();
            Ok(fresh)
        })
    }
}
