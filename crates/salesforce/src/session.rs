//! The current token of one org: refreshed by one caller at a time, stored durably before it is used.
//!
//! With refresh token rotation every refresh kills the old refresh token, and presenting a dead one kills the living
//! (wire reference 2.3). So a refresh
//!
//! 1. holds a lease that no other process or session has ([`SessionStore::try_lease`]), and reads the store again under
//!    it: whoever comes second finds the new token and sends nothing;
//! 2. leaves a durable mark ([`RefreshMark`]) before its request, so that the next process knows of a refresh that was
//!    cut off;
//! 3. runs to its end even when its caller goes away, and stores its new token before anybody gets it.
//!
//! After a crash the order is: the access token that is stored; then the refresh token that is stored, once more (without
//! rotation it lives, and with it nobody holds a younger one); then the person. A token that was refused is never
//! presented again, by whatever process.

mod lease;
mod mark;
mod refresh;
mod renewal;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::future::BoxFuture;
use isthmus_model::ids::OrgId;
use secrecy::SecretString;

use crate::error::AuthError;
use crate::host::OrgUrl;
use crate::oauth::OAuthApp;
use crate::session::refresh::Shared;
use crate::transport::Transport;

pub use crate::session::lease::{LEASE_PATIENCE, RefreshLease, lease};
pub use crate::session::mark::{RefreshMark, RefreshState, TokenDigest};
pub use crate::session::renewal::Renewal;

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
    /// Brings the next access token; `None` for a session taken as it is, or one that needs none to be renewed.
    pub refresh_token: Option<SecretString>,
    /// The only base address for data calls.
    pub instance_url: OrgUrl,
}

/// The durable home of one org's tokens (the OS keychain), shared by everything that uses this org's grant.
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

    /// Takes the one right to refresh this org's grant; `None` while somebody else has it, in this process or another.
    /// A process that ends, however it ends, lets go of it.
    ///
    /// # Errors
    /// [`StoreError`] when the lease cannot be looked at.
    fn try_lease(&self) -> Result<Option<RefreshLease>, StoreError>;

    /// The mark of the last refresh that did not end well; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn mark(&self) -> Result<Option<RefreshMark>, StoreError>;

    /// Keeps a mark over an earlier one, or clears it; returns only when that is durable.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be kept.
    fn set_mark(&self, mark: Option<&RefreshMark>) -> Result<(), StoreError>;
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
        Self::renewed_by(Renewal::RefreshToken, transport, store, app, org)
    }

    /// A session that gets its tokens in another way than by a refresh token. Where nothing is stored yet, the first
    /// token is asked for at once: no person is needed for it.
    #[must_use]
    pub fn renewed_by(
        renewal: Renewal,
        transport: Arc<dyn Transport>,
        store: Arc<dyn SessionStore>,
        app: OAuthApp,
        org: OrgId,
    ) -> Self {
        Self { shared: Arc::new(Shared::new(renewal, transport, store, app, org)) }
    }

    /// How many refreshes were sent since this session was made.
    #[must_use]
    pub fn refreshes(&self) -> u64 {
        self.shared.attempts.load(Ordering::Relaxed)
    }

    /// In a task of its own: a caller that is cancelled must not cut a refresh between the org's answer and our store.
    async fn renew(&self, stale: Option<SecretString>) -> Result<SecretString, AuthError> {
        let shared = Arc::clone(&self.shared);
        let seen = shared.attempts.load(Ordering::Relaxed);
        let refreshing =
            tokio::spawn(async move { shared.refresh_once(stale.as_ref(), seen).await });
        refreshing.await.map_err(|cause| AuthError::Interrupted(cause.to_string()))?
    }
}

impl TokenSource for Session {
    fn access_token(&self) -> BoxFuture<'_, Result<SecretString, AuthError>> {
        Box::pin(async move {
            match self.shared.held().await {
                Err(AuthError::NotConnected) if self.shared.renewal.needs_no_person() => {
                    self.renew(None).await
                }
                held => Ok(held?.access_token),
            }
        })
    }

    fn refresh<'a>(
        &'a self,
        stale: &'a SecretString,
    ) -> BoxFuture<'a, Result<SecretString, AuthError>> {
        Box::pin(self.renew(Some(stale.clone())))
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

#[cfg(test)]
mod tests;
