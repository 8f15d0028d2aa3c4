//! What the page may not do.

use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use isthmus_tests::isthmus::Desk;
use serde_json::json;

use isthmus_tests::window::Window;

/// Within this a web view that means to send a request over an open connection has begun to.
const REQUEST_LIMIT: Duration = Duration::from_secs(1);

#[tokio::test]
async fn the_page_comes_with_a_strict_content_security_policy() {
    let desk = Desk::new();
    let window = Window::open(&desk).await;
    let policy = window
        .run("return (await fetch(location.href)).headers.get('content-security-policy')")
        .await;
    let policy = policy.as_str().expect("the page has a policy");

    for directive in
        ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'none'"]
    {
        assert!(policy.contains(directive), "{directive} is missing in {policy}");
    }
    for opening in ["'unsafe-inline'", "'unsafe-eval'", "https:", "*"] {
        assert!(!policy.contains(opening), "{opening} opens {policy}");
    }
    window.close().await;
}

#[tokio::test]
async fn the_page_cannot_run_text_as_code_or_reach_another_host() {
    let desk = Desk::new();
    let window = Window::open(&desk).await;
    let refused =
        "try { await (async () => { ATTEMPT })(); return 'done' } catch { return 'refused' }";

    let evaluated = window.run(&refused.replace("ATTEMPT", "new Function('return 1')()")).await;
    let fetched =
        window.run(&refused.replace("ATTEMPT", "await fetch('http://127.0.0.1:9/')")).await;
    // Both attempts are faults of the page, as they should be; they are not faults of the console.
    let faults = window.run("return delete document.documentElement.dataset.fault").await;

    assert_eq!((evaluated, fetched, faults), (json!("refused"), json!("refused"), json!(true)));
    window.close().await;
}

#[tokio::test]
async fn the_page_may_call_only_the_commands_that_its_capability_lists() {
    let desk = Desk::new();
    let window = Window::open(&desk).await;
    let attempt = "try { await window.__TAURI_INTERNALS__.invoke(COMMAND, {}); return 'done' } catch { return 'refused' }";

    let listed = window.run(&attempt.replace("COMMAND", "'about'")).await;
    let of_the_window = window.run(&attempt.replace("COMMAND", "'plugin:window|close'")).await;
    let unknown = window.run(&attempt.replace("COMMAND", "'read_token'")).await;

    assert_eq!(
        (listed, of_the_window, unknown),
        (json!("done"), json!("refused"), json!("refused"))
    );
    window.close().await;
}

#[tokio::test]
async fn the_page_stays_where_it_is_and_opens_no_window() {
    let desk = Desk::new();
    let window = Window::open(&desk).await;
    let elsewhere = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has a free port");
    elsewhere.set_nonblocking(true).expect("the listener can be asked");
    let address = format!("http://{}/", elsewhere.local_addr().expect("it has an address"));
    let home = window.run("return location.href").await;

    for attempt in [
        "location.href = given",
        "location.replace(given)",
        "window.open(given)",
        "window.open(given, '_self')",
        "const link = document.createElement('a'); link.href = given; link.target = '_blank'; link.click()",
        "const link = document.createElement('a'); link.href = given; document.body.append(link); link.click(); link.remove()",
        "location.href = 'file:///etc/passwd'",
        "location.href = 'about:blank'",
    ] {
        window.run_with(attempt, &json!(address)).await;
        // A navigation that is let through takes effect after the script; the page draws twice meanwhile.
        window.run("await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))").await;
        assert_eq!(window.run("return location.href").await, home, "{attempt}");
        assert_eq!(window.count("h1").await, 1, "{attempt}");
    }
    // The web view connects to a clicked link's host before it asks whether it may go there, and then does not go: the
    // connection stays silent. What must never leave is a request.
    while let Ok((mut connection, _)) = elsewhere.accept() {
        let said = said_within(&mut connection, REQUEST_LIMIT);
        assert_eq!(said, "", "a request went out");
    }
    window.run("delete document.documentElement.dataset.fault").await;
    window.close().await;
}

#[tokio::test]
async fn the_system_browser_gets_no_address_that_could_do_harm() {
    let desk = Desk::new();
    let window = Window::open(&desk).await;

    for url in
        ["javascript:alert(1)", "file:///etc/passwd", "http://example.com/", "https://a@b.example/"]
    {
        let refused = window.ask("link_open", json!({ "url": url })).await;
        assert_eq!(refused["problem"]["code"], "link_refused", "{url}");
    }
    window.close().await;
}

/// What comes over a connection within `limit`; empty when it stays silent.
fn said_within(connection: &mut TcpStream, limit: Duration) -> String {
    connection.set_nonblocking(false).expect("the connection can wait");
    connection.set_read_timeout(Some(limit)).expect("the limit is not zero");
    let mut bytes = [0; 1024];
    let count = connection.read(&mut bytes).unwrap_or_default();
    String::from_utf8_lossy(&bytes[..count]).into_owned()
}
