//! The callback of a login: nothing that does not know the state is taken for one.

use std::panic::AssertUnwindSafe;

use isthmus_salesforce::LoginUrl;
use isthmus_salesforce::oauth::listener::LoopbackListener;
use isthmus_salesforce::oauth::{Authorization, OAuthApp};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Builder;

use crate::TEST_TIME;

fn app() -> OAuthApp {
    OAuthApp {
        login: LoginUrl::production(),
        client_id: "3MVG9client".to_owned(),
        client_secret: None,
    }
}

/// Sends one request to a listener of its own and waits until it is answered or the login has ended.
async fn knock(request: impl Fn(u16) -> Vec<u8>) {
    let listener = LoopbackListener::bind(&[0]).expect("a free port");
    let (port, app) = (listener.port(), app());
    let callback = listener.redirect_uri().expect("a callback address");
    let mut random = ChaCha20Rng::seed_from_u64(1);
    let authorization = Authorization::begin(&app, callback, &mut random).expect("a login");
    let browser = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("a connection");
        // Closed without a trace: thousands of them must not use up the machine's ports.
        stream.set_zero_linger().expect("an open socket");
        let _ = stream.write_all(&request(port)).await;
        let _ = stream.shutdown().await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 "), "{answer:?}");
    };
    tokio::select! {
        biased;
        outcome = listener.wait(&authorization, &app.login) => assert!(outcome.is_err(), "a stranger logged in"),
        () = browser => {}
    }
}

#[test]
fn fuzz_callback_url() {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let runtime = AssertUnwindSafe(runtime);
    bolero::check!().with_test_time(TEST_TIME).for_each(|bytes: &[u8]| {
        let runtime: &tokio::runtime::Runtime = &runtime;
        runtime.block_on(knock(|_| bytes.to_vec()));
        runtime.block_on(knock(|port| {
            let host = format!(" HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
            let start: &[u8] = b"GET /oauth/callback?";
            [start, bytes, host.as_bytes()].concat()
        }));
    });
}
