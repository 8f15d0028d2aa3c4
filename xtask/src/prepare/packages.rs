//! System packages, through apt.

use std::process::Command;

use super::{Missing, Purpose};
use crate::error::Result;
use crate::{console, process};

/// Compilers for SQLCipher, OpenSSL and the TLS library, and the session that a headless keychain lives in.
const ENGINE: &[&str] =
    &["build-essential", "pkg-config", "perl", "ca-certificates", "dbus", "gnome-keyring"];

/// The web view and what Tauri links beside it.
const WINDOW: &[&str] =
    &["libwebkit2gtk-4.1-dev", "libayatana-appindicator3-dev", "librsvg2-dev", "fonts-dejavu-core"];

/// The real window under test, and the Python of third-party clients.
const CHECK: &[&str] = &["webkit2gtk-driver", "xvfb", "xauth", "python3-venv"];

/// Which packages are missing, as one installation.
pub(super) fn missing(purpose: Purpose) -> Result<Vec<Missing>> {
    let wanted = wanted(purpose);
    if process::on_path("dpkg-query").is_none() || process::on_path("apt-get").is_none() {
        console::note("no apt here; this machine needs what Debian calls:");
        console::note(&wanted.join(" "));
        return Ok(Vec::new());
    }
    let absent: Vec<&str> = wanted.into_iter().filter(|package| !is_installed(package)).collect();
    if absent.is_empty() {
        return Ok(Vec::new());
    }
    let what = format!("system packages {}", absent.join(" "));
    Ok(vec![Missing { what, install: apt_install(&absent)? }])
}

fn wanted(purpose: Purpose) -> Vec<&'static str> {
    let groups: &[&[&str]] = match purpose {
        Purpose::Job => &[ENGINE],
        Purpose::Console => &[ENGINE, WINDOW],
        Purpose::Check => &[ENGINE, WINDOW, CHECK],
    };
    groups.concat()
}

fn is_installed(package: &str) -> bool {
    let query = Command::new("dpkg-query").args(["-W", "-f=${db:Status-Status}", package]).output();
    query.is_ok_and(|output| output.status.success() && output.stdout == b"installed")
}

/// One command that also fetches the package lists, for a fresh container has none.
fn apt_install(packages: &[&str]) -> Result<Command> {
    let script = format!(
        "apt-get update && apt-get install --yes --no-install-recommends {}",
        packages.join(" ")
    );
    let mut command = if is_root()? {
        Command::new("env")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.arg("env");
        sudo
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", "sh", "-c", &script]);
    Ok(command)
}

fn is_root() -> Result<bool> {
    Ok(process::read(Command::new("id").arg("-u"))?.trim() == "0")
}
