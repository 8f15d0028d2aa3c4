//! The transport of production: reqwest over rustls. Follows no redirect, repeats nothing, reads no proxy from the environment.

use std::error::Error as StdError;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::{StreamExt, TryStreamExt};
use http::header::CONTENT_LENGTH;
use url::Url;

use crate::transport::stream::gather;
use crate::transport::{
    ByteStream, CONNECT_TIMEOUT, MAX_RESPONSE_BYTES, NotSent, Request, Response, StreamedRequest,
    StreamedResponse, Transport, TransportError, Upload,
};

/// Idle connections kept per org: more than the engine ever uses at once.
const MAX_IDLE_CONNECTIONS: usize = 8;
/// An idle connection is dropped after this, before the org's edge drops it in the middle of our next request.
const IDLE_TIMEOUT: Duration = Duration::from_secs(45);

/// What an admin can set for the network.
#[derive(Debug, Clone, Default)]
pub struct NetworkSettings {
    /// The company's proxy; none is taken from the environment, so that no variable reroutes tokens.
    pub proxy: Option<Url>,
    /// PEM certificates of authorities trusted besides the system's (the company's own, or a test's).
    pub extra_authorities: Vec<Vec<u8>>,
}

/// Sends over the network, with connections of its own: make one per org.
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
}

impl ReqwestTransport {
    /// A transport with the system's certificate authorities and no proxy.
    ///
    /// # Errors
    /// [`TransportError::NotSent`] when TLS cannot be set up on this machine.
    pub fn new() -> Result<Self, TransportError> {
        Self::with_settings(&NetworkSettings::default())
    }

    /// A transport with an admin's settings.
    ///
    /// # Errors
    /// [`TransportError::NotSent`] for an unusable proxy address or certificate.
    pub fn with_settings(settings: &NetworkSettings) -> Result<Self, TransportError> {
        let unusable = |cause: reqwest::Error| TransportError::NotSent {
            host: "this machine".to_owned(),
            reason: NotSent::Malformed(innermost(&cause)),
        };
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("Isthmus/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(MAX_IDLE_CONNECTIONS)
            .pool_idle_timeout(IDLE_TIMEOUT);
        if let Some(proxy) = &settings.proxy {
            builder = builder.proxy(reqwest::Proxy::all(proxy.clone()).map_err(unusable)?);
        }
        let mut authorities = Vec::new();
        for pem in &settings.extra_authorities {
            authorities.extend(reqwest::Certificate::from_pem_bundle(pem).map_err(unusable)?);
        }
        if !authorities.is_empty() {
            builder = builder.tls_certs_merge(authorities);
        }
        Ok(Self { client: builder.build().map_err(unusable)? })
    }
}

impl Transport for ReqwestTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let host = request.url.host_str().unwrap_or_default().to_owned();
            let sending = self
                .client
                .request(request.method, request.url)
                .headers(request.headers)
                .timeout(request.timeout)
                .body(request.body)
                .send();
            let answer = sending.await.map_err(|cause| classify(&host, &cause))?;
            let (status, headers) = (answer.status(), answer.headers().clone());
            let body = gather(pieces_of(&host, answer), MAX_RESPONSE_BYTES, &host).await?;
            Ok(Response { status, headers, body })
        })
    }

    fn stream(
        &self,
        request: StreamedRequest,
    ) -> BoxFuture<'_, Result<StreamedResponse, TransportError>> {
        Box::pin(async move {
            let host = request.url.host_str().unwrap_or_default().to_owned();
            // No limit for the whole: the client watches that something moves.
            let sending = self.client.request(request.method, request.url).headers(request.headers);
            let sending = match request.body {
                Upload::Whole(body) => sending.body(body),
                Upload::Pieces { pieces, length } => {
                    let body = reqwest::Body::wrap_stream(pieces);
                    match length {
                        Some(length) => sending.header(CONTENT_LENGTH, length).body(body),
                        None => sending.body(body),
                    }
                }
            };
            let answer = sending.send().await.map_err(|cause| classify(&host, &cause))?;
            let (status, headers) = (answer.status(), answer.headers().clone());
            Ok(StreamedResponse { status, headers, body: pieces_of(&host, answer) })
        })
    }
}

/// The body as it arrives, unpacked. One that ends before its stated length is an error, never a shorter body.
fn pieces_of(host: &str, answer: reqwest::Response) -> ByteStream {
    let host = host.to_owned();
    answer.bytes_stream().map_err(move |cause| lost(&host, &cause)).boxed()
}

/// Only a connection that was never made is certain not to have carried the request.
fn classify(host: &str, cause: &reqwest::Error) -> TransportError {
    let reason = if cause.is_builder() {
        NotSent::Malformed(innermost(cause))
    } else if cause.is_connect() {
        connect_failure(cause)
    } else {
        return lost(host, cause);
    };
    TransportError::NotSent { host: host.to_owned(), reason }
}

fn connect_failure(cause: &reqwest::Error) -> NotSent {
    let detail = innermost(cause);
    let chain = chain_text(cause).to_lowercase();
    if chain.contains("certificate") || chain.contains("unknownissuer") {
        NotSent::Certificate(detail)
    } else if cause.is_dns() || chain.contains("dns error") {
        NotSent::NameUnknown
    } else if chain.contains("tls")
        || chain.contains("handshake")
        || chain.contains("corrupt message")
    {
        NotSent::Tls(detail)
    } else if cause.is_timeout() {
        NotSent::NoConnection("no answer in time".to_owned())
    } else {
        NotSent::NoConnection(detail)
    }
}

fn lost(host: &str, cause: &reqwest::Error) -> TransportError {
    let detail =
        if cause.is_timeout() { "time limit reached".to_owned() } else { innermost(cause) };
    TransportError::Unknown { host: host.to_owned(), detail }
}

/// The innermost cause says what happened; the outer ones repeat the address, whose query can hold record values.
fn innermost(cause: &reqwest::Error) -> String {
    let mut current: &dyn StdError = cause;
    while let Some(inner) = current.source() {
        current = inner;
    }
    if std::ptr::addr_eq(current, cause) { "no details".to_owned() } else { current.to_string() }
}

fn chain_text(cause: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut current = cause.source();
    while let Some(inner) = current {
        text.push_str(&inner.to_string());
        text.push('\n');
        current = inner.source();
    }
    text
}
