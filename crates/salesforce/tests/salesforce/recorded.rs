//! Recorded answers of the real service. They are not part of the project: where they are missing, each test says so.

mod details;
mod every;
mod exchange;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{HeaderMap, StatusCode};
use isthmus_model::clock::Clock;
use isthmus_salesforce::session::FixedToken;
use isthmus_salesforce::transport::{Request, Response, Transport, TransportError};
use isthmus_salesforce::{Client, ClientSettings, OrgUrl};
use jiff::Timestamp;

use crate::recorded::exchange::exchanges;

/// The body of a recording: JSON files as they are, the one exchange of a YAML file, or the nth of several.
fn recording(file: &str, nth: usize) -> Option<String> {
    let path = folder()?.join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    if path.extension().is_some_and(|extension| extension == "json") {
        return Some(text);
    }
    Some(exchanges(&text).swap_remove(nth).answer)
}

fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("ISTHMUS_FIXTURES").map(PathBuf::from);
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures");
    let folder = given.unwrap_or_else(|| PathBuf::from(beside));
    if folder.is_dir() {
        return Some(folder);
    }
    let warning = "SKIPPED: no recorded answers found; set ISTHMUS_FIXTURES to their folder\n";
    std::io::stderr().write_all(warning.as_bytes()).unwrap();
    None
}

/// Gives the same recorded answer to every request.
struct Recorded {
    status: u16,
    body: String,
}

impl Transport for Recorded {
    fn send(&self, _request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let status = StatusCode::from_u16(self.status).unwrap();
        let body = Bytes::from(self.body.clone());
        Box::pin(async move { Ok(Response { status, headers: HeaderMap::new(), body }) })
    }
}

struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

fn client(status: u16, body: String) -> Client {
    let settings = ClientSettings::new(
        "recorded",
        OrgUrl::parse("https://orgname.my.salesforce.com").unwrap(),
        "Isthmus-test",
    );
    let transport = Arc::new(Recorded { status, body });
    let token = Arc::new(FixedToken("token".to_owned().into()));
    Client::new(settings, transport, token, Arc::new(StandingClock))
}
