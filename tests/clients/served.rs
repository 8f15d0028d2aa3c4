//! Orgs of the real `orgsim` in a process of its own, and the oracle: what they hold is asked of their control endpoint.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use isthmus_tests::binary;
use serde_json::Value;

use crate::client::Client;

/// More than one page of 2,000, so that clients must follow the locator.
const ACCOUNTS: &str = "Account=2500";

/// Running orgs; they end with this value.
pub(crate) struct Served {
    /// What the program announces, one entry per org.
    pub(crate) announced: Value,
    process: Child,
}

impl Served {
    /// Serves the orgs that a client's script wants.
    pub(crate) fn start(client: &Client) -> Self {
        let mut command = Command::new(binary::path("orgsim"));
        command.args(["serve", "--until-stdin-closes", "--seed", "7", "--records", ACCOUNTS]);
        for org in client.orgs {
            command.args(["--org", &format!("{org}=0")]);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("orgsim starts");
        let output = process.stdout.as_mut().expect("its output is kept");
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).expect("orgsim tells when it is ready");
        let announced: Value = serde_json::from_str(&line).expect("one line of JSON");
        Self { announced: announced["orgs"].clone(), process }
    }

    /// What the first org says of itself.
    pub(crate) fn org(&self) -> Value {
        self.ask(0, "org")
    }

    /// Names of the live accounts of the first org whose ERP key starts so, sorted.
    pub(crate) fn names_with_key(&self, prefix: &str) -> Vec<String> {
        let rows = self.rows(0, "Account");
        let own = rows
            .iter()
            .filter(|row| row["ERP_Key__c"].as_str().is_some_and(|key| key.starts_with(prefix)));
        let mut names: Vec<String> =
            own.filter_map(|row| row["Name"].as_str().map(str::to_owned)).collect();
        names.sort();
        names
    }

    /// All live rows of an object.
    pub(crate) fn rows(&self, org: usize, object: &str) -> Vec<Value> {
        let answer = self.ask(org, &format!("rows?object={object}"));
        answer.as_array().or_else(|| answer["rows"].as_array()).expect("a list of rows").clone()
    }

    fn ask(&self, org: usize, path: &str) -> Value {
        let base = self.announced[org]["instance_url"].as_str().expect("an org has an address");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let answer = reqwest::get(format!("{base}/__orgsim/{path}")).await;
            answer.expect("the org answers").json().await.expect("JSON")
        })
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It ends by itself when its input closes; a kill leaves nothing to wait for.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
