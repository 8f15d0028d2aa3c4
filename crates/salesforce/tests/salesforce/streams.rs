//! Streamed bodies over the network: uploads that are made while they are sent, answers that are cut, packed or redirected.

use std::io::Write;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, HeaderValue, Method};
use isthmus_salesforce::transport::{
    ByteStream, NotSent, ReqwestTransport, StreamedRequest, StreamedResponse, Transport,
    TransportError, Upload,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

type Outcome = Result<StreamedResponse, TransportError>;

/// Longer than any of these bodies takes.
const STALL: Duration = Duration::from_secs(60);

async fn request(port: u16, method: Method, body: Upload) -> Outcome {
    let headers = HeaderMap::from_iter([(
        http::header::AUTHORIZATION,
        HeaderValue::from_static("Bearer secret"),
    )]);
    let url = format!("http://127.0.0.1:{port}/batches").parse().unwrap();
    let transport = ReqwestTransport::new().unwrap();
    transport.stream(StreamedRequest { method, url, headers, body, stall: STALL }).await
}

async fn get(port: u16) -> Outcome {
    request(port, Method::GET, Upload::Whole(Bytes::new())).await
}

fn pieces(count: usize) -> ByteStream {
    stream::iter((0..count).map(|_| Ok(Bytes::from_static(b"0123456789")))).boxed()
}

async fn collected(body: ByteStream) -> (Vec<u8>, Option<TransportError>) {
    let mut body = body;
    let mut whole = Vec::new();
    while let Some(piece) = body.next().await {
        match piece {
            Ok(piece) => whole.extend_from_slice(&piece),
            Err(error) => return (whole, Some(error)),
        }
    }
    (whole, None)
}

/// Tells what each connection sent until it said `end`, then answers.
async fn serve(end: &'static str, answer: Vec<u8>) -> (u16, UnboundedReceiver<String>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            converse(stream, end, &answer, &tell).await;
        }
    });
    (port, told)
}

async fn converse(mut stream: TcpStream, end: &str, answer: &[u8], tell: &UnboundedSender<String>) {
    let mut said = Vec::new();
    let mut piece = [0_u8; 4096];
    while !String::from_utf8_lossy(&said).contains(end) {
        match stream.read(&mut piece).await {
            Ok(read) if read > 0 => said.extend_from_slice(&piece[..read]),
            _ => break,
        }
    }
    // Whether anybody still listens does not matter here.
    let _ = tell.send(String::from_utf8_lossy(&said).into_owned());
    if stream.write_all(answer).await.is_ok() {
        let _ = stream.shutdown().await;
    }
}

fn http(headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut bytes =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n{headers}\r\n").into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

#[tokio::test]
async fn an_upload_of_unknown_length_goes_chunked_and_whole() {
    let (port, mut told) = serve("\r\n0\r\n\r\n", http("", b"taken")).await;
    let upload = Upload::Pieces { pieces: pieces(1000), length: None };
    let response = request(port, Method::PUT, upload).await.unwrap();
    assert_eq!(collected(response.body).await.0, b"taken");
    let said = told.recv().await.unwrap();
    assert!(said.to_lowercase().contains("transfer-encoding: chunked"), "{said}");
    assert!(said.to_lowercase().contains("authorization: bearer secret"));
    assert_eq!(said.matches("0123456789").count(), 1000);
}

#[tokio::test]
async fn an_upload_of_known_length_says_it() {
    let (port, mut told) = serve("0123456789", http("", b"taken")).await;
    let upload = Upload::Pieces { pieces: pieces(1), length: Some(10) };
    request(port, Method::PUT, upload).await.unwrap();
    let said = told.recv().await.unwrap().to_lowercase();
    assert!(said.contains("content-length: 10") && !said.contains("chunked"), "{said}");
}

#[tokio::test]
async fn an_upload_that_is_shorter_than_it_said_or_fails_leaves_the_outcome_unknown() {
    let (port, _told) = serve("never", http("", b"taken")).await;
    let short = Upload::Pieces { pieces: pieces(1), length: Some(20) };
    let outcome = request(port, Method::PUT, short).await;
    assert!(matches!(outcome, Err(TransportError::Unknown { .. })), "{outcome:?}");
    let failure = TransportError::NotSent {
        host: "source".to_owned(),
        reason: NotSent::Malformed("no more rows".to_owned()),
    };
    let broken = stream::iter([Ok(Bytes::from_static(b"0123456789")), Err(failure)]).boxed();
    let outcome = request(port, Method::PUT, Upload::Pieces { pieces: broken, length: None }).await;
    assert!(matches!(outcome, Err(TransportError::Unknown { .. })), "{outcome:?}");
}

#[tokio::test]
async fn an_answer_that_is_cut_ends_with_an_error_and_never_short() {
    let mut by_length = http("", b"0123456789");
    by_length.truncate(by_length.len() - 4);
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n".to_vec();
    for answer in [by_length, chunked] {
        let (port, _told) = serve("\r\n\r\n", answer).await;
        let (body, error) = collected(get(port).await.unwrap().body).await;
        assert_eq!(body, b"012345");
        assert!(matches!(error, Some(TransportError::Unknown { .. })), "{error:?}");
    }
}

#[tokio::test]
async fn what_follows_the_stated_length_is_no_part_of_the_answer() {
    let mut answer = http("", b"0123456789");
    answer.extend_from_slice(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nextra");
    let (port, _told) = serve("\r\n\r\n", answer).await;
    assert_eq!(collected(get(port).await.unwrap().body).await.0, b"0123456789");
}

#[tokio::test]
async fn a_packed_answer_is_unpacked_while_it_arrives_and_a_broken_one_is_an_error() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![b'x'; 3_000_000]).unwrap();
    let packed = encoder.finish().unwrap();
    let (port, _told) = serve("\r\n\r\n", http("Content-Encoding: gzip\r\n", &packed)).await;
    let (body, error) = collected(get(port).await.unwrap().body).await;
    assert_eq!((body.len(), error), (3_000_000, None));
    let half = &packed[..packed.len() / 2];
    let (port, _told) = serve("\r\n\r\n", http("Content-Encoding: gzip\r\n", half)).await;
    let (_, error) = collected(get(port).await.unwrap().body).await;
    assert!(error.is_some());
}

#[tokio::test]
async fn a_redirect_is_handed_back_and_the_other_host_gets_neither_token_nor_body() {
    let elsewhere = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let target = elsewhere.local_addr().unwrap().port();
    let visits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&visits);
    tokio::spawn(async move {
        while elsewhere.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    for status in
        ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"]
    {
        let answer = format!(
            "HTTP/1.1 {status}\r\nLocation: http://localhost:{target}/steal\r\nContent-Length: 0\r\n\r\n"
        );
        let (port, _told) = serve("\r\n0\r\n\r\n", answer.into_bytes()).await;
        let upload = Upload::Pieces { pieces: pieces(2), length: None };
        let response = request(port, Method::PUT, upload).await.unwrap();
        assert!(response.status.is_redirection());
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}
