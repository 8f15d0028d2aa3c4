//! The callback listener over real loopback sockets.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use secrecy::ExposeSecret;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::form_urlencoded;

use crate::oauth::listener::{CALLBACK_TIMEOUT, ListenerError, LoopbackListener};
use crate::oauth::{Authorization, AuthorizationCode};
use crate::testing::app;

type Waiting = tokio::task::JoinHandle<Result<AuthorizationCode, ListenerError>>;

struct Rig {
    port: u16,
    state: String,
    waiting: Waiting,
}

fn start() -> Rig {
    let listener = LoopbackListener::bind(&[0]).unwrap();
    let port = listener.port();
    let mut random = ChaCha20Rng::seed_from_u64(u64::from(port));
    let redirect = listener.redirect_uri().unwrap();
    let authorization = Authorization::begin(&app(), redirect, &mut random).unwrap();
    let query = authorization.url.query().unwrap().as_bytes();
    let state =
        form_urlencoded::parse(query).find(|(name, _)| name == "state").unwrap().1.into_owned();
    let waiting = tokio::spawn(async move { listener.wait(&authorization, &app().login).await });
    Rig { port, state, waiting }
}

impl Rig {
    fn callback(&self, query: &str) -> String {
        format!("GET /oauth/callback?{query} HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", self.port)
    }

    fn valid(&self) -> String {
        self.callback(&format!("code=aPrx%3D.code&state={}", self.state))
    }

    async fn send(&self, request: &str) -> String {
        exchange(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.unwrap(), request).await
    }

    async fn end(self) -> Result<AuthorizationCode, ListenerError> {
        self.waiting.await.unwrap()
    }
}

async fn exchange(mut stream: TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let mut piece = [0_u8; 4096];
    // Closes as a browser does: after the announced length.
    loop {
        let count = stream.read(&mut piece).await.unwrap_or(0);
        answer.extend_from_slice(&piece[..count]);
        let text = String::from_utf8_lossy(&answer).into_owned();
        let complete = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            head.lines().any(|line| line == format!("Content-Length: {}", body.len()))
        });
        if complete || count == 0 {
            return text;
        }
    }
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0)
}

fn is_bare(answer: &str) -> bool {
    answer.contains("Content-Length: 0\r\n") && answer.ends_with("\r\n\r\n")
}

#[tokio::test]
async fn the_valid_hit_brings_the_code_and_a_plain_page() {
    let rig = start();
    let answer = rig.send(&rig.valid()).await;
    assert_eq!(status(&answer), 200);
    assert!(
        answer.contains("You can close this tab") && answer.contains("Cache-Control: no-store")
    );
    assert_eq!(rig.end().await.unwrap().0.expose_secret(), "aPrx=.code");
}

#[tokio::test]
async fn the_browser_may_come_over_ipv6() {
    let rig = start();
    // A machine without IPv6 has nothing to show here.
    let Ok(stream) = TcpStream::connect((Ipv6Addr::LOCALHOST, rig.port)).await else { return };
    assert_eq!(status(&exchange(stream, &rig.valid()).await), 200);
    assert!(rig.end().await.is_ok());
}

#[tokio::test]
async fn everything_that_is_no_callback_is_refused_bare_and_the_login_goes_on() {
    let rig = start();
    let (port, state) = (rig.port, rig.state.clone());
    let target = format!("/oauth/callback?code=c&state={state}");
    for (request, expected) in [
        (format!("GET {target} HTTP/1.1\r\nHost: evil.example:{port}\r\n\r\n"), 403),
        (format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"), 403),
        (format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"), 403),
        (format!("GET {target} HTTP/1.1\r\n\r\n"), 400),
        (
            format!(
                "GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\nHost: localhost:{port}\r\n\r\n"
            ),
            400,
        ),
        (
            format!(
                "GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: https://evil.example\r\n\r\n"
            ),
            403,
        ),
        (
            format!(
                "POST {target} HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: 0\r\n\r\n"
            ),
            405,
        ),
        (format!("OPTIONS {target} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"), 405),
        (format!("GET /?code=c&state={state} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"), 404),
        (format!("GET /oauth/callback/x?code=c HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"), 404),
        (
            format!(
                "GET http://localhost:{port}{target} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"
            ),
            404,
        ),
        (format!("GET {target} HTTP/2.0\r\nHost: localhost:{port}\r\n\r\n"), 400),
        (format!("GET {target}\r\nHost: localhost:{port}\r\n\r\n"), 400),
        (format!("GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\nbroken line\r\n\r\n"), 400),
        (
            format!(
                "GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\nX: {}\r\n\r\n",
                "a".repeat(20_000)
            ),
            431,
        ),
    ] {
        let answer = rig.send(&request).await;
        assert_eq!(status(&answer), expected, "{request:.120}");
        assert!(is_bare(&answer), "{answer}");
    }
    assert_eq!(status(&rig.send(&rig.valid()).await), 200);
    assert!(rig.end().await.is_ok());
}

#[tokio::test]
async fn a_wrong_missing_doubled_or_huge_state_ends_the_login_without_a_code() {
    for make in [
        |_: &str| "code=c&state=wrong".to_owned(),
        |_: &str| "code=c".to_owned(),
        |state: &str| format!("code=c&state={state}&state={state}"),
        |state: &str| format!("code=c&state={state}x"),
        |_: &str| format!("code=c&state={}", "x".repeat(10_000)),
        |_: &str| "error=access_denied".to_owned(),
    ] {
        let rig = start();
        let answer = rig.send(&rig.callback(&make(&rig.state))).await;
        assert_eq!(status(&answer), 400);
        assert!(is_bare(&answer));
        assert!(matches!(rig.end().await, Err(ListenerError::WrongState(_))));
    }
}

#[tokio::test]
async fn the_state_of_an_earlier_login_is_refused() {
    let first = start();
    first.send(&first.valid()).await;
    let reused = first.state.clone();
    first.end().await.unwrap();
    let second = start();
    second.send(&second.callback(&format!("code=c&state={reused}"))).await;
    assert!(matches!(second.end().await, Err(ListenerError::WrongState(_))));
}

#[tokio::test]
async fn a_second_hit_is_gone() {
    let rig = start();
    let mut held = TcpStream::connect((Ipv4Addr::LOCALHOST, rig.port)).await.unwrap();
    held.write_all(rig.valid().as_bytes()).await.unwrap();
    let mut first = [0_u8; 12];
    held.read_exact(&mut first).await.unwrap();
    let second = rig.send(&rig.valid()).await;
    assert_eq!(status(&second), 410);
    assert!(is_bare(&second));
    drop(held);
    let port = rig.port;
    assert!(rig.end().await.is_ok());
    assert!(
        TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err(),
        "the listener is closed"
    );
}

#[tokio::test]
async fn a_refused_consent_is_diagnosed() {
    let rig = start();
    let query = format!(
        "error=access_denied&error_description=end-user+denied+authorization&state={}",
        rig.state
    );
    let answer = rig.send(&rig.callback(&query)).await;
    assert!(answer.contains("Login not granted"));
    let Err(ListenerError::Refused(diagnosis)) = rig.end().await else { panic!("no refusal") };
    assert_eq!(diagnosis.code, "access_denied");
    assert_eq!(diagnosis.description, "end-user denied authorization");
}

#[tokio::test]
async fn a_callback_without_code_or_with_both_code_and_error_brings_nothing() {
    for extra in ["", "code=", "code=a&code=b", "code=a&error=access_denied"] {
        let rig = start();
        rig.send(&rig.callback(&format!("state={}&{extra}", rig.state))).await;
        assert!(matches!(rig.end().await, Err(ListenerError::NoCode)), "{extra}");
    }
}

#[tokio::test]
async fn connections_that_say_nothing_do_not_hold_up_the_browser() {
    let rig = start();
    let mut silent = Vec::new();
    for _ in 0..8 {
        silent.push(TcpStream::connect((Ipv4Addr::LOCALHOST, rig.port)).await.unwrap());
    }
    assert_eq!(status(&rig.send(&rig.valid()).await), 200);
    assert!(rig.end().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn nobody_coming_ends_the_login_after_its_time() {
    let rig = start();
    let started = tokio::time::Instant::now();
    assert!(matches!(rig.end().await, Err(ListenerError::TimedOut)));
    let waited = started.elapsed();
    assert!(waited >= CALLBACK_TIMEOUT && waited < CALLBACK_TIMEOUT + Duration::from_secs(1));
}

#[tokio::test]
async fn a_port_that_is_taken_on_either_family_is_passed_over() {
    let taken_v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let mut ports = vec![taken_v4.local_addr().unwrap().port()];
    let taken_v6 = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await.ok();
    ports.extend(taken_v6.as_ref().map(|listener| listener.local_addr().unwrap().port()));
    let taken = ports.clone();
    assert!(
        matches!(LoopbackListener::bind(&taken), Err(ListenerError::NoPort(ports)) if ports == taken)
    );
    ports.push(0);
    let listener = LoopbackListener::bind(&ports).unwrap();
    assert!(!taken.contains(&listener.port()));
    assert_eq!(
        listener.redirect_uri().unwrap().as_str(),
        format!("http://localhost:{}/oauth/callback", listener.port())
    );
}
