//! One refresh: lease, mark, request, store; then the token.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use isthmus_model::ids::OrgId;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use crate::error::AuthError;
use crate::oauth::diagnosis::Diagnosis;
use crate::oauth::{Grant, OAuthApp, refresh};
use crate::session::lease::{RefreshLease, lease};
use crate::session::mark::{RefreshMark, RefreshState, TokenDigest};
use crate::session::renewal::Renewal;
use crate::session::{SessionStore, Tokens};
use crate::transport::{Transport, TransportError};

pub(super) struct Shared {
    pub(super) renewal: Renewal,
    transport: Arc<dyn Transport>,
    store: Arc<dyn SessionStore>,
    app: OAuthApp,
    pub(super) org: OrgId,
    state: Mutex<State>,
    /// Refreshes tried so far. A caller that waited while it moved shares that refresh's result.
    pub(super) attempts: AtomicU64,
}

#[derive(Default)]
struct State {
    tokens: Option<Tokens>,
    /// The last refresh's failure; a terminal one is given to every later caller without a request.
    failure: Option<AuthError>,
    /// Tokens the org gave but the store did not take: stored first by the next caller, since the old ones may be dead.
    /// The lease stays with them: another process would find the old token and present it.
    unsaved: Option<(Tokens, RefreshLease)>,
}

impl Shared {
    pub(super) fn new(
        renewal: Renewal,
        transport: Arc<dyn Transport>,
        store: Arc<dyn SessionStore>,
        app: OAuthApp,
        org: OrgId,
    ) -> Self {
        let (state, attempts) = (Mutex::new(State::default()), AtomicU64::new(0));
        Self { renewal, transport, store, app, org, state, attempts }
    }

    /// The tokens held, read from the store by the first caller.
    pub(super) async fn held(&self) -> Result<Tokens, AuthError> {
        let mut state = self.state.lock().await;
        self.current(&mut state)?.ok_or(AuthError::NotConnected)
    }

    fn current(&self, state: &mut State) -> Result<Option<Tokens>, AuthError> {
        if state.tokens.is_none() {
            state.tokens = self.store.load()?;
        }
        Ok(state.tokens.clone())
    }

    /// Refreshes unless somebody else did since the caller was refused. `stale` is `None` for the very first token.
    pub(super) async fn refresh_once(
        &self,
        stale: Option<&SecretString>,
        seen: u64,
    ) -> Result<SecretString, AuthError> {
        let mut state = self.state.lock().await;
        let held = self.current(&mut state)?;
        if let Some(other) = other_than(held.as_ref(), stale) {
            return Ok(other);
        }
        let leased = match state.unsaved.take() {
            Some(unsaved) => Leased::Unsaved(unsaved),
            None => Leased::Free(lease(self.store.as_ref()).await?),
        };
        // Another process may have refreshed, or a new login replaced what this session holds.
        let stored = match self.store.load() {
            Ok(stored) => stored,
            Err(failure) => {
                leased.keep_in(&mut state);
                return Err(failure.into());
            }
        };
        if let Some(token) = other_than(stored.as_ref(), stale) {
            *state = State { tokens: stored, ..State::default() };
            return Ok(token);
        }
        let waited = self.attempts.load(Ordering::Relaxed) != seen;
        if let (Some(failure), Leased::Free(_)) = (&state.failure, &leased)
            && (waited || failure.is_terminal())
        {
            return Err(failure.clone());
        }
        let outcome = self.renew(&mut state, leased, stored).await;
        state.failure = outcome.as_ref().err().cloned();
        outcome
    }

    /// Gets new tokens and stores them; only then may anybody use them.
    async fn renew(
        &self,
        state: &mut State,
        leased: Leased,
        stored: Option<Tokens>,
    ) -> Result<SecretString, AuthError> {
        let (fresh, lease) = match leased {
            Leased::Unsaved(unsaved) => unsaved,
            Leased::Free(lease) => (self.ask(stored).await?, lease),
        };
        if let Err(failure) = self.store.save(&fresh) {
            state.unsaved = Some((fresh, lease));
            return Err(failure.into());
        }
        if let Err(failure) = self.store.set_mark(None) {
            // A mark that stays does no harm: it is about the old token, or the token lives and is presented once more.
            tracing::warn!(org = %self.org, %failure, "the mark of a refresh that went well was not cleared");
        }
        let token = fresh.access_token.clone();
        state.tokens = Some(fresh);
        Ok(token)
    }

    /// Asks the org for new tokens; without rotation its answer leaves the refresh token out and the old one stays.
    async fn ask(&self, stored: Option<Tokens>) -> Result<Tokens, AuthError> {
        if let Some(minted) = self.renewal.mint(self.transport.as_ref(), &self.app).await {
            self.attempts.fetch_add(1, Ordering::Relaxed);
            return Ok(self.checked(minted?)?.tokens);
        }
        let held = stored.ok_or(AuthError::NotConnected)?;
        let refresh_token = held.refresh_token.ok_or(AuthError::NoRefreshToken)?;
        let grant = self.present(&refresh_token).await?;
        let rotated = grant.tokens.refresh_token.is_some();
        tracing::info!(org = %self.org, rotated, "session refreshed");
        let kept = grant.tokens.refresh_token.or(Some(refresh_token));
        Ok(Tokens { refresh_token: kept, ..grant.tokens })
    }

    /// Presents a refresh token, with a mark before and what became of it after.
    async fn present(&self, refresh_token: &SecretString) -> Result<Grant, AuthError> {
        let digest = TokenDigest::of(refresh_token);
        let earlier = self.store.mark()?.filter(|mark| mark.token == digest);
        if let Some(refused) = earlier.as_ref().and_then(|mark| mark.state.refusal()) {
            return Err(refused);
        }
        let cut_off = earlier.is_some_and(|mark| mark.state == RefreshState::InFlight);
        if cut_off {
            tracing::warn!(org = %self.org, "an earlier refresh was cut off; its token is presented once more");
        } else {
            self.store.set_mark(Some(&RefreshMark::in_flight(digest.clone())))?;
        }
        self.attempts.fetch_add(1, Ordering::Relaxed);
        let answer = refresh(self.transport.as_ref(), &self.app, refresh_token).await;
        match answer {
            Ok(grant) => self.checked(grant),
            Err(failure) => Err(self.conclude(digest, failure, cut_off)),
        }
    }

    fn checked(&self, grant: Grant) -> Result<Grant, AuthError> {
        if grant.org_id == self.org {
            Ok(grant)
        } else {
            Err(AuthError::OtherOrg { pinned: self.org, answered: grant.org_id })
        }
    }

    /// Keeps of a failed refresh what the next process has to know.
    fn conclude(&self, token: TokenDigest, failure: AuthError, cut_off: bool) -> AuthError {
        let (mark, failure) = match failure {
            AuthError::Refused(said) if is_about_the_token(&said) => {
                let mark = RefreshMark::refused(token, &said, cut_off);
                let told =
                    if cut_off { AuthError::RefreshCutOff(said) } else { AuthError::Refused(said) };
                (Some(mark), told)
            }
            // Refused for another reason, or never sent: nothing was rotated, and the token may be presented again.
            failure if !cut_off && rotated_nothing(&failure) => (None, failure),
            // The answer was lost: the mark stays as it is.
            failure => return failure,
        };
        if let Err(cause) = self.store.set_mark(mark.as_ref()) {
            tracing::warn!(org = %self.org, %cause, "what became of a refresh was not kept");
        }
        failure
    }
}

enum Leased {
    Free(RefreshLease),
    Unsaved((Tokens, RefreshLease)),
}

impl Leased {
    /// Tokens that are stored nowhere yet must outlive a keychain that fails.
    fn keep_in(self, state: &mut State) {
        if let Self::Unsaved(unsaved) = self {
            state.unsaved = Some(unsaved);
        }
    }
}

/// True when the org certainly left the token as it is.
fn rotated_nothing(failure: &AuthError) -> bool {
    match failure {
        AuthError::Refused(said) => said.terminal,
        AuthError::Transport(cause) => matches!(cause, TransportError::NotSent { .. }),
        _ => false,
    }
}

/// True when the refusal means that this very token is dead; others (an inactive user, a blocked app) can be cured
/// without a new login.
fn is_about_the_token(said: &Diagnosis) -> bool {
    said.code == "invalid_grant" && said.description.to_lowercase().contains("token")
}

/// A token other than the stale one.
fn other_than(tokens: Option<&Tokens>, stale: Option<&SecretString>) -> Option<SecretString> {
    let token = &tokens?.access_token;
    let same = stale.is_some_and(|stale| stale.expose_secret() == token.expose_secret());
    (!same).then(|| token.clone())
}
