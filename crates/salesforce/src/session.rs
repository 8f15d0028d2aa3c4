//! The current token of one org: refreshed by one caller at a time, stored durably before it is used.
//!
//! With refresh token rotation every refresh kills the old refresh token, and presenting a dead one kills the living
//! (wire reference 2.3). So a refresh runs to its end even when its caller goes away, and its new token is stored
//! before anybody gets it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future::BoxFuture;
use isthmus_model::ids::OrgId;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use crate::error::AuthError;
use crate::host::OrgUrl;
use crate::oauth::{OAuthApp, refresh};
use crate::transport::Transport;

/// Where a client takes its tokens from.
pub trait TokenSource: Send + Sync {
    /// The token to send now.
    ///
    /// # Errors
    /// [`AuthError`] when there is none: a person has to log in.
    fn access_token(&self) -> BoxFuture<'_, Result<SecretString, AuthError>>;

    /// A token other than `stale`, which the org has refused. Many callers at once lead to one refresh.
    ///
    /// # Errors
    /// [`AuthError`] when none can be had.
    fn refresh<'a>(
        &'a self,
        stale: &'a SecretString,
    ) -> BoxFuture<'a, Result<SecretString, AuthError>>;
}

/// What a login or a refresh brought. `Debug` shows no token.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Sent with each call.
    pub access_token: SecretString,
    /// Brings the next access token; `None` for a session taken as it is.
    pub refresh_token: Option<SecretString>,
    /// The only base address for data calls.
    pub instance_url: OrgUrl,
}

/// The durable home of one org's tokens (the OS keychain).
pub trait SessionStore: Send + Sync {
    /// Reads the tokens; `None` when the org is not connected.
    ///
    /// # Errors
    /// [`StoreError`] when the keychain cannot be read.
    fn load(&self) -> Result<Option<Tokens>, StoreError>;

    /// Stores the tokens and returns only when they are durable: they are used right after.
    ///
    /// # Errors
    /// [`StoreError`] when they could not be stored.
    fn save(&self, tokens: &Tokens) -> Result<(), StoreError>;
}

/// The keychain's failure, in its own words (with the remedy).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct StoreError(pub String);

/// The tokens of one connected org.
#[derive(Clone)]
pub struct Session {
    shared: Arc<Shared>,
}

struct Shared {
    transport: Arc<dyn Transport>,
    store: Arc<dyn SessionStore>,
    app: OAuthApp,
    org: OrgId,
    state: Mutex<State>,
    /// Refreshes tried so far. A caller that waited while it moved shares that refresh's result.
    attempts: AtomicU64,
}

#[derive(Default)]
struct State {
    tokens: Option<Tokens>,
    /// The last refresh's failure; a terminal one is given to every later caller without a request.
    failure: Option<AuthError>,
    /// Tokens the org gave but the store did not take: stored first by the next caller, since the old ones may be dead.
    unsaved: Option<Tokens>,
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Session({})", self.shared.org)
    }
}

impl Session {
    /// A session over stored tokens. `org` is the pinned organization: a refresh that answers for another one is refused.
    #[must_use]
    pub fn new(
        transport: Arc<dyn Transport>,
        store: Arc<dyn SessionStore>,
        app: OAuthApp,
        org: OrgId,
    ) -> Self {
        let state = Mutex::new(State::default());
        let attempts = AtomicU64::new(0);
        Self { shared: Arc::new(Shared { transport, store, app, org, state, attempts }) }
    }

    /// How many refreshes were sent since this session was made.
    #[must_use]
    pub fn refreshes(&self) -> u64 {
        self.shared.attempts.load(Ordering::Relaxed)
    }
}

impl TokenSource for Session {
    fn access_token(&self) -> BoxFuture<'_, Result<SecretString, AuthError>> {
        Box::pin(async move {
            let mut state = self.shared.state.lock().await;
            Ok(self.shared.current(&mut state)?.access_token)
        })
    }

    fn refresh<'a>(
        &'a self,
        stale: &'a SecretString,
    ) -> BoxFuture<'a, Result<SecretString, AuthError>> {
        let (shared, stale) = (Arc::clone(&self.shared), stale.clone());
        let seen = self.shared.attempts.load(Ordering::Relaxed);
        Box::pin(async move {
            // A task of its own: a caller that is cancelled must not cut a refresh between the org's answer and our store.
            let refreshing = tokio::spawn(async move { shared.refresh_once(&stale, seen).await });
            refreshing.await.map_err(|cause| AuthError::Interrupted(cause.to_string()))?
        })
    }
}

impl Shared {
    fn current(&self, state: &mut State) -> Result<Tokens, AuthError> {
        if state.tokens.is_none() {
            state.tokens = self.store.load()?;
        }
        state.tokens.clone().ok_or(AuthError::NotConnected)
    }

    /// Refreshes unless somebody else did since the caller was refused.
    async fn refresh_once(
        &self,
        stale: &SecretString,
        seen: u64,
    ) -> Result<SecretString, AuthError> {
        let mut state = self.state.lock().await;
        let held = self.current(&mut state)?;
        if held.access_token.expose_secret() != stale.expose_secret() {
            return Ok(held.access_token);
        }
        // A new login may have replaced what this session holds.
        if let Some(stored) = self.store.load()?
            && stored.access_token.expose_secret() != stale.expose_secret()
        {
            let token = stored.access_token.clone();
            *state = State { tokens: Some(stored), ..State::default() };
            return Ok(token);
        }
        let waited = self.attempts.load(Ordering::Relaxed) != seen;
        if let Some(failure) = &state.failure
            && (waited || failure.is_terminal())
        {
            return Err(failure.clone());
        }
        let outcome = self.renew(&mut state, held).await;
        state.failure = outcome.as_ref().err().cloned();
        outcome
    }

    /// Gets new tokens and stores them; only then may anybody use them.
    async fn renew(&self, state: &mut State, held: Tokens) -> Result<SecretString, AuthError> {
        let fresh = match state.unsaved.take() {
            Some(unsaved) => unsaved,
            None => self.ask(held).await?,
        };
        if let Err(failure) = self.store.save(&fresh) {
            state.unsaved = Some(fresh);
            return Err(failure.into());
        }
        let token = fresh.access_token.clone();
        state.tokens = Some(fresh);
        Ok(token)
    }

    /// Asks the org for new tokens; without rotation its answer leaves the refresh token out and the old one stays.
    async fn ask(&self, held: Tokens) -> Result<Tokens, AuthError> {
        let refresh_token = held.refresh_token.as_ref().ok_or(AuthError::NoRefreshToken)?;
        self.attempts.fetch_add(1, Ordering::Relaxed);
        let grant = refresh(self.transport.as_ref(), &self.app, refresh_token).await?;
        if grant.org_id != self.org {
            return Err(AuthError::OtherOrg { pinned: self.org, answered: grant.org_id });
        }
        let rotated = grant.tokens.refresh_token.is_some();
        tracing::info!(org = %self.org, rotated, "session refreshed");
        let kept = grant.tokens.refresh_token.or(held.refresh_token);
        Ok(Tokens { refresh_token: kept, ..grant.tokens })
    }
}

/// One token that nobody can refresh: a session handed over as it is (`--access-token-stdin`).
#[derive(Debug, Clone)]
pub struct FixedToken(pub SecretString);

impl TokenSource for FixedToken {
    fn access_token(&self) -> BoxFuture<'_, Result<SecretString, AuthError>> {
        Box::pin(async move { Ok(self.0.clone()) })
    }

    fn refresh<'a>(
        &'a self,
        _stale: &'a SecretString,
    ) -> BoxFuture<'a, Result<SecretString, AuthError>> {
        Box::pin(async move { Err(AuthError::NoRefreshToken) })
    }
}
