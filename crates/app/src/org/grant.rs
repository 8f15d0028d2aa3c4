//! A grant between its making and its keeping: given back when the login is dropped there.

use std::sync::Arc;

use isthmus_salesforce::Transport;
use isthmus_salesforce::oauth::{Grant, OAuthApp, revoke};
use secrecy::SecretString;
use tokio::runtime::Handle;

/// A grant that belongs to nobody yet.
pub(super) struct GivenGrant(Option<Owed>);

struct Owed {
    transport: Arc<dyn Transport>,
    app: OAuthApp,
    token: SecretString,
}

impl GivenGrant {
    pub(super) fn new(transport: &Arc<dyn Transport>, app: &OAuthApp, grant: &Grant) -> Self {
        let tokens = &grant.tokens;
        let token = tokens.refresh_token.as_ref().unwrap_or(&tokens.access_token).clone();
        Self(Some(Owed { transport: Arc::clone(transport), app: app.clone(), token }))
    }

    /// The grant was kept, or is given back by whoever learned why it was not.
    pub(super) fn settle(mut self) {
        self.0 = None;
    }
}

impl Drop for GivenGrant {
    /// The login was cancelled while it asked who is logged in. Nobody waits any more: the org is told beside.
    fn drop(&mut self) {
        let (Some(owed), Ok(runtime)) = (self.0.take(), Handle::try_current()) else { return };
        runtime.spawn(async move {
            let given_back = revoke(owed.transport.as_ref(), &owed.app, &owed.token).await;
            if let Err(error) = given_back {
                tracing::warn!(code = error.code(), "the grant of a cancelled login still stands");
            }
        });
    }
}
