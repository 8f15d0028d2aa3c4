//! Orgs in this process: a transport that hands requests to an org's router, and a clock that follows tokio's.

use std::sync::{Arc, Mutex, PoisonError};

use isthmus_model::clock::Clock;
use isthmus_model::ids::{OrgId, RecordId};
use isthmus_salesforce::transport::{NotSent, Request, Response};
use isthmus_salesforce::{Transport, TransportError};
use isthmus_store::{ClientSecret, OrgEnvironment, OrgRow};
use jiff::{SignedDuration, Timestamp};
use orgsim::router::{Lost, SharedOrg, answer};

/// Hands each request to one org's router and writes it down with its answer.
pub struct InProcess {
    org: SharedOrg,
    log: Arc<Mutex<Vec<String>>>,
}

impl InProcess {
    /// A transport to one org.
    #[must_use]
    pub fn new(org: SharedOrg, log: Arc<Mutex<Vec<String>>>) -> Self {
        Self { org, log }
    }

    fn note(&self, line: String) {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    async fn hand_over(&self, request: Request) -> Result<Response, TransportError> {
        let host = request.url.host_str().unwrap_or_default().to_owned();
        let told = format!(
            "{} {} {}",
            request.method,
            request.url,
            String::from_utf8_lossy(&request.body)
        );
        let mut builder = http::Request::builder().method(request.method).uri(request.url.as_str());
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let wrapped = builder.body(request.body).map_err(|error| TransportError::NotSent {
            host: host.clone(),
            reason: NotSent::Malformed(error.to_string()),
        })?;
        let outcome = tokio::time::timeout(request.timeout, answer(&self.org, wrapped)).await;
        let unknown = |detail: &str| TransportError::Unknown {
            host: host.clone(),
            detail: detail.to_owned(),
        };
        let result = match outcome {
            Err(_) => Err(unknown("timed out")),
            Ok(Err(lost @ (Lost::Request | Lost::Reply | Lost::Body(_)))) => {
                Err(unknown(&lost.to_string()))
            }
            Ok(Ok(response)) => {
                let (parts, body) = response.into_parts();
                Ok(Response { status: parts.status, headers: parts.headers, body })
            }
        };
        self.note(format!("{told} -> {}", describe(&result)));
        result
    }
}

impl Transport for InProcess {
    fn send(
        &self,
        request: Request,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + '_>> {
        Box::pin(self.hand_over(request))
    }
}

/// Reads `start` when it is made and moves with tokio's clock, paused or not.
#[derive(Debug)]
pub struct TestClock {
    start: Timestamp,
    origin: tokio::time::Instant,
}

impl TestClock {
    /// Must be called inside a tokio runtime.
    #[must_use]
    pub fn starting_at(start: Timestamp) -> Self {
        Self { start, origin: tokio::time::Instant::now() }
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let elapsed =
            SignedDuration::try_from(self.origin.elapsed()).unwrap_or(SignedDuration::MAX);
        self.start.saturating_add(elapsed).unwrap_or(Timestamp::MAX)
    }
}

/// A ledger's row for an org that a test connected by itself.
///
/// # Panics
/// Never: the user id is a valid one.
#[must_use]
pub fn org_row(org: OrgId, name: &str, at: Timestamp) -> OrgRow {
    OrgRow {
        org_id: org,
        name: name.to_owned(),
        label: name.to_owned(),
        environment: OrgEnvironment::Custom,
        login_url: "http://localhost".to_owned(),
        instance_url: "http://localhost".to_owned(),
        api_version: "65.0".to_owned(),
        user_id: RecordId::parse("005000000000001").expect("a valid id"),
        username: format!("integration@{name}.example"),
        client_id: None,
        client_secret: ClientSecret::None,
        connected_at: at,
        disconnected_at: None,
        last_login_trace: None,
        clock_offset_ms: None,
    }
}

fn describe(result: &Result<Response, TransportError>) -> String {
    match result {
        Ok(response) => format!("{} {}", response.status, String::from_utf8_lossy(&response.body)),
        Err(error) => error.to_string(),
    }
}
