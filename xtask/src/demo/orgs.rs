//! The two simulated orgs of the demo.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::error::{Error, Result};
use crate::{binaries, console};

/// Names of the orgs, as the demo's mapping file has them.
pub(super) const NAMES: [&str; 2] = ["sales", "service"];

/// Enough that a run has batches, pages and parents; few enough that it ends in seconds.
const RECORDS: &str = "Account=800,Contact=1600";

/// The demo shows the same orgs each time.
const SEED: &str = "7";

/// The running simulator; it ends with its owner.
pub(super) struct Orgs {
    server: Child,
    /// One per name, in the same order.
    pub(super) list: Vec<Org>,
}

/// What a person would know about an org, and the admin about its connected app.
pub(super) struct Org {
    pub(super) name: String,
    pub(super) login_url: String,
    pub(super) username: String,
    pub(super) password: String,
    pub(super) client_id: String,
}

impl Orgs {
    /// Starts the simulator on free ports and waits until it answers.
    pub(super) fn start() -> Result<Self> {
        console::step("Starting two simulated orgs");
        let mut command = Command::new(binaries::built("orgsim")?);
        command.args(["serve", "--records", RECORDS, "--seed", SEED, "--until-stdin-closes"]);
        for name in NAMES {
            command.arg("--org").arg(format!("{name}=0"));
        }
        let server = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|source| Error::system("starting orgsim", source))?;
        let mut orgs = Self { server, list: Vec::new() };
        orgs.list = orgs.read_announcement()?;
        for org in &orgs.list {
            console::note(&format!("{} answers at {}", org.name, org.login_url));
        }
        Ok(orgs)
    }

    /// The one line that the simulator prints when it is ready.
    fn read_announcement(&mut self) -> Result<Vec<Org>> {
        let mut line = String::new();
        if let Some(output) = self.server.stdout.take() {
            BufReader::new(output)
                .read_line(&mut line)
                .map_err(|source| Error::system("reading what orgsim announces", source))?;
        }
        let announced: Value = serde_json::from_str(&line).map_err(|error| {
            Error::check(format!("orgsim announced `{}`: {error}", line.trim()))
        })?;
        announced["orgs"].as_array().into_iter().flatten().map(Org::read).collect()
    }
}

impl Drop for Orgs {
    fn drop(&mut self) {
        let _already_gone = self.server.kill();
        let _already_gone = self.server.wait();
    }
}

impl Org {
    fn read(announced: &Value) -> Result<Self> {
        let text = |key: &str| {
            let value = announced[key].as_str().map(str::to_owned);
            value.ok_or_else(|| {
                Error::check(format!("orgsim announced an org without `{key}`: {announced}"))
            })
        };
        Ok(Self {
            name: text("name")?,
            login_url: text("login_url")?,
            username: text("username")?,
            password: text("password")?,
            client_id: text("client_id")?,
        })
    }
}
