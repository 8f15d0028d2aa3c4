//! A private secret service: its own bus, its own keyring daemon, its own home.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a bus or daemon may take to come up on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(20);

/// Whether the keyring is unlocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Unlocked with a password.
    Unlocked,
    /// Nobody has unlocked it: every access asks a prompter that is not there.
    Locked,
    /// No secret service at all.
    Absent,
}

/// A bus and a keyring daemon that end with this value.
pub struct Keychain {
    bus: Child,
    daemon: Option<Child>,
    /// The bus address, for `DBUS_SESSION_BUS_ADDRESS`.
    pub address: String,
}

impl Keychain {
    /// Starts both with `home` as their home.
    ///
    /// # Panics
    /// When the machine has no dbus-daemon or gnome-keyring-daemon; `cargo xtask prepare` installs them.
    #[must_use]
    pub fn start(home: &Path, state: State) -> Self {
        let (bus, address) = start_bus(home, state);
        let mut keychain = Self { bus, daemon: None, address };
        if state != State::Absent {
            keychain.start_daemon(home, state);
        }
        keychain
    }

    /// Forgets everything: the keyring's files are deleted and the daemon begins anew, unlocked.
    pub fn forget(&mut self, home: &Path) {
        self.stop_daemon();
        let _ = std::fs::remove_dir_all(home.join("data/keyrings"));
        self.start_daemon(home, State::Unlocked);
    }

    /// Ends the keyring daemon and starts it again, as after a login without a password.
    pub fn restart(&mut self, home: &Path, state: State) {
        self.stop_daemon();
        self.start_daemon(home, state);
    }

    /// Lets the keyring daemon answer nobody any more, as one that waits for a prompt.
    ///
    /// # Panics
    /// When there is no daemon.
    pub fn freeze(&self) {
        let daemon = self.daemon.as_ref().expect("a keyring daemon runs").id().to_string();
        let stopped =
            Command::new("kill").args(["-STOP", &daemon]).status().expect("kill is there");
        assert!(stopped.success(), "the daemon is ours");
    }

    fn stop_daemon(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }

    fn start_daemon(&mut self, home: &Path, state: State) {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]).stdin(Stdio::piped());
        if state == State::Unlocked {
            command.arg("--unlock");
        }
        environment(&mut command, home, &self.address);
        let mut daemon = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon is installed; run `cargo xtask prepare`");
        if let Some(mut stdin) = daemon.stdin.take() {
            stdin.write_all(b"test").expect("the daemon reads its password");
        }
        self.daemon = Some(daemon);
        self.wait_for_service(home);
    }

    fn wait_for_service(&self, home: &Path) {
        let started = Instant::now();
        while started.elapsed() < START_LIMIT {
            let mut ask = Command::new("dbus-send");
            ask.args([
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.DBus",
                "/org/freedesktop/DBus",
                "org.freedesktop.DBus.NameHasOwner",
                "string:org.freedesktop.secrets",
            ]);
            environment(&mut ask, home, &self.address);
            let answer = ask.output().expect("dbus-send is installed; run `cargo xtask prepare`");
            if String::from_utf8_lossy(&answer.stdout).contains("true") {
                return;
            }
            std::thread::sleep(POLL);
        }
        panic!("the secret service did not come up");
    }
}

impl Drop for Keychain {
    fn drop(&mut self) {
        for child in self.daemon.iter_mut().chain([&mut self.bus]) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Gives a command the private bus and home.
pub fn environment(command: &mut Command, home: &Path, address: &str) {
    command
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY");
}

/// A bus that starts no service by itself.
const BARE_BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"#;

fn start_bus(home: &Path, state: State) -> (Child, String) {
    let mut command = Command::new("dbus-daemon");
    if state == State::Absent {
        let config = home.join("bus.conf");
        std::fs::write(&config, BARE_BUS).expect("the home is writable");
        command.arg("--config-file").arg(config);
    } else {
        command.arg("--session");
    }
    command.args(["--nofork", "--print-address"]).stdout(Stdio::piped()).stderr(Stdio::null());
    environment(&mut command, home, "");
    let mut bus = command.spawn().expect("dbus-daemon is installed; run `cargo xtask prepare`");
    let mut address = String::new();
    if let Some(stdout) = bus.stdout.take() {
        BufReader::new(stdout).read_line(&mut address).expect("the bus prints its address");
    }
    (bus, address.trim().to_owned())
}
