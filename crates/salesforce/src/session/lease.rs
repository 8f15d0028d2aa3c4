//! The one right to refresh a grant, held by at most one session of all processes.

use std::any::Any;
use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use crate::error::AuthError;
use crate::session::SessionStore;

/// How long somebody else's refresh is waited for: the token endpoint's time limit and two keychain prompts.
pub const LEASE_PATIENCE: Duration = Duration::from_secs(70);
/// Between two looks at the lease. A refresh takes some tenths of a second, so this adds little to it.
const LEASE_PAUSE: Duration = Duration::from_millis(100);

/// The right to refresh; it ends when this is dropped.
pub struct RefreshLease {
    _held: Box<dyn Any + Send>,
}

impl RefreshLease {
    /// Wraps whatever holds the lease (a locked file), which lets go of it when dropped.
    pub fn new(held: impl Any + Send) -> Self {
        Self { _held: Box::new(held) }
    }
}

impl fmt::Debug for RefreshLease {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RefreshLease")
    }
}

/// Waits for the lease: also what a new login takes before it stores its tokens, so that no refresh under way stores the
/// old grant's over them.
///
/// # Errors
/// [`AuthError::RefreshElsewhere`] after [`LEASE_PATIENCE`]; [`AuthError::Store`].
pub async fn lease(store: &dyn SessionStore) -> Result<RefreshLease, AuthError> {
    let deadline = Instant::now() + LEASE_PATIENCE;
    loop {
        if let Some(lease) = store.try_lease()? {
            return Ok(lease);
        }
        if Instant::now() >= deadline {
            return Err(AuthError::RefreshElsewhere);
        }
        tokio::time::sleep(LEASE_PAUSE).await;
    }
}
