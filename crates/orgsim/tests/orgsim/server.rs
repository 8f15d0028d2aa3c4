//! The binary: its one line, and how it ends.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::client;

struct Server {
    child: Child,
    ready: Value,
}

impl Server {
    fn start(more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_orgsim"))
            .args([
                "serve",
                "--org",
                "sales=0",
                "--org",
                "service=0",
                "--records",
                "Account=5,Contact=5",
                "--seed",
                "7",
            ])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("standard output");
        BufReader::new(stdout).read_line(&mut line).expect("one line");
        Self { child, ready: serde_json::from_str(&line).expect("JSON") }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn the_ready_line_names_two_orgs_that_answer() {
    let server = Server::start(&[
        "--redirect-uri",
        "http://localhost:9/cb",
        "--daily-limit",
        "50",
        "--now",
        "2026-01-02T03:04:05Z",
    ]);
    let orgs = server.ready["orgs"].as_array().expect("orgs");
    assert_eq!(orgs.len(), 2);
    for org in orgs {
        let names: Vec<&String> = org.as_object().expect("an object").keys().collect();
        let all = [
            "access_token",
            "client_id",
            "instance_url",
            "login_url",
            "name",
            "org_id",
            "password",
            "redirect_uris",
            "username",
        ];
        assert_eq!(names, all);
        assert_eq!(org["redirect_uris"].as_array().map(Vec::len), Some(4));
        let base = org["instance_url"].as_str().expect("a url");
        let limits = client().get(format!("{base}/services/data/v68.0/limits"));
        let answer = limits
            .bearer_auth(org["access_token"].as_str().expect("a token"))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.headers()["sforce-limit-info"], "api-usage=1/50");
        let clock = client().get(format!("{base}/__orgsim/clock")).send().await.expect("an answer");
        let clock: Value = clock.json().await.expect("json");
        assert!(
            clock["now"].as_str().expect("a moment").starts_with("2026-01-02T03:04:"),
            "{clock}"
        );
    }
    assert_ne!(orgs[0]["org_id"], orgs[1]["org_id"]);
}

#[test]
fn a_closed_standard_input_ends_it_when_asked() {
    let mut server = Server::start(&["--until-stdin-closes"]);
    drop(server.child.stdin.take());
    assert!(server.child.wait().expect("an end").success());
}

#[cfg(unix)]
#[test]
fn sigterm_ends_it_also_while_it_reads_standard_input() {
    let mut server = Server::start(&["--until-stdin-closes"]);
    let killed = Command::new("kill")
        .args(["-TERM", &server.child.id().to_string()])
        .status()
        .expect("kill");
    assert!(killed.success());
    assert!(server.child.wait().expect("an end").success());
}

#[test]
fn a_taken_port_is_told_with_its_number() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let output = Command::new(env!("CARGO_BIN_EXE_orgsim"))
        .args(["serve", "--org", &format!("sales={port}")])
        .output()
        .expect("the binary");
    assert!(!output.status.success());
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains(&format!("port {port} of localhost cannot be bound")), "{told}");
}
