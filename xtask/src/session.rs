//! A desktop session of one's own: a D-Bus session bus with an unlocked keychain, home and runtime folders.
//!
//! Programs started in it find a working secret service on a machine that has none, and never meet the user's own.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::folder::TemporaryFolder;
use crate::process;

/// Unlocks a keychain that lives as long as the session and holds nothing of anybody's.
const KEYCHAIN_PASSWORD: &[u8] = b"session";

/// How often the bus is asked whether the keychain is there, and the pause between: 10 seconds in all, where a
/// loaded machine of two cores has needed one.
const ATTEMPTS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(100);

/// The running session; everything in it ends and goes with its owner.
#[derive(Debug)]
pub(crate) struct Session {
    // Fields drop in this order: the keychain before its bus, both before their folder.
    keychain: Daemon,
    _bus: Daemon,
    environment: Vec<(&'static str, OsString)>,
    folder: TemporaryFolder,
}

/// A program that ends when its owner goes.
#[derive(Debug)]
struct Daemon(Child);

impl Session {
    pub(crate) fn start(purpose: &str) -> Result<Self> {
        let folder = TemporaryFolder::create(purpose)?;
        let mut environment = folders(&folder)?;
        let (bus, address) = start_bus(&environment)?;
        environment.push(("DBUS_SESSION_BUS_ADDRESS", address.into()));
        let keychain = start_keychain(&environment)?;
        let mut session = Self { keychain, _bus: bus, environment, folder };
        session.wait_for_keychain()?;
        Ok(session)
    }

    /// Puts a program into the session.
    pub(crate) fn admit<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.envs(self.environment.iter().map(|(name, value)| (name, value)))
    }

    /// The folder that goes with the session.
    pub(crate) fn folder(&self) -> &TemporaryFolder {
        &self.folder
    }

    /// Programs that asked for a secret too early would make the bus start another, locked keychain.
    fn wait_for_keychain(&mut self) -> Result<()> {
        for _ in 0..ATTEMPTS {
            if self.has_keychain()? {
                return Ok(());
            }
            if matches!(self.keychain.0.try_wait(), Ok(Some(_))) {
                break;
            }
            thread::sleep(PAUSE);
        }
        Err(Error::check(
            "gnome-keyring-daemon did not come up; run `gnome-keyring-daemon --foreground --unlock` to see why",
        ))
    }

    fn has_keychain(&self) -> Result<bool> {
        let mut question = Command::new("dbus-send");
        question.args([
            "--session",
            "--print-reply=literal",
            "--dest=org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus.NameHasOwner",
            "string:org.freedesktop.secrets",
        ]);
        Ok(process::read(self.admit(&mut question))?.contains("true"))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _already_gone = self.0.kill();
        let _already_gone = self.0.wait();
    }
}

/// Homes for what programs keep, so that nothing of the user's is read or written. Cargo and rustup keep theirs.
fn folders(folder: &TemporaryFolder) -> Result<Vec<(&'static str, OsString)>> {
    let mut environment = vec![
        ("HOME", folder.subfolder("home")?.into_os_string()),
        ("XDG_RUNTIME_DIR", folder.subfolder("run")?.into_os_string()),
        ("XDG_DATA_HOME", folder.subfolder("data")?.into_os_string()),
        ("XDG_CONFIG_HOME", folder.subfolder("config")?.into_os_string()),
        ("XDG_CACHE_HOME", folder.subfolder("cache")?.into_os_string()),
        ("XDG_STATE_HOME", folder.subfolder("state")?.into_os_string()),
    ];
    for (variable, default) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        let given = std::env::var_os(variable).map(PathBuf::from);
        let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(default));
        if let Some(path) = given.or(home) {
            environment.push((variable, path.into_os_string()));
        }
    }
    Ok(environment)
}

fn start_bus(environment: &[(&'static str, OsString)]) -> Result<(Daemon, String)> {
    let mut bus = Command::new("dbus-daemon")
        .args(["--session", "--nofork", "--print-address=1"])
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|source| {
            Error::system("starting dbus-daemon (cargo xtask prepare installs it)", source)
        })?;
    let output = bus.stdout.take();
    let bus = Daemon(bus);
    let mut address = String::new();
    if let Some(output) = output {
        BufReader::new(output)
            .read_line(&mut address)
            .map_err(|source| Error::system("reading the address of dbus-daemon", source))?;
    }
    if address.trim().is_empty() {
        return Err(Error::check(
            "dbus-daemon ended at once; run `dbus-daemon --session` to see why",
        ));
    }
    Ok((bus, address.trim().to_owned()))
}

fn start_keychain(environment: &[(&'static str, OsString)]) -> Result<Daemon> {
    let mut keychain = Command::new("gnome-keyring-daemon")
        .args(["--foreground", "--unlock", "--components=secrets"])
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|source| {
            Error::system("starting gnome-keyring-daemon (cargo xtask prepare installs it)", source)
        })?;
    let input = keychain.stdin.take();
    let keychain = Daemon(keychain);
    if let Some(mut input) = input {
        // The daemon reads to the end of its input, which closes when `input` goes.
        input
            .write_all(KEYCHAIN_PASSWORD)
            .map_err(|source| Error::system("unlocking gnome-keyring-daemon", source))?;
    }
    Ok(keychain)
}
