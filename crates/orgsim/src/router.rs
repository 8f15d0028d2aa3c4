//! HTTP in front of an org: finds the resource, checks the session, counts the call, lets faults happen.
//!
//! [`answer`] is the whole org as one function and needs no socket; [`router`] is the same behind axum, for the server
//! and for `tower::ServiceExt::oneshot`. A request is executed in one go under the org's lock, so answers are in order.

pub(crate) mod data;
pub(crate) mod reply;
pub(crate) mod request;
mod unexecuted;

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use futures_util::StreamExt as _;
use jiff::{SignedDuration, Timestamp};

use crate::faults::{Fate, Moment, Revocation, Verdict};
use crate::org::Org;
use crate::router::reply::{Payload, Reply};
use crate::router::request::Request;
use crate::{bulk, bulk_v1, control, oauth, soap, state};

/// One org that several connections share.
pub type SharedOrg = Arc<Mutex<Org>>;

/// A body larger than this is refused; Salesforce takes 150 MB at most, for Bulk uploads.
const BODY_MAX_BYTES: usize = 150 * 1024 * 1024;

/// Why a request has no whole answer: the connection ended, as a fault wanted.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Lost {
    /// The request was not executed.
    #[error("the connection ended before the request was executed")]
    Request,
    /// The request was executed and committed.
    #[error("the connection ended after the request was executed and before the answer")]
    Reply,
    /// The request was executed, and this is as much of the answer as arrived: half of the body.
    #[error("the connection ended in the middle of the answer's body")]
    Body(Box<http::Response<Bytes>>),
}

/// Marks a response of [`router`] in its extensions: the server must end the connection instead of sending it.
#[derive(Debug, Clone, Copy)]
pub struct NoAnswer;

/// The org behind axum, usable with and without a socket.
pub fn router(org: SharedOrg) -> Router {
    Router::new().fallback(serve_one).with_state(org)
}

/// Answers one request in-process.
///
/// Delays wait on tokio's clock. A caller that drops the future does not stop the request, as a client that hangs up
/// does not stop a server: a delayed request goes on in a task of its own.
///
/// # Errors
/// [`Lost`] when a fault ends the connection.
pub async fn answer(
    org: &SharedOrg,
    request: http::Request<Bytes>,
) -> Result<http::Response<Bytes>, Lost> {
    Ok(answer_in_pieces(org, request).await?.map(Payload::whole))
}

/// Like [`answer`], with bodies that are made while they are sent.
async fn answer_in_pieces(
    org: &SharedOrg,
    request: http::Request<Bytes>,
) -> Result<http::Response<Payload>, Lost> {
    let request = match Request::read(request) {
        Ok(request) => request,
        Err(refused) => return Ok(refused.map(Payload::Whole)),
    };
    if request.segments.first().is_some_and(|first| first == control::PREFIX) {
        let mut org = lock(org);
        bulk::catch_up(&mut org);
        let reply = control::respond(&mut org, &request);
        let reply = state::write_down(&mut org).map_or_else(|error| not_kept(&error), |()| reply);
        return Ok(reply.into_payload(&request));
    }
    let verdict = lock(org).faults.judge(&request.call());
    if verdict.is_immediate() {
        return execute(org, &request, &verdict);
    }
    let carried_out = tokio::spawn(carry_out(Arc::clone(org), request, verdict)).await;
    carried_out.unwrap_or(Err(Lost::Reply))
}

/// Locks an org. A test that panicked while it held the lock leaves a state that can still be looked at.
pub fn lock(org: &SharedOrg) -> MutexGuard<'_, Org> {
    org.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve_one(
    State(org): State<SharedOrg>,
    request: axum::extract::Request,
) -> axum::response::Response {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let cut = lock(&org).faults.take_request_cut(head.method.as_str(), path);
    if let Some(bytes) = cut {
        receive(body, bytes).await;
        return no_answer();
    }
    let Ok(body) = to_bytes(body, BODY_MAX_BYTES).await else {
        return (http::StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large").into_response();
    };
    match answer_in_pieces(&org, http::Request::from_parts(head, body)).await {
        Ok(response) => response.map(|payload| match payload {
            Payload::Whole(body) => Body::from(body),
            Payload::Pieces(pieces) => {
                Body::from_stream(futures_util::stream::iter(pieces.map(Ok::<_, Infallible>)))
            }
        }),
        Err(Lost::Body(response)) => broken(*response),
        Err(Lost::Request | Lost::Reply) => no_answer(),
    }
}

fn no_answer() -> axum::response::Response {
    let mut response = http::StatusCode::BAD_GATEWAY.into_response();
    response.extensions_mut().insert(NoAnswer);
    response
}

/// Reads so many bytes of a body, or all of a shorter one, and leaves the rest unread.
async fn receive(body: Body, bytes: usize) {
    let mut stream = body.into_data_stream();
    let mut received = 0;
    while received < bytes {
        match stream.next().await {
            Some(Ok(chunk)) => received += chunk.len(),
            _ => break,
        }
    }
}

/// A response whose body ends with an error after what is there.
fn broken(response: http::Response<Bytes>) -> axum::response::Response {
    let (head, part) = response.into_parts();
    let pieces = [Ok(part), Err(std::io::Error::other("the connection ends here"))];
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    axum::response::Response::from_parts(head, body)
}

async fn carry_out(
    org: SharedOrg,
    request: Request,
    mut verdict: Verdict,
) -> Result<http::Response<Payload>, Lost> {
    wait(&mut verdict, Moment::Before).await;
    let outcome = execute(&org, &request, &verdict);
    wait(&mut verdict, Moment::After).await;
    outcome
}

async fn wait(verdict: &mut Verdict, moment: Moment) {
    let delay = match moment {
        Moment::Before => verdict.delay_before,
        Moment::After => verdict.delay_after,
    };
    if delay > Duration::ZERO {
        tokio::time::sleep(delay).await;
    }
    if let Some((when, gate)) = &mut verdict.hold
        && *when == moment
    {
        // An error means that the org is gone, and then nobody waits for the answer either.
        let _ = gate.changed().await;
        verdict.hold = None;
    }
}

fn execute(
    org: &SharedOrg,
    request: &Request,
    verdict: &Verdict,
) -> Result<http::Response<Payload>, Lost> {
    let (reply, date) = {
        let mut org = lock(org);
        bulk::catch_up(&mut org);
        let reply = carry_out_locked(&mut org, request, verdict);
        // Whatever the client is told afterwards is written down by then.
        let kept = state::write_down(&mut org);
        let reply = kept.map_or_else(|error| Some(not_kept(&error)), |()| reply);
        (reply, http_date(org.clock.now()))
    };
    // Layout and compression take time, and the next request need not wait for them.
    let reply = reply.unwrap_or_else(|| unexecuted::reply(&verdict.fate, request));
    let reply = reply.with_header("date", &date).into_payload(request);
    match verdict.fate {
        Fate::LoseRequest => Err(Lost::Request),
        Fate::LoseReply => Err(Lost::Reply),
        Fate::CutBody => Err(Lost::Body(Box::new(halved(reply.map(Payload::whole))))),
        Fate::CutAnswer { bytes } => Err(Lost::Body(Box::new(reply.map(|body| {
            let body = body.whole();
            body.slice(..body.len().min(bytes))
        })))),
        _ => Ok(reply),
    }
}

/// A change that cannot be kept is not answered as one.
fn not_kept(error: &std::io::Error) -> Reply {
    tracing::error!(%error, "the state folder cannot be written");
    Reply::error(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred.")
}

/// The `Date` header: clients measure an org's clock by it, so it follows the org's shift like every stamp.
fn http_date(now: Timestamp) -> String {
    now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Executes a request where its fate says so.
fn carry_out_locked(org: &mut Org, request: &Request, verdict: &Verdict) -> Option<Reply> {
    match verdict.revocation {
        Some(Revocation::Sessions) => org.oauth.end_sessions(),
        Some(Revocation::Grants) => org.oauth.end_grants(),
        None => {}
    }
    if verdict.expire_locators {
        org.cursors.expire_all();
    }
    if verdict.clock_jump_s != 0 {
        let jump = SignedDuration::from_secs(verdict.clock_jump_s);
        org.clock.shift = org.clock.shift.saturating_add(jump);
    }
    match verdict.fate {
        Fate::Execute | Fate::LoseReply | Fate::CutBody | Fate::CutAnswer { .. } => {
            Some(respond(org, request))
        }
        _ => None,
    }
}

/// The first half of the body under the headers of the whole.
fn halved(response: http::Response<Bytes>) -> http::Response<Bytes> {
    response.map(|body| body.slice(..body.len() / 2))
}

fn respond(org: &mut Org, request: &Request) -> Reply {
    let resource = data::resource(org, request);
    *org.counters.calls.entry(resource).or_default() += 1;
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["services", "data"] => data::versions(org),
        ["services", "data", version, ..] => data::respond(org, request, version),
        ["services", "async", version, rest @ ..] => bulk_v1::respond(org, request, version, rest),
        ["services", "Soap", rest @ ..] => soap::respond(org, request, rest),
        _ => oauth::respond(org, request).unwrap_or_else(|| Reply::html(404, NOT_FOUND_PAGE)),
    }
}

const NOT_FOUND_PAGE: &str = "<!DOCTYPE html><html><head><title>URL No Longer Exists</title></head>\
    <body><h1>URL No Longer Exists</h1></body></html>";
