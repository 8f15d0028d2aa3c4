//! The `isthmus` command on a fresh profile: own home, own keychain, own browser.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::binary;
use crate::keychain::{self, Keychain, State};
use crate::orgs::Orgs;

/// One person's machine.
pub struct Desk {
    home: TempDir,
    /// The keychain, which a test may lock or end.
    pub keychain: Keychain,
    /// Variables that every command of this desk gets besides its own.
    pub variables: Vec<(String, String)>,
    /// Program and arguments that commands are started through; empty for none.
    pub through: Vec<String>,
}

/// What a command printed and how it ended.
#[derive(Debug)]
pub struct Done {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Done {
    /// The JSON document on standard output.
    ///
    /// # Panics
    /// When there is none; the text shows everything that was printed.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }

    /// Fails the test unless the command ended with 0.
    ///
    /// # Panics
    /// When it did not.
    #[must_use]
    pub fn passed(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// Everything that was printed.
    #[must_use]
    pub fn printed(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

impl Desk {
    /// A fresh profile with an unlocked keychain and no workspace.
    ///
    /// # Panics
    /// When the machine lacks what `cargo xtask prepare` installs.
    #[must_use]
    pub fn new() -> Self {
        Self::with_keychain(State::Unlocked)
    }

    /// A fresh profile with the keychain in a given state.
    ///
    /// # Panics
    /// When the machine lacks what `cargo xtask prepare` installs.
    #[must_use]
    pub fn with_keychain(state: State) -> Self {
        let home =
            tempfile::Builder::new().prefix("isthmus-desk").tempdir().expect("a temporary folder");
        let keychain = Keychain::start(home.path(), state);
        let programs = home.path().join("programs");
        std::fs::create_dir(&programs).expect("the folder is fresh");
        #[cfg(unix)]
        std::os::unix::fs::symlink(binary::path("test-browser"), programs.join("xdg-open"))
            .expect("a fresh link");
        Self { home, keychain, variables: Vec::new(), through: Vec::new() }
    }

    /// A profile with a workspace.
    ///
    /// # Panics
    /// When the workspace cannot be created.
    #[must_use]
    pub fn with_workspace() -> Self {
        let desk = Self::new();
        let _ = desk.run(&["workspace", "create", "--json"]).passed();
        desk
    }

    /// The profile's home folder.
    #[must_use]
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The command, ready to be given more; its standard input is empty.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.program();
        keychain::environment(&mut command, self.home(), &self.keychain.address);
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .args(arguments)
            .env("PATH", format!("{}:{path}", self.home().join("programs").display()))
            .env("ISTHMUS_HOME", self.home().join("isthmus"))
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    fn program(&self) -> Command {
        let isthmus = binary::path("isthmus");
        let Some((first, rest)) = self.through.split_first() else { return Command::new(isthmus) };
        let mut command = Command::new(first);
        command.args(rest).arg(isthmus);
        command
    }

    /// Runs a command to its end.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Done {
        done(&self.command(arguments).output().expect("isthmus starts"))
    }

    /// Runs a command that reads `input`.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Done {
        let mut child = self.spawn_piped(arguments);
        if let Some(mut stdin) = child.stdin.take() {
            // A command that refuses early closes its input; that is its right.
            let _ = stdin.write_all(input.as_bytes());
        }
        done(&child.wait_with_output().expect("isthmus ends"))
    }

    fn spawn_piped(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("isthmus starts")
    }

    /// Connects an org through the login page, as the browser of the profile does it.
    #[must_use]
    pub fn connect(&self, orgs: &Orgs, name: &str) -> Done {
        self.connect_as(orgs, name, name, "allow")
    }

    /// Connects the org `served` under `name`; the browser behaves as told (see `tests/browser`).
    ///
    /// # Panics
    /// When the command cannot be started.
    #[must_use]
    pub fn connect_as(&self, orgs: &Orgs, served: &str, name: &str, browser: &str) -> Done {
        let org = orgs.announcement(served);
        let mut command = self.command(&[
            "org",
            "connect",
            name,
            "--login-url",
            &org.login_url,
            "--client-id",
            &org.client_id,
            "--json",
        ]);
        command
            .env("TEST_BROWSER_USERNAME", &org.username)
            .env("TEST_BROWSER_PASSWORD", &org.password)
            .env("TEST_BROWSER_MODE", browser)
            .args(callback_ports(org));
        done(&command.output().expect("isthmus starts"))
    }

    /// Connects an org with a session that exists already; quicker than a login where the login is not the point.
    #[must_use]
    pub fn adopt(&self, orgs: &Orgs, name: &str) -> Done {
        let org = orgs.announcement(name);
        let arguments = [
            "org",
            "connect",
            name,
            "--access-token-stdin",
            "--instance-url",
            &org.instance_url,
            "--json",
        ];
        self.run_with_input(&arguments, &org.access_token)
    }

    /// Writes a file into the home and gives its path.
    ///
    /// # Panics
    /// When it cannot be written.
    #[must_use]
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.home().join(name);
        std::fs::write(&path, text).expect("the home is writable");
        path
    }

    /// Imports a mapping.
    #[must_use]
    pub fn import(&self, text: &str) -> Done {
        let path = self.file("sync.yaml", text);
        self.run(&["sync", "import", &path.display().to_string(), "--json"])
    }
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

/// A desk with a workspace, both orgs adopted and a mapping imported.
///
/// # Panics
/// When one of the steps fails.
#[must_use]
pub fn ready(orgs: &Orgs, mapping: &str) -> Desk {
    let desk = Desk::with_workspace();
    let _ = desk.adopt(orgs, "sales").passed();
    let _ = desk.adopt(orgs, "service").passed();
    let _ = desk.import(mapping).passed();
    desk
}

/// A finished child's output as text.
#[must_use]
pub fn done(output: &Output) -> Done {
    Done {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The callback ports the org registered for tests, so that tests running side by side do not share one.
#[must_use]
pub fn callback_ports(org: &orgsim::serve::Announcement) -> Vec<String> {
    let own = org
        .redirect_uris
        .iter()
        .filter(|uri| !orgsim::oauth::DEFAULT_REDIRECT_URIS.contains(&uri.as_str()));
    own.filter_map(|uri| url::Url::parse(uri).ok()?.port())
        .flat_map(|port| ["--callback-port".to_owned(), port.to_string()])
        .collect()
}
