//! Orgs that are not there, and orgs that are not who they say they are.

use std::io::Read;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use isthmus_tests::isthmus::{Desk, ready};
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use jiff::SignedDuration;
use orgsim::faults::{Fault, Kind};
use serde_json::json;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::exits::{ORG, STOPPED};

/// Longer than the client's request time-out plus the minute that `latestDateCovered` is cut to: the org certifies then
/// what became of requests without an answer.
const PAST_ANY_REQUEST: SignedDuration = SignedDuration::from_mins(20);

#[test]
fn an_org_that_is_not_there_is_told_by_every_command_and_nothing_is_lost() {
    let orgs = Orgs::pair(10, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    drop(orgs);
    for arguments in [
        &["query", "sales", "SELECT Id FROM Account", "--json"][..],
        &["plan", "accounts", "--json"],
        &["run", "accounts", "--yes", "--json"],
    ] {
        let problem = desk.run(arguments).refused(ORG, "org_unreachable");
        assert!(
            problem.text.contains("sales") && problem.text.contains("localhost"),
            "{problem:?}"
        );
    }
    let list = desk.run(&["sync", "list", "--json"]).passed().json();
    assert_eq!(list[0]["name"], "accounts", "what is stored stays");
    assert_eq!(list[0]["enabled"], true);
}

#[test]
fn an_org_that_goes_away_in_mid_run_stops_it_and_the_next_run_goes_on() {
    let orgs = Orgs::pair(450, 0);
    let mut desk = ready(&orgs, mapping::ACCOUNTS);
    orgs.hold("service", "composite/sobjects");
    let running = desk.start(&["run", "accounts", "--yes", "--json"]);
    orgs.wait_until_held("service");
    orgs.fault("service", Fault::new(Kind::Unavailable).times(1_000));
    orgs.release("service");
    let stopped = running.finish();
    assert_eq!(stopped.code, Some(STOPPED), "{stopped:?}");
    let report = stopped.json();
    assert!(report["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{report}");
    orgs.org("service").faults.clear();
    orgs.pass_time(&mut desk, PAST_ANY_REQUEST);
    let finished = desk.run(&["run", "accounts", "--yes", "--json"]).json();
    assert_eq!(finished["pending"], 0, "{finished}");
    let arrived = orgs.by_key("service", "Account");
    assert!(orgs.by_key("sales", "Account").keys().all(|key| arrived.contains_key(key)));
    let counters = orgs.counters("service");
    assert_eq!(counters.automations_fired.values().sum::<u64>(), orgs.rows_written("service"));
}

/// An HTTPS server that nobody vouches for; it counts the bytes that come through its handshake.
fn self_signed_server() -> (u16, Arc<AtomicUsize>) {
    let signed =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(signed.signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the default versions")
        .with_no_client_auth()
        .with_single_cert(vec![signed.cert.der().clone()], key)
        .expect("certificate and key fit");
    let config = Arc::new(config);
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let received = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&received);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let session = ServerConnection::new(Arc::clone(&config)).expect("a session");
            let mut buffer = [0_u8; 4096];
            let read = StreamOwned::new(session, stream).read(&mut buffer);
            counter.fetch_add(read.unwrap_or_default(), Ordering::SeqCst);
        }
    });
    (port, received)
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused_before_the_token_is_sent() {
    let desk = Desk::with_workspace();
    let (port, received) = self_signed_server();
    let url = format!("https://localhost:{port}");
    let session =
        ["org", "connect", "sales", "--access-token-stdin", "--instance-url", &url, "--json"];
    let problem =
        desk.run_with_input(&session, "00D000000000001!token").refused(ORG, "org_certificate");
    assert!(problem.text.contains("localhost"), "{problem:?}");
    assert!(problem.hint.contains("certificate") || problem.hint.contains("proxy"), "{problem:?}");
    let login =
        ["org", "connect", "sales", "--login-url", &url, "--client-id", "3MVG9.x", "--json"];
    let _ = desk.run(&login).refused(ORG, "org_certificate");
    assert_eq!(received.load(Ordering::SeqCst), 0, "no byte of a request reached the server");
    assert_eq!(desk.run(&["org", "list", "--json"]).passed().json(), json!([]));
}
