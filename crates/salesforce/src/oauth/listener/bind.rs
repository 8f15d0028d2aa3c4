//! Binding a port on 127.0.0.1 and ::1 at once, without sharing it with anybody.

use std::io::{Error as IoError, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::{TcpListener, TcpSocket};

use crate::oauth::listener::ListenerError;

/// Connections that may queue; a browser opens a handful.
const BACKLOG: u32 = 16;
/// How often a free port is drawn anew when 0 was asked for and its IPv6 twin was taken.
const DRAWS: usize = 8;

type Bound = (TcpListener, Option<TcpListener>, u16);

/// The first port that is free on both families.
pub(super) fn first_free(ports: &[u16]) -> Result<Bound, ListenerError> {
    for port in ports {
        let draws = if *port == 0 { DRAWS } else { 1 };
        for _ in 0..draws {
            match both(*port) {
                Ok(bound) => return Ok(bound),
                Err(cause) if is_taken(&cause) => {}
                Err(cause) => return Err(ListenerError::Listen(cause.to_string())),
            }
        }
    }
    Err(ListenerError::NoPort(ports.to_vec()))
}

fn both(port: u16) -> Result<Bound, IoError> {
    let v4 = listen(TcpSocket::new_v4()?, (Ipv4Addr::LOCALHOST, port).into())?;
    let port = v4.local_addr()?.port();
    let v6 =
        TcpSocket::new_v6().and_then(|socket| listen(socket, (Ipv6Addr::LOCALHOST, port).into()));
    match v6 {
        Ok(v6) => Ok((v4, Some(v6), port)),
        Err(cause) if has_no_ipv6(&cause) => Ok((v4, None, port)),
        Err(cause) => Err(cause),
    }
}

/// Without SO_REUSEADDR: on some systems it lets two programs bind one port, and the browser's answer goes to either.
fn listen(socket: TcpSocket, address: SocketAddr) -> Result<TcpListener, IoError> {
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Also a port that the system reserves: Windows answers "access denied" for those.
fn is_taken(cause: &IoError) -> bool {
    matches!(cause.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied)
}

fn has_no_ipv6(cause: &IoError) -> bool {
    /// EAFNOSUPPORT on Linux, on macOS and the BSDs, and on Windows (WSAEAFNOSUPPORT).
    const NO_FAMILY: [i32; 3] = [97, 47, 10047];
    let unsupported = cause.raw_os_error().is_some_and(|code| NO_FAMILY.contains(&code));
    unsupported || matches!(cause.kind(), ErrorKind::AddrNotAvailable | ErrorKind::Unsupported)
}
