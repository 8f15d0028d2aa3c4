//! Sending one call: token, headers, time limit, one repeat when the org says the session is over, more where the policy says so.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::atomic::Ordering;
use tokio::time::Instant;
use url::Url;

use crate::client::Client;
use crate::error::{AuthError, Error, ErrorClass, OriginalBody, error_of_response};
use crate::governor::{CallCause, Repeat, Verdict};
use crate::soap::envelope;
use crate::transport::{NotSent, Request, Response, TransportError};

/// URI and headers together may have 16,384 bytes (wire reference 3); the token and our headers need about 2,000 of them.
pub(crate) const MAX_URL_BYTES: usize = 12_000;

const CALL_OPTIONS: HeaderName = HeaderName::from_static("sforce-call-options");

/// One call before it has token and host.
#[derive(Debug)]
pub(crate) struct Call {
    pub(super) method: Method,
    /// Path and query, or an address the org sent.
    pub(super) address: String,
    /// What logs show instead of the address, which can hold record values.
    pub(super) route: String,
    headers: HeaderMap,
    body: Bytes,
    /// Answered without a token (`/services/data`).
    anonymous: bool,
    /// The body of a SOAP call, which becomes whole with the session of the attempt.
    soap: Option<String>,
    /// What it is for; `None` leaves it to the client.
    cause: Option<CallCause>,
    pub(super) repeat: Repeat,
}

impl Call {
    pub(crate) fn new(
        method: Method,
        address: impl Into<String>,
        route: impl Into<String>,
    ) -> Self {
        let repeat = if method == Method::GET { Repeat::Freely } else { Repeat::OnlyIfNotActed };
        Self {
            method,
            address: address.into(),
            route: route.into(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            anonymous: false,
            soap: None,
            cause: None,
            repeat,
        }
    }

    pub(crate) fn get(address: impl Into<String>, route: impl Into<String>) -> Self {
        Self::new(Method::GET, address, route)
    }

    pub(crate) fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }

    /// Says what the call is for.
    pub(crate) fn caused_by(mut self, cause: CallCause) -> Self {
        self.cause = Some(cause);
        self
    }

    /// Says what happens when it is carried out twice; without it, only a GET may be.
    pub(crate) fn repeatable(mut self, repeat: Repeat) -> Self {
        self.repeat = repeat;
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Result<Self, Error> {
        let value = HeaderValue::from_str(value).map_err(|cause| Error::invalid(name, cause))?;
        let key = HeaderName::from_bytes(name.as_bytes());
        self.headers.insert(key.map_err(|cause| Error::invalid(name, cause))?, value);
        Ok(self)
    }

    /// Any body, with its content type.
    pub(crate) fn body(mut self, body: Bytes, content_type: &str) -> Result<Self, Error> {
        self.body = body;
        self.header("content-type", content_type)
    }

    /// A SOAP call's own part of the body.
    pub(crate) fn soap(mut self, body: String) -> Self {
        self.soap = Some(body);
        self
    }

    pub(crate) fn json(mut self, body: &impl Serialize) -> Result<Self, Error> {
        let encoded =
            serde_json::to_vec(body).map_err(|cause| Error::invalid(&self.route, cause))?;
        self.body = Bytes::from(encoded);
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(self)
    }
}

impl Client {
    /// Sends a call and reads its JSON answer.
    pub(crate) async fn fetch<T: DeserializeOwned>(&self, call: Call) -> Result<T, Error> {
        let route = call.route.clone();
        let response = self.send(call).await?;
        decode(&route, &response)
    }

    /// Sends a call; an answer outside 2xx is an error. What is sent again, and when, is the governor's decision.
    pub(crate) async fn send(&self, call: Call) -> Result<Response, Error> {
        let cause = self.cause_of(&call);
        let mut lost = false;
        let mut attempt = 1;
        loop {
            let error = match self.send_once(&call, cause).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            match self.retry.verdict(call.repeat, attempt, lost, &error) {
                Verdict::Again(pause) => self.pause(&call, cause, pause, &error).await,
                Verdict::Gone => return Ok(gone()),
                Verdict::GiveUp => return Err(error),
            }
            lost |= error.outcome_unknown();
            attempt += 1;
        }
    }

    /// What a call is booked under: what it says itself, what the client was made for, or what it looks like.
    pub(super) fn cause_of(&self, call: &Call) -> CallCause {
        call.cause.or(self.cause).unwrap_or_else(|| CallCause::of(&call.method, &call.route))
    }

    pub(super) async fn pause(
        &self,
        call: &Call,
        cause: CallCause,
        pause: Duration,
        error: &Error,
    ) {
        let pause = self.governor.spread(pause);
        let pause_ms = pause.as_millis();
        let (org, route) = (&self.settings.org, &call.route);
        tracing::info!(%org, %route, pause_ms, code = error.code(), "sent again after a pause");
        self.governor.repeated(cause);
        tokio::time::sleep(pause).await;
    }

    /// Refreshes the token and repeats once where the org asks for it.
    async fn send_once(&self, call: &Call, cause: CallCause) -> Result<Response, Error> {
        let url = self.url(&call.address)?;
        let _permit = self.governor.admit(cause).await?;
        let deadline = Instant::now() + self.settings.timeout;
        if call.anonymous {
            return self.attempt(call, &url, None, cause, deadline).await;
        }
        let token = self.shared.tokens.access_token().await?;
        let refused = match self.attempt(call, &url, Some(&token), cause, deadline).await {
            Err(error) if error.class() == ErrorClass::Reauthenticate => error,
            outcome => return outcome,
        };
        let fresh = self.fresh_token(call, &token, &refused).await?;
        still_refused(self.attempt(call, &url, Some(&fresh), cause, deadline).await)
    }

    /// A token in place of one that was refused.
    pub(super) async fn fresh_token(
        &self,
        call: &Call,
        stale: &SecretString,
        refused: &Error,
    ) -> Result<SecretString, Error> {
        tracing::info!(org = %self.settings.org, route = %call.route, code = refused.code(), "session refused");
        let fresh = self.shared.tokens.refresh(stale).await?;
        self.shared.refreshes.fetch_add(1, Ordering::Relaxed);
        Ok(fresh)
    }

    async fn attempt(
        &self,
        call: &Call,
        url: &Url,
        token: Option<&SecretString>,
        cause: CallCause,
        deadline: Instant,
    ) -> Result<Response, Error> {
        let started = Instant::now();
        let timeout = deadline.saturating_duration_since(started);
        let outcome = self.transmit(call, url, token, cause, timeout).await;
        self.log(call, outcome.as_ref().map(|response| response.status), started);
        let answered = outcome.map_err(Error::from).and_then(|response| {
            self.note(&response.headers, started.elapsed());
            if response.status.is_success() || response.status == StatusCode::NOT_MODIFIED {
                Ok(response)
            } else {
                Err(error_of_response(&response))
            }
        });
        answered.inspect_err(|error| self.governor.failed(cause, error))
    }

    pub(super) fn log(
        &self,
        call: &Call,
        outcome: Result<StatusCode, &TransportError>,
        started: Instant,
    ) {
        let duration_ms = started.elapsed().as_millis();
        let (org, method, route) = (&self.settings.org, &call.method, &call.route);
        match outcome {
            Ok(status) => {
                let status = status.as_u16();
                tracing::debug!(%org, %method, %route, status, duration_ms, "answered");
            }
            Err(cause) => tracing::warn!(%org, %method, %route, duration_ms, %cause, "no answer"),
        }
    }

    /// Books a request that is about to leave.
    pub(super) fn book(&self, cause: CallCause) {
        self.shared.calls.fetch_add(1, Ordering::Relaxed);
        self.governor.sent(cause);
    }

    async fn transmit(
        &self,
        call: &Call,
        url: &Url,
        token: Option<&SecretString>,
        cause: CallCause,
        timeout: Duration,
    ) -> Result<Response, TransportError> {
        let host = self.settings.instance_url.host().to_owned();
        if timeout.is_zero() {
            return Err(TransportError::NotSent { host, reason: NotSent::DeadlinePassed });
        }
        let headers = self.headers(call, token)?;
        let body = match (&call.soap, token) {
            (Some(soap), Some(token)) => envelope(soap, token, &clean_mark(&self.settings.mark)),
            _ => call.body.clone(),
        };
        let method = call.method.clone();
        let request = Request { method, url: url.clone(), headers, body, timeout };
        self.book(cause);
        // Enforced here too, so that the limit holds for every transport.
        match tokio::time::timeout(timeout, self.shared.transport.send(request)).await {
            Ok(outcome) => outcome,
            Err(_) => {
                Err(TransportError::Unknown { host, detail: "time limit reached".to_owned() })
            }
        }
    }

    pub(super) fn headers(
        &self,
        call: &Call,
        token: Option<&SecretString>,
    ) -> Result<HeaderMap, TransportError> {
        let malformed = |what: &str| TransportError::NotSent {
            host: self.settings.instance_url.host().to_owned(),
            reason: NotSent::Malformed(format!("{what} has characters that no header may have")),
        };
        let mut headers = call.headers.clone();
        headers.entry(ACCEPT).or_insert(HeaderValue::from_static("application/json"));
        let mark = HeaderValue::from_str(&format!("client={}", clean_mark(&self.settings.mark)));
        headers.insert(CALL_OPTIONS, mark.map_err(|_| malformed("the client mark"))?);
        if let Some(token) = token {
            let bearer = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()));
            let mut bearer = bearer.map_err(|_| malformed("the access token"))?;
            bearer.set_sensitive(true);
            headers.insert(AUTHORIZATION, bearer);
        }
        Ok(headers)
    }
}

/// A fresh token that is refused as well ends there: another refresh would bring no other answer.
pub(super) fn still_refused<T>(outcome: Result<T, Error>) -> Result<T, Error> {
    match outcome {
        Err(error) if error.class() == ErrorClass::Reauthenticate => {
            Err(AuthError::StillRefused { message: error.to_string() }.into())
        }
        outcome => outcome,
    }
}

/// What a delete answers, for one whose own answer was lost.
fn gone() -> Response {
    Response { status: StatusCode::NO_CONTENT, headers: HeaderMap::new(), body: Bytes::new() }
}

/// The mark as a header carries it: a comma or blank from a workspace's name would begin another option.
fn clean_mark(mark: &str) -> String {
    let kept =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    mark.chars().map(|character| if kept(character) { character } else { '-' }).collect()
}

/// Reads a JSON answer; a page of HTML under a success status is told apart from JSON of another shape.
pub(crate) fn decode<T: DeserializeOwned>(route: &str, response: &Response) -> Result<T, Error> {
    serde_json::from_slice(&response.body).map_err(|cause| unreadable(route, response, &cause))
}

/// The error of a body that is not what was expected.
pub(crate) fn unreadable(route: &str, response: &Response, cause: &serde_json::Error) -> Error {
    let first = response.body.iter().find(|byte| !byte.is_ascii_whitespace());
    if matches!(first, Some(b'{' | b'[')) {
        let body = OriginalBody::of(&response.body);
        return Error::Decode { call: route.to_owned(), reason: fault_of_json(cause), body };
    }
    error_of_response(response)
}

/// serde_json quotes the offending value in data errors; only the kind of the fault and its place are kept.
fn fault_of_json(cause: &serde_json::Error) -> String {
    let place = format!("line {} column {}", cause.line(), cause.column());
    if cause.is_eof() {
        return format!("it was cut and ends at {place}");
    }
    if cause.to_string().contains("recursion limit") {
        return format!("it is nested too deep at {place}");
    }
    format!("{:?} error at {place}", cause.classify())
}
