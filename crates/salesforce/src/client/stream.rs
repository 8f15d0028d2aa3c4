//! Sending one call whose bodies are streams: the same token, books and repeats; what is watched is that something moves.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use secrecy::SecretString;
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

use crate::client::call::still_refused;
use crate::client::{Call, Client};
use crate::error::{Error, ErrorClass, error_of_response};
use crate::governor::{CallCause, Verdict};
use crate::transport::{ByteStream, StreamedRequest, StreamedResponse, TransportError, Upload};

/// When something last moved.
type Movement = Arc<Mutex<Instant>>;

impl Client {
    /// Sends a call and gives the answer as it arrives; an answer outside 2xx is read whole and is an error.
    ///
    /// `body` makes the upload anew for each attempt: a token that is refused after the body has left costs a second upload,
    /// never a lost one.
    pub(crate) async fn exchange(
        &self,
        call: &Call,
        body: &(dyn Fn() -> Upload + Send + Sync),
    ) -> Result<StreamedResponse, Error> {
        let cause = self.cause_of(call);
        let mut attempt = 1;
        loop {
            let error = match self.exchange_once(call, body, cause).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            match self.retry.verdict(call.repeat, attempt, false, &error) {
                Verdict::Again(pause) => self.pause(call, cause, pause, &error).await,
                Verdict::Gone | Verdict::GiveUp => return Err(error),
            }
            attempt += 1;
        }
    }

    /// A download: nothing goes up.
    pub(crate) async fn download(&self, call: &Call) -> Result<StreamedResponse, Error> {
        self.exchange(call, &|| Upload::Whole(Bytes::new())).await
    }

    async fn exchange_once(
        &self,
        call: &Call,
        body: &(dyn Fn() -> Upload + Send + Sync),
        cause: CallCause,
    ) -> Result<StreamedResponse, Error> {
        let url = self.url(&call.address)?;
        let _permit = self.governor.admit(cause).await?;
        let token = self.shared.tokens.access_token().await?;
        let refused = match self.stream_attempt(call, &url, &token, body(), cause).await {
            Err(error) if error.class() == ErrorClass::Reauthenticate => error,
            outcome => return outcome,
        };
        let fresh = self.fresh_token(call, &token, &refused).await?;
        still_refused(self.stream_attempt(call, &url, &fresh, body(), cause).await)
    }

    async fn stream_attempt(
        &self,
        call: &Call,
        url: &Url,
        token: &SecretString,
        body: Upload,
        cause: CallCause,
    ) -> Result<StreamedResponse, Error> {
        let started = Instant::now();
        let outcome = self.stream_head(call, url, token, body, cause).await;
        self.log(call, outcome.as_ref().map(|response| response.status), started);
        let answered = match outcome {
            Err(error) => Err(error.into()),
            Ok(response) => {
                self.note(&response.headers, started.elapsed());
                self.refused(response).await
            }
        };
        answered.inspect_err(|error| self.governor.failed(cause, error))
    }

    /// Reads the body of an answer that is no success, and turns it into its error.
    async fn refused(&self, response: StreamedResponse) -> Result<StreamedResponse, Error> {
        if response.status.is_success() {
            return Ok(response);
        }
        let whole = response.whole(self.settings.instance_url.host()).await?;
        Err(error_of_response(&whole))
    }

    /// Sends, and waits for the head as long as the upload moves.
    async fn stream_head(
        &self,
        call: &Call,
        url: &Url,
        token: &SecretString,
        body: Upload,
        cause: CallCause,
    ) -> Result<StreamedResponse, TransportError> {
        let stall = self.settings.timeout;
        let host = self.settings.instance_url.host().to_owned();
        let headers = self.headers(call, Some(token))?;
        let moved: Movement = Arc::new(Mutex::new(Instant::now()));
        let body = observed(body, Arc::clone(&moved));
        let (method, url) = (call.method.clone(), url.clone());
        self.book(cause);
        let request = StreamedRequest { method, url, headers, body, stall };
        let mut sending = self.shared.transport.stream(request);
        loop {
            let patience = last(&moved) + stall;
            match timeout_at(patience, &mut sending).await {
                Ok(outcome) => {
                    let response = outcome?;
                    let body = watched(response.body, stall, host);
                    return Ok(StreamedResponse { body, ..response });
                }
                Err(_) if last(&moved) + stall > patience => {}
                Err(_) => return Err(stalled(host, stall)),
            }
        }
    }
}

/// An upload that tells when a piece was taken.
fn observed(body: Upload, moved: Movement) -> Upload {
    match body {
        Upload::Whole(body) => Upload::Whole(body),
        Upload::Pieces { pieces, length } => {
            let pieces = pieces.inspect(move |_| {
                *moved.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
            });
            Upload::Pieces { pieces: pieces.boxed(), length }
        }
    }
}

/// A body whose pieces must follow each other in time. It ends with its first error.
fn watched(body: ByteStream, stall: Duration, host: String) -> ByteStream {
    stream::unfold(Some((body, host)), move |state| async move {
        let (mut body, host) = state?;
        match timeout(stall, body.next()).await {
            Ok(None) => None,
            Ok(Some(Ok(piece))) => Some((Ok(piece), Some((body, host)))),
            Ok(Some(Err(error))) => Some((Err(error), None)),
            Err(_) => Some((Err(stalled(host, stall)), None)),
        }
    })
    .boxed()
}

fn last(moved: &Movement) -> Instant {
    *moved.lock().unwrap_or_else(PoisonError::into_inner)
}

fn stalled(host: String, stall: Duration) -> TransportError {
    TransportError::Unknown {
        host,
        detail: format!("nothing moved for {} seconds", stall.as_secs()),
    }
}

#[cfg(test)]
mod tests;
