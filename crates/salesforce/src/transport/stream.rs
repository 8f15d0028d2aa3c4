//! Bodies in pieces: uploads that are made while they are sent, answers that are read while they arrive.

use std::fmt;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::transport::{MAX_RESPONSE_BYTES, NotSent, Request, Response, TransportError};

/// A body in pieces. An error ends it: what came before is the body's beginning and no more.
pub type ByteStream = BoxStream<'static, Result<Bytes, TransportError>>;

/// The largest streamed upload that a transport without streams may gather in memory: two Bulk parts.
pub const MAX_GATHERED_BYTES: usize = 256 * 1024 * 1024;

/// What is sent as a body.
pub enum Upload {
    /// Nothing, or what is in memory.
    Whole(Bytes),
    /// What is made while it is sent.
    Pieces {
        /// The body.
        pieces: ByteStream,
        /// Its length in bytes where it is known; otherwise it is sent chunked.
        length: Option<u64>,
    },
}

/// One request whose body and answer are streams.
pub struct StreamedRequest {
    /// The method.
    pub method: Method,
    /// The absolute address; its host was checked by the client.
    pub url: Url,
    /// All headers, `Authorization` included (marked sensitive).
    pub headers: HeaderMap,
    /// The body.
    pub body: Upload,
    /// Nothing may stand still for longer than this: no piece taken, no head, no piece given. There is no limit for the
    /// whole: a part of 100 MB over a slow line takes as long as it takes. The client watches over it.
    pub stall: Duration,
}

/// One answer whose body arrives as it is read, unpacked.
pub struct StreamedResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: ByteStream,
}

impl fmt::Debug for StreamedRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // As for a whole request: no header, no query, no body.
        let host = self.url.host_str().unwrap_or("");
        write!(formatter, "StreamedRequest({} {host}{})", self.method, self.url.path())
    }
}

impl fmt::Debug for StreamedResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "StreamedResponse({})", self.status)
    }
}

impl StreamedRequest {
    /// The same request with its body in memory, for transports that know no streams.
    ///
    /// # Errors
    /// [`TransportError::NotSent`] when the body fails or is larger than [`MAX_GATHERED_BYTES`]: nothing was sent then.
    pub async fn gathered(self) -> Result<Request, TransportError> {
        let host = self.url.host_str().unwrap_or_default().to_owned();
        let body = match self.body {
            Upload::Whole(body) => body,
            Upload::Pieces { pieces, .. } => {
                gather(pieces, MAX_GATHERED_BYTES, &host).await.map_err(|cause| {
                    let reason = NotSent::Malformed(cause.to_string());
                    TransportError::NotSent { host, reason }
                })?
            }
        };
        let (method, url, headers) = (self.method, self.url, self.headers);
        Ok(Request { method, url, headers, body, timeout: self.stall })
    }
}

impl StreamedResponse {
    /// The whole answer, for answers that are small: errors, receipts.
    ///
    /// # Errors
    /// [`TransportError`] when the body is cut or larger than [`MAX_RESPONSE_BYTES`].
    pub async fn whole(self, host: &str) -> Result<Response, TransportError> {
        let body = gather(self.body, MAX_RESPONSE_BYTES, host).await?;
        Ok(Response { status: self.status, headers: self.headers, body })
    }
}

impl From<Response> for StreamedResponse {
    fn from(response: Response) -> Self {
        let body = stream::iter([Ok(response.body)]).boxed();
        Self { status: response.status, headers: response.headers, body }
    }
}

/// Collects a body and stops at the cap: a small packed body can unpack to any size.
pub(crate) async fn gather(
    mut pieces: ByteStream,
    cap: usize,
    host: &str,
) -> Result<Bytes, TransportError> {
    let mut body = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece?;
        if body.len() + piece.len() > cap {
            return Err(TransportError::TooLarge { host: host.to_owned() });
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}
