//! What may stand still and for how long, and what a refused token costs a streamed call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, Method, StatusCode};
use tokio::time::{Instant, sleep};

use crate::client::{Call, Client, ClientSettings};
use crate::error::ErrorClass;
use crate::host::OrgUrl;
use crate::session::Session;
use crate::testing::{
    Answer, FakeTransport, INSTANCE, Journal, MemoryStore, StandingClock, app, expired, noon,
    org_id, reply, token_body,
};
use crate::transport::{
    REQUEST_TIMEOUT, Request, StreamedRequest, StreamedResponse, Transport, TransportError, Upload,
};

/// Longer than half the patience, so that two of them are more than all of it.
const PAUSE: Duration = Duration::from_secs(100);

/// Takes the upload, and gives one piece after each pause.
#[derive(Default)]
struct Slow {
    pieces: usize,
    then_silent: bool,
    refusals: AtomicUsize,
    uploaded: AtomicUsize,
}

impl Transport for Slow {
    fn send(&self, _request: Request) -> BoxFuture<'_, Answer> {
        Box::pin(async { reply(500, "") })
    }

    fn stream(
        &self,
        request: StreamedRequest,
    ) -> BoxFuture<'_, Result<StreamedResponse, TransportError>> {
        Box::pin(async move {
            if let Upload::Pieces { mut pieces, .. } = request.body {
                while let Some(piece) = pieces.next().await {
                    self.uploaded.fetch_add(piece?.len(), Ordering::Relaxed);
                }
            }
            if self
                .refusals
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
                .is_ok()
            {
                return Ok(expired()?.into());
            }
            let given = stream::iter(0..self.pieces).then(|_| async {
                sleep(PAUSE).await;
                Ok(Bytes::from_static(b"piece"))
            });
            let body = if self.then_silent {
                given.chain(stream::pending()).boxed()
            } else {
                given.boxed()
            };
            Ok(StreamedResponse { status: StatusCode::OK, headers: HeaderMap::new(), body })
        })
    }
}

fn client(transport: Arc<Slow>) -> Client {
    let login = FakeTransport::new(|_| reply(200, &token_body("fresh", Some("second"))));
    let store = MemoryStore::holding("stale", Some("first"), Journal::default());
    let session = Session::new(login, store, app(), org_id());
    let settings = ClientSettings::new("sales", OrgUrl::parse(INSTANCE).unwrap(), "Isthmus-acme");
    Client::new(settings, transport, Arc::new(session), Arc::new(StandingClock(noon())))
}

fn slow_upload() -> Upload {
    let pieces = stream::iter(0..5).then(|_| async {
        sleep(PAUSE).await;
        Ok(Bytes::from_static(b"piece"))
    });
    Upload::Pieces { pieces: pieces.boxed(), length: None }
}

#[tokio::test(start_paused = true)]
async fn an_upload_and_a_download_may_take_long_as_long_as_they_move() {
    let transport = Arc::new(Slow { pieces: 5, ..Slow::default() });
    let client = client(transport.clone());
    let call = Call::new(Method::PUT, "/services/data/v65.0/jobs/ingest/x/batches", "upload");
    let started = Instant::now();
    let response = client.exchange(&call, &slow_upload).await.unwrap();
    let whole = response.whole("acme").await.unwrap();
    assert_eq!((whole.body.len(), transport.uploaded.load(Ordering::Relaxed)), (25, 25));
    assert_eq!(started.elapsed(), PAUSE * 10);
}

#[tokio::test(start_paused = true)]
async fn a_download_that_stands_still_ends_with_an_unknown_outcome() {
    let client = client(Arc::new(Slow { pieces: 1, then_silent: true, ..Slow::default() }));
    let response = client.download(&Call::get("/services/data/v65.0/x", "x")).await.unwrap();
    let started = Instant::now();
    let error = response.whole("acme").await.unwrap_err();
    assert!(error.outcome_unknown() && error.to_string().contains("nothing moved"), "{error}");
    assert_eq!(started.elapsed(), PAUSE + REQUEST_TIMEOUT);
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_stands_still_ends_with_an_unknown_outcome() {
    let client = client(Arc::new(Slow::default()));
    let call = Call::new(Method::PUT, "/services/data/v65.0/jobs/ingest/x/batches", "upload");
    let stuck = || Upload::Pieces { pieces: stream::pending().boxed(), length: None };
    let started = Instant::now();
    let error = client.exchange(&call, &stuck).await.unwrap_err();
    assert!(error.outcome_unknown());
    assert_eq!(started.elapsed(), REQUEST_TIMEOUT);
}

#[tokio::test(start_paused = true)]
async fn a_token_refused_after_the_upload_is_replaced_and_the_upload_made_anew() {
    let transport = Arc::new(Slow { refusals: AtomicUsize::new(1), ..Slow::default() });
    let client = client(transport.clone());
    let call = Call::new(Method::PUT, "/services/data/v65.0/jobs/ingest/x/batches", "upload");
    client.exchange(&call, &slow_upload).await.unwrap();
    assert_eq!(transport.uploaded.load(Ordering::Relaxed), 50);
    assert_eq!((client.counters().calls, client.counters().refreshes), (2, 1));
    transport.refusals.store(2, Ordering::Relaxed);
    let error = client.exchange(&call, &slow_upload).await.unwrap_err();
    assert_eq!((error.class(), error.outcome_unknown()), (ErrorClass::Stop, false));
}
