//! Our client before a served org, over real sockets.

use std::sync::Arc;

use isthmus_model::clock::Clock;
use isthmus_salesforce::session::{FixedToken, TokenSource};
use isthmus_salesforce::transport::ReqwestTransport;
use isthmus_salesforce::{Client, ClientSettings, OrgUrl};
use jiff::Timestamp;

/// The machine's clock, as the served org reads it.
pub struct MachineClock;

impl Clock for MachineClock {
    fn now(&self) -> Timestamp {
        orgsim::clock::Clock::now(&orgsim::clock::SystemClock)
    }
}

/// What every request leaves by.
///
/// # Panics
/// When the machine gives no transport.
#[must_use]
pub fn transport() -> Arc<ReqwestTransport> {
    Arc::new(ReqwestTransport::new().expect("a transport"))
}

/// A client with a session that is there already.
///
/// # Panics
/// When the address is none that may be given a token.
#[must_use]
pub fn client(instance_url: &str, token: &str) -> Client {
    client_with(instance_url, Arc::new(FixedToken(token.to_owned().into())))
}

/// A client with tokens from elsewhere.
///
/// # Panics
/// When the address is none that may be given a token.
pub fn client_with(instance_url: &str, tokens: Arc<dyn TokenSource>) -> Client {
    let address = OrgUrl::parse(instance_url).expect("a loopback address");
    let settings = ClientSettings::new("sales", address, "Isthmus-test");
    Client::new(settings, transport(), tokens, Arc::new(MachineClock))
}
