//! Running a test again inside a D-Bus session of its own, with its own home and keyring.

use std::path::Path;
use std::process::Command;

/// Set inside the session.
pub(crate) const INSIDE: &str = "ISTHMUS_VAULT_TEST_INSIDE";

/// Set in the session before the locked one, in which the keyring is open and secrets can be put into it.
pub(crate) const PREPARES: &str = "ISTHMUS_VAULT_TEST_PREPARES";

/// What the session has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keyring {
    /// A keyring that is open.
    Unlocked,
    /// A keyring that exists and is locked, with nobody there to answer a prompt.
    Locked,
    /// Not even a bus.
    None,
}

impl Keyring {
    /// What runs before the test. The locked one is made by a first daemon and served by a second.
    fn script(self) -> &'static str {
        match self {
            Self::Unlocked => {
                "printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1"
            }
            Self::Locked => {
                "dbus-run-session -- sh -c 'printf secret | gnome-keyring-daemon --unlock --components=secrets \
                 >/dev/null 2>&1; ISTHMUS_VAULT_TEST_PREPARES=1 \"$0\" --exact \"$1\" --nocapture' \"$0\" \"$1\" \
                 && gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1"
            }
            Self::None => ":",
        }
    }
}

/// True in the process that the test runner started.
pub(crate) fn outside() -> bool {
    std::env::var_os(INSIDE).is_none()
}

/// Runs one test of this binary inside a session, or says loudly why it cannot.
pub(crate) fn inside_own_session(test: &str, keyring: Keyring) {
    if keyring != Keyring::None && !installed("dbus-run-session") {
        return skipped(test, "dbus-run-session is not installed");
    }
    if keyring != Keyring::None && !installed("gnome-keyring-daemon") {
        return skipped(test, "gnome-keyring-daemon is not installed");
    }
    let home = tempfile::tempdir().unwrap();
    let status = session(test, keyring, home.path()).status().unwrap();
    assert!(status.success(), "{test} failed inside its session");
}

fn session(test: &str, keyring: Keyring, home: &Path) -> Command {
    let runner = std::env::current_exe().unwrap();
    let script = format!("{} && exec \"$0\" --exact \"$1\" --nocapture", keyring.script());
    let mut command = match keyring {
        Keyring::None => Command::new("sh"),
        Keyring::Unlocked | Keyring::Locked => {
            let mut command = Command::new("dbus-run-session");
            command.args(["--", "sh"]);
            command
        }
    };
    command.arg("-c").arg(script).arg(runner).arg(test);
    command.env(INSIDE, "1").env("HOME", home);
    for (name, folder) in [
        ("XDG_RUNTIME_DIR", "run"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
    ] {
        let folder = home.join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        command.env(name, folder);
    }
    for name in ["DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL"]
    {
        command.env_remove(name);
    }
    command
}

fn installed(program: &str) -> bool {
    let found =
        Command::new("sh").arg("-c").arg(format!("command -v {program} >/dev/null")).status();
    found.is_ok_and(|status| status.success())
}

fn skipped(test: &str, why: &str) {
    println!("SKIPPED {test}: {why}; install dbus and gnome-keyring to run it");
}
