//! The port through which every request leaves: reqwest in production, an in-process router in tests.

mod network;
mod stream;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

pub use crate::transport::network::{NetworkSettings, ReqwestTransport};
pub use crate::transport::stream::{
    ByteStream, MAX_GATHERED_BYTES, StreamedRequest, StreamedResponse, Upload,
};

/// How long one request may take, connecting and reading included.
///
/// SOQL may run 120 s in the org, so this is a little more: the org's own QUERY_TIMEOUT then arrives before we give up.
/// A request whose end is unknown (crash, lost reply) counts as ended at its send time plus this.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(150);

/// How long a connection may take to be made. Far networks answer within a few seconds; a dead one never does.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// The largest response body taken, after unpacking. A page of 2,000 wide rows stays below a few megabytes and the
/// largest describes around ten, so what is bigger is broken or hostile.
pub const MAX_RESPONSE_BYTES: usize = 64 * 1024 * 1024;

/// Sends one request and gives the whole answer. Implementations follow no redirect and repeat nothing.
pub trait Transport: Send + Sync {
    /// Sends the request.
    ///
    /// # Errors
    /// [`TransportError`], which says whether the server can have seen the request. An HTTP error status is no error here.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>>;

    /// Sends a body as it is made and gives the answer as it arrives.
    ///
    /// Given here for transports without streams (a router in this process, a script): the upload is gathered, sent whole,
    /// and the answer comes in one piece.
    ///
    /// # Errors
    /// [`TransportError`] until the answer's head is there; afterwards the body itself carries it.
    fn stream(
        &self,
        request: StreamedRequest,
    ) -> BoxFuture<'_, Result<StreamedResponse, TransportError>> {
        Box::pin(async move { Ok(self.send(request.gathered().await?).await?.into()) })
    }
}

/// One request, complete with its headers.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The absolute address; its host was checked by the client.
    pub url: Url,
    /// All headers, `Authorization` included (marked sensitive).
    pub headers: HeaderMap,
    /// The body; empty where there is none.
    pub body: Bytes,
    /// Give up after this, with [`TransportError::Unknown`] if the request was under way.
    pub timeout: Duration,
}

impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither headers nor query nor body: they carry tokens and record values.
        write!(
            formatter,
            "Request({} {}{})",
            self.method,
            self.url.host_str().unwrap_or(""),
            self.url.path()
        )
    }
}

/// One answer, its body whole and unpacked.
#[derive(Clone)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; empty where there is none.
    pub body: Bytes,
}

impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Response({}, {} bytes)", self.status, self.body.len())
    }
}

/// Why there is no answer. The difference that matters: whether the server can have acted on the request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The request certainly did not reach the server: nothing was changed there.
    #[error("could not reach {host}: {reason}; {}", reason.remedy())]
    NotSent {
        /// Where it should have gone.
        host: String,
        /// Why it did not.
        reason: NotSent,
    },
    /// The request was under way when the connection failed: the server may or may not have acted.
    #[error(
        "the connection to {host} failed before the answer was complete ({detail}); what the org did is read back before anything is sent again"
    )]
    Unknown {
        /// Where it went.
        host: String,
        /// The failure, in the network library's words.
        detail: String,
    },
    /// The answer was larger than [`MAX_RESPONSE_BYTES`]; the server did act.
    #[error(
        "the answer of {host} is larger than {MAX_RESPONSE_BYTES} bytes; ask for fewer fields or fewer rows at once"
    )]
    TooLarge {
        /// Where it came from.
        host: String,
    },
}

/// Why a request did not leave.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// The host's name has no address.
    #[error("its name could not be resolved")]
    NameUnknown,
    /// Nothing accepted the connection: refused, no route, or no answer in time.
    #[error("no connection could be made ({0})")]
    NoConnection(String),
    /// The server's certificate is not trusted, expired or for another name.
    #[error("its certificate was refused ({0})")]
    Certificate(String),
    /// The encrypted connection could not be set up, for another reason than the certificate.
    #[error("no secure connection could be made ({0})")]
    Tls(String),
    /// The request could not be put together.
    #[error("the request is malformed ({0})")]
    Malformed(String),
    /// The time for the whole call was used up before this attempt began.
    #[error("the time limit of the call was used up before it was sent")]
    DeadlinePassed,
}

impl NotSent {
    /// The next step for the person.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NameUnknown => "check the login URL and the network connection",
            Self::NoConnection(_) => "check the network connection, firewall and proxy settings",
            Self::Certificate(_) => {
                "check this machine's date and whether a proxy replaces certificates; Isthmus never goes on without a valid one"
            }
            Self::Tls(_) => {
                "check whether a proxy or firewall interferes with encrypted connections"
            }
            Self::Malformed(_) => "report this as a defect of Isthmus",
            Self::DeadlinePassed => "try again",
        }
    }
}

impl TransportError {
    /// True when the server may have acted on the request.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        !matches!(self, Self::NotSent { .. })
    }

    /// True when trying again cannot help before a person changes something.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::NotSent { reason, .. } => {
                matches!(reason, NotSent::Certificate(_) | NotSent::Malformed(_))
            }
            Self::Unknown { .. } => false,
            Self::TooLarge { .. } => true,
        }
    }
}
