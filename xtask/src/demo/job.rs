//! The main job, done with the headless command as an admin would do it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::Value;

use crate::browser;
use crate::demo::orgs::{Org, Orgs};
use crate::demo::report::Report;
use crate::error::{Error, Result};
use crate::session::Session;
use crate::{binaries, console, places, process};

/// The mapping that the demo imports, and the name of the sync in it.
const MAPPING: &str = "docs/examples/sales-to-service.yaml";
const SYNC: &str = "sales-to-service";

/// Rows of plan and report that are shown: enough to see what a row looks like.
const ROWS_SHOWN: &str = "8";

/// How a run of the demo may end: everything written, nothing to write, some rows refused. The list of all codes is in
/// `isthmus --help`.
const RUN_CODES: [i32; 3] = [0, 10, 11];

/// The job in a session, on a workspace of its own.
pub(super) struct Job<'a> {
    session: &'a Session,
    orgs: &'a Orgs,
    isthmus: PathBuf,
    workspace: PathBuf,
    browser: Browser,
}

/// The program that `isthmus` finds where it looks for the person's browser.
struct Browser {
    folder: PathBuf,
    people: PathBuf,
    log: PathBuf,
}

impl<'a> Job<'a> {
    pub(super) fn new(session: &'a Session, orgs: &'a Orgs) -> Result<Self> {
        Ok(Self {
            session,
            orgs,
            isthmus: binaries::built("isthmus")?,
            workspace: session.folder().subfolder("workspace")?,
            browser: Browser::install(session, orgs)?,
        })
    }

    /// Everything before the first run: workspace, both orgs, mapping.
    pub(super) fn make_ready(&self) -> Result<()> {
        console::step(&format!("Making a workspace ready in {}", self.workspace.display()));
        console::note("creating the workspace");
        take(&mut self.isthmus(&["workspace", "create"]))?;
        for org in &self.orgs.list {
            self.connect(org)?;
        }
        console::note("importing the mapping");
        take(self.isthmus(&["sync", "import"]).arg(places::checkout().join(MAPPING)))
    }

    /// The whole job with its report.
    pub(super) fn run(&self) -> Result<Report> {
        let begun = Instant::now();
        self.make_ready()?;
        console::note("planning");
        self.show(&["plan", SYNC, "--limit", ROWS_SHOWN])?;
        console::note("running");
        let first = self.run_sync()?;
        console::note("reporting");
        let number = first["run"].to_string();
        self.show(&[
            "report",
            number.trim_matches('"'),
            "--outcome",
            "failed",
            "--limit",
            ROWS_SHOWN,
        ])?;
        console::note("running again");
        let second = self.run_sync()?;
        Report::new(&first, &second, begun.elapsed())
    }

    /// A step whose answer is part of the show.
    fn show(&self, words: &[&str]) -> Result<()> {
        process::run_beside(&mut self.isthmus(words))
    }

    /// A real login: the command opens a browser, waits on loopback and keeps the tokens in the session's keychain.
    fn connect(&self, org: &Org) -> Result<()> {
        console::note(&format!("connecting {}", org.name));
        let mut connect =
            self.isthmus(&["org", "connect", &org.name, "--login-url", &org.login_url]);
        connect.args(["--client-id", &org.client_id]);
        take(&mut connect).inspect_err(|_| self.browser.tell_log())
    }

    /// Runs the sync and returns its report, the last line that it prints.
    fn run_sync(&self) -> Result<Value> {
        let mut run = self.isthmus(&["run", SYNC, "--json"]);
        let output = run
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|source| Error::system(process::line(&run), source))?;
        if !output.status.code().is_some_and(|code| RUN_CODES.contains(&code)) {
            return Err(Error::Program { line: process::line(&run), code: output.status.code() });
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let line = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
        serde_json::from_str(line).map_err(|error| {
            Error::check(format!("`{}` printed `{line}`: {error}", process::line(&run)))
        })
    }

    fn isthmus(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.isthmus);
        command.args(words);
        self.admit(&mut command);
        command
    }

    /// Puts a program on the demo's workspace, in its session, with its browser.
    pub(super) fn admit(&self, command: &mut Command) {
        command.env("ISTHMUS_HOME", &self.workspace).env(browser::PEOPLE, &self.browser.people);
        self.session.admit(command);
        if let Ok(path) = process::path_with(&self.browser.folder) {
            command.env("PATH", path);
        }
    }
}

impl Browser {
    fn install(session: &Session, orgs: &Orgs) -> Result<Self> {
        let folder = session.folder().subfolder("browser")?;
        let browser = Self { people: folder.join("people"), log: folder.join("log"), folder };
        let people: Vec<String> = orgs
            .list
            .iter()
            .map(|org| format!("{}\t{}\t{}\n", org.login_url, org.username, org.password))
            .collect();
        write(&browser.people, &people.concat())?;
        let ourselves = std::env::current_exe()
            .map_err(|source| Error::system("finding xtask itself", source))?;
        let program = browser.folder.join("xdg-open");
        write(
            &program,
            &format!(
                "#!/bin/sh\nexec '{}' {} \"$1\" >>'{}' 2>&1\n",
                ourselves.display(),
                browser::COMMAND,
                browser.log.display()
            ),
        )?;
        process::run_beside(Command::new("chmod").arg("700").arg(&program))?;
        Ok(browser)
    }

    /// What the browser said, for the person who wonders why a login failed.
    fn tell_log(&self) {
        for line in fs::read_to_string(&self.log).unwrap_or_default().lines() {
            console::note(&format!("browser: {line}"));
        }
    }
}

/// A step whose answer nobody needs, unless it fails.
fn take(command: &mut Command) -> Result<()> {
    process::read(command).map(drop)
}

fn write(path: &PathBuf, text: &str) -> Result<()> {
    fs::write(path, text).map_err(|source| Error::file("writing", path, source))
}
