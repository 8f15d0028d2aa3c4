//! The production transport against loopback servers: what counts as sent, what is refused, what is too much.

use std::io::Write;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, Method};
use isthmus_salesforce::transport::{
    MAX_RESPONSE_BYTES, NetworkSettings, NotSent, Request, ReqwestTransport, Response, Transport,
    TransportError,
};
use rcgen::{CertificateParams, CertifiedKey, KeyPair, date_time_ymd};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

type Outcome = Result<Response, TransportError>;

/// Long enough for a busy machine; only the tests of silence wait for their limit.
const PATIENCE: Duration = Duration::from_secs(60);

async fn get(transport: &ReqwestTransport, url: &str) -> Outcome {
    get_within(PATIENCE, transport, url).await
}

async fn get_within(timeout: Duration, transport: &ReqwestTransport, url: &str) -> Outcome {
    let request = Request {
        method: Method::GET,
        url: url.parse().unwrap(),
        headers: HeaderMap::new(),
        body: Bytes::new(),
        timeout,
    };
    transport.send(request).await
}

async fn get_plain(port: u16) -> Outcome {
    get(&ReqwestTransport::new().unwrap(), &format!("http://127.0.0.1:{port}/")).await
}

/// Reads one request and answers these bytes, then closes.
async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, bytes: &[u8]) {
    let mut head = [0_u8; 4096];
    // Whether the client still listens does not matter here.
    if stream.read(&mut head).await.is_ok() && stream.write_all(bytes).await.is_ok() {
        let _ = stream.shutdown().await;
    }
}

async fn serve(bytes: Vec<u8>) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            answer(stream, &bytes).await;
        }
    });
    port
}

fn http(headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut bytes =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n{headers}\r\n").into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

fn packed(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn is_unknown(outcome: &Outcome) -> bool {
    matches!(outcome, Err(cause @ TransportError::Unknown { .. }) if cause.outcome_unknown())
}

#[tokio::test]
async fn a_refused_connection_is_certain_not_to_have_carried_the_request() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let outcome = get_plain(port).await;
    let refused = matches!(
        &outcome,
        Err(cause @ TransportError::NotSent { reason: NotSent::NoConnection(_), .. }) if !cause.outcome_unknown()
    );
    assert!(refused, "{outcome:?}");
}

#[tokio::test]
async fn a_server_that_hangs_up_or_stays_silent_leaves_the_outcome_unknown() {
    let hung_up = get_plain(serve(Vec::new()).await).await;
    assert!(is_unknown(&hung_up), "{hung_up:?}");
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let transport = ReqwestTransport::new().unwrap();
    let outcome = get_within(Duration::from_millis(300), &transport, &url).await;
    assert!(is_unknown(&outcome), "{outcome:?}");
}

#[tokio::test]
async fn a_body_that_is_cut_leaves_the_outcome_unknown() {
    let mut bytes = http("", b"0123456789");
    bytes.truncate(bytes.len() - 4);
    let outcome = get_plain(serve(bytes).await).await;
    assert!(is_unknown(&outcome), "{outcome:?}");
}

#[tokio::test]
async fn a_redirect_is_handed_back_and_never_followed() {
    let elsewhere = serve(http("", b"stolen")).await;
    let redirect = format!(
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{elsewhere}/\r\nContent-Length: 0\r\n\r\n"
    );
    let response = get_plain(serve(redirect.into_bytes()).await).await.unwrap();
    assert_eq!(response.status, 302);
    assert!(response.body.is_empty());
}

#[tokio::test]
async fn a_packed_body_is_unpacked() {
    let bytes = http("Content-Encoding: gzip\r\n", &packed(b"[1,2,3]"));
    let response = get_plain(serve(bytes).await).await.unwrap();
    assert_eq!(response.body.as_ref(), b"[1,2,3]");
}

#[tokio::test]
async fn a_small_body_that_unpacks_without_end_is_stopped() {
    let bomb = packed(&vec![b' '; MAX_RESPONSE_BYTES + 1]);
    assert!(bomb.len() < MAX_RESPONSE_BYTES / 100);
    let port = serve(http("Content-Encoding: gzip\r\n", &bomb)).await;
    let outcome = get_plain(port).await;
    assert!(matches!(outcome, Err(TransportError::TooLarge { .. })), "{outcome:?}");
}

/// A self-signed certificate for a name.
fn certificate(name: &str, expired: bool) -> CertifiedKey<KeyPair> {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    if expired {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2020, 2, 1);
    }
    let signing_key = KeyPair::generate().unwrap();
    let cert = params.self_signed(&signing_key).unwrap();
    CertifiedKey { cert, signing_key }
}

async fn serve_tls(identity: &CertifiedKey<KeyPair>) -> u16 {
    let key = PrivateKeyDer::try_from(identity.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![identity.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(stream) = acceptor.accept(stream).await {
                answer(stream, &http("", b"secure")).await;
            }
        }
    });
    port
}

fn trusting(identity: &CertifiedKey<KeyPair>) -> ReqwestTransport {
    let extra_authorities = vec![identity.cert.pem().into_bytes()];
    ReqwestTransport::with_settings(&NetworkSettings { proxy: None, extra_authorities }).unwrap()
}

fn is_certificate(outcome: &Outcome) -> bool {
    matches!(
        outcome,
        Err(cause @ TransportError::NotSent { reason: NotSent::Certificate(_), .. }) if cause.is_permanent()
    )
}

#[tokio::test]
async fn an_unknown_certificate_is_refused_and_a_trusted_one_is_taken() {
    let identity = certificate("localhost", false);
    let url = format!("https://localhost:{}/", serve_tls(&identity).await);
    let stranger = get(&ReqwestTransport::new().unwrap(), &url).await;
    assert!(is_certificate(&stranger), "{stranger:?}");
    let response = get(&trusting(&identity), &url).await.unwrap();
    assert_eq!(response.body.as_ref(), b"secure");
}

#[tokio::test]
async fn a_certificate_for_another_name_or_out_of_date_is_refused() {
    for identity in [certificate("other.example", false), certificate("localhost", true)] {
        let url = format!("https://localhost:{}/", serve_tls(&identity).await);
        let outcome = get(&trusting(&identity), &url).await;
        assert!(is_certificate(&outcome), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_gets_nothing() {
    let port = serve(http("", b"plain")).await;
    let outcome =
        get(&ReqwestTransport::new().unwrap(), &format!("https://localhost:{port}/")).await;
    let not_sent = matches!(&outcome, Err(TransportError::NotSent { reason: NotSent::Tls(_), .. }));
    assert!(not_sent, "{outcome:?}");
}
