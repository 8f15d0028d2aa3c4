//! Callbacks that do not belong to the login: another state, none, an old one, a second hit, a foreign page.

use isthmus_tests::isthmus::{Desk, callback_ports};
use isthmus_tests::orgs::Orgs;
use isthmus_tests::running::Running;
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use url::Url;

use crate::exits::NOT_CONNECTED;

/// A login whose browser is the test itself.
pub(crate) struct Login {
    command: Running,
    pub(crate) callback: Url,
    pub(crate) state: String,
}

impl Login {
    /// Begins to connect `sales`, with these callback ports or the ones registered for this test.
    pub(crate) fn begin(desk: &Desk, orgs: &Orgs, ports: &[String]) -> Self {
        let org = orgs.announcement("sales");
        let mut command = desk.command(&[
            "org",
            "connect",
            "sales",
            "--login-url",
            &org.login_url,
            "--client-id",
            &org.client_id,
            "--no-browser",
            "--json",
        ]);
        command.args(if ports.is_empty() { callback_ports(org) } else { ports.to_vec() });
        let mut command = Running::start(command);
        let line = command.line_with("/services/oauth2/authorize");
        let start = line.find("http").expect("an address");
        let end = line[start..].find(['"', ' ', '\\']).map_or(line.len(), |length| start + length);
        let address = Url::parse(&line[start..end]).expect("an address");
        let value = |name: &str| {
            let found = address
                .query_pairs()
                .find(|(own, _)| own == name)
                .map(|(_, value)| value.into_owned());
            found.unwrap_or_else(|| panic!("no {name} in {address}"))
        };
        let callback = Url::parse(&value("redirect_uri")).expect("a callback");
        Self { command, callback, state: value("state") }
    }

    /// Sends one request to the listener; gives the status of its answer.
    pub(crate) fn send(&self, method: &str, path: &str, host: &str) -> u16 {
        let port = self.callback.port().expect("a port of its own");
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
            .expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .unwrap_or_else(|| panic!("{answer:?}"))
    }

    /// Hits the callback as a browser would.
    pub(crate) fn hit(&self, query: &str) -> u16 {
        let host = format!("localhost:{}", self.callback.port().expect("a port of its own"));
        self.send("GET", &format!("{}?{query}", self.callback.path()), &host)
    }

    /// Ends the login as a person who presses Deny.
    pub(crate) fn deny(self) {
        let _ = self.hit(&format!("error=access_denied&error_description=no&state={}", self.state));
        let _ = self.command.finish().refused(NOT_CONNECTED, "consent_denied");
    }
}

fn assert_nothing_is_connected(desk: &Desk, orgs: &Orgs) {
    assert_eq!(desk.run(&["org", "list", "--json"]).passed().json(), json!([]));
    assert_eq!(orgs.org("sales").oauth.refresh_token_count(), 0, "the code was never exchanged");
}

#[test]
fn a_callback_with_another_state_ends_the_login_and_its_code_is_never_used() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let refused = desk.connect_as(&orgs, "sales", "sales", "wrong_state");
    let problem = refused.refused(NOT_CONNECTED, "login_state_mismatch");
    assert!(problem.hint.contains("connect again"), "{problem:?}");
    assert_nothing_is_connected(&desk, &orgs);
}

#[test]
fn a_callback_without_a_state_ends_the_login() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let problem = desk
        .connect_as(&orgs, "sales", "sales", "no_state")
        .refused(NOT_CONNECTED, "login_state_mismatch");
    assert!(problem.text.contains("missing"), "{problem:?}");
    assert_nothing_is_connected(&desk, &orgs);
}

#[test]
fn a_state_of_an_earlier_login_ends_the_login() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let first = Login::begin(&desk, &orgs, &[]);
    let used = first.state.clone();
    first.deny();
    let second = Login::begin(&desk, &orgs, &[]);
    assert_ne!(second.state, used);
    assert!(second.hit(&format!("code=aPrx&state={used}")) >= 400);
    let _ = second.command.finish().refused(NOT_CONNECTED, "login_state_mismatch");
    assert_nothing_is_connected(&desk, &orgs);
}

#[test]
fn a_callback_that_is_opened_twice_connects_once() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let _ = desk.connect_as(&orgs, "sales", "sales", "twice").passed();
    assert_eq!(orgs.org("sales").oauth.refresh_token_count(), 1);
    let _ = desk.run(&["org", "test", "sales", "--json"]).passed();
}

#[test]
fn foreign_hosts_methods_and_paths_are_refused_and_the_login_goes_on() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let login = Login::begin(&desk, &orgs, &[]);
    let host = format!("localhost:{}", login.callback.port().expect("a port"));
    let path = format!("/oauth/callback?code=x&state={}", login.state);
    for (method, path, host) in [
        ("GET", path.as_str(), "evil.example"),
        ("POST", path.as_str(), host.as_str()),
        ("GET", "/favicon.ico", host.as_str()),
        ("GET", "/oauth/callback/../../etc/passwd", host.as_str()),
    ] {
        let status = login.send(method, path, host);
        assert!((400..500).contains(&status), "{method} {path} {host}: {status}");
    }
    login.deny();
    assert_nothing_is_connected(&desk, &orgs);
}
