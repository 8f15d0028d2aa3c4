//! Loopback sockets: binding both address families, and connections that end without an answer when a fault says so.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use super::Error;
use crate::router::{NoAnswer, SharedOrg, router};

/// After a failed accept (no file handles left, say) the next try waits this long.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A free port on IPv4 can be taken on IPv6; so often another free port is tried.
const FREE_PORT_TRIES: usize = 16;

/// The listeners of one org.
pub(super) struct Bound {
    /// The port, the same on both families.
    pub(super) port: u16,
    /// One listener, or two where the machine has IPv6.
    pub(super) listeners: Vec<TcpListener>,
}

/// Binds `port` on 127.0.0.1 and, where the machine has IPv6, on ::1; 0 = a port that is free on both.
pub(super) async fn bind(port: u16) -> Result<Bound, Error> {
    let tries = if port == 0 { FREE_PORT_TRIES } else { 1 };
    let mut last = bind_both(port).await;
    for _ in 1..tries {
        if last.is_ok() {
            break;
        }
        last = bind_both(port).await;
    }
    last.map_err(|source| Error::Bind { port, source })
}

async fn bind_both(port: u16) -> io::Result<Bound> {
    let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let port = first.local_addr()?.port();
    match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
        Ok(second) => Ok(Bound { port, listeners: vec![first, second] }),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(error),
        // The machine has no IPv6.
        Err(_) => Ok(Bound { port, listeners: vec![first] }),
    }
}

/// Accepts connections for ever; dropping the future ends them all.
pub(super) async fn accept(listener: TcpListener, org: SharedOrg) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(stream, org.clone()));
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
        }
    }
}

async fn converse(stream: TcpStream, org: SharedOrg) {
    // Small answers must not wait for the client's acknowledgement.
    let _ = stream.set_nodelay(true);
    let peer: Option<SocketAddr> = stream.peer_addr().ok();
    let app = router(org);
    let service = service_fn(move |request: http::Request<Incoming>| {
        let app = app.clone();
        async move {
            match app.oneshot(request.map(Body::new)).await {
                Ok(response) if response.extensions().get::<NoAnswer>().is_none() => Ok(response),
                // An error makes the server close the connection without a byte.
                _ => Err(io::Error::other("a fault ended the connection")),
            }
        }
    });
    let served =
        Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
    if let Err(error) = served {
        tracing::debug!(?peer, %error, "connection ended");
    }
}
