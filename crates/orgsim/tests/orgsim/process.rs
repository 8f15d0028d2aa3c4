//! The real binary as a process that a test can kill.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use reqwest::RequestBuilder;
use serde_json::Value;

use crate::support::client;

/// A served org named `sales` with a few rows, which keeps its state in a folder.
pub(crate) struct Server {
    child: Child,
    /// What the ready line tells of the org.
    pub(crate) org: Value,
}

impl Server {
    /// Starts and waits until the org answers.
    pub(crate) fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_orgsim"))
            .args([
                "serve",
                "--org",
                "sales=0",
                "--records",
                "Account=5,Contact=5",
                "--seed",
                "7",
                "--state-dir",
            ])
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("standard output"))
            .read_line(&mut line)
            .expect("one line");
        let ready: Value = serde_json::from_str(&line).expect("JSON");
        Self { child, org: ready["orgs"][0].clone() }
    }

    /// Ends the process without giving it a chance to do anything (SIGKILL).
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("an end");
    }

    /// One call with a JSON body or none; status and JSON of the answer.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: Option<&Value>,
    ) -> (u16, Value) {
        let request = self.request(method, path, token);
        let request = match body {
            Some(body) => request.json(body),
            None => request.header("accept", "application/json"),
        };
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or_default())
    }

    /// One call with the body and headers that the caller gives it.
    pub(crate) fn request(&self, method: &str, path: &str, token: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.org["instance_url"].as_str().expect("a url"));
        client().request(method.parse().expect("a method"), url).bearer_auth(token)
    }

    /// A live session.
    pub(crate) fn token(&self) -> String {
        self.org["access_token"].as_str().expect("a token").to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
