//! The wasm target and the cargo tools, at fixed versions.

use std::process::Command;

use super::{Missing, Purpose};
use crate::error::Result;
use crate::{places, process};

/// The target that the console compiles to.
const WASM: &str = "wasm32-unknown-unknown";

/// A program that `cargo install` gives.
struct Tool {
    package: &'static str,
    program: &'static str,
    version: &'static str,
    /// What its `--version` must contain for one found on the search path to be taken.
    accepted: &'static str,
}

/// Any cargo-nextest of the 0.9 line runs our suites; the other two changed their rules between versions.
const TOOLS: &[Tool] = &[
    Tool {
        package: "cargo-nextest",
        program: "cargo-nextest",
        version: "0.9.143",
        accepted: " 0.9.",
    },
    Tool { package: "cargo-deny", program: "cargo-deny", version: "0.20.2", accepted: " 0.20." },
    Tool { package: "tauri-driver", program: "tauri-driver", version: "2.1.0", accepted: "2.1.0" },
];

/// Which tools are missing.
pub(super) fn missing(purpose: Purpose) -> Result<Vec<Missing>> {
    let mut missing = Vec::new();
    if purpose != Purpose::Job && !has_wasm_target()? {
        let mut install = Command::new("rustup");
        install.current_dir(places::checkout()).args(["target", "add", WASM]);
        missing.push(Missing { what: format!("the target {WASM} of the toolchain"), install });
    }
    if purpose == Purpose::Check {
        for tool in TOOLS {
            if !is_installed(tool)? {
                let what = format!("{} {}", tool.package, tool.version);
                missing.push(Missing { what, install: cargo_install(tool)? });
            }
        }
    }
    Ok(missing)
}

/// Asks the compiler, not rustup: a toolchain may come with its targets and without rustup.
fn has_wasm_target() -> Result<bool> {
    let mut query = Command::new("rustc");
    query.current_dir(places::checkout()).args(["--print", "target-libdir", "--target", WASM]);
    let folder = process::read(&mut query)?;
    Ok(std::path::Path::new(folder.trim()).is_dir())
}

/// A tool counts when it stands in our cache, where only we install, or on the search path at a version that will do.
fn is_installed(tool: &Tool) -> Result<bool> {
    let ours = places::tools()?.join("bin").join(tool.program);
    Ok(ours.is_file() || (process::on_path(tool.program).is_some() && answers(tool)))
}

fn answers(tool: &Tool) -> bool {
    let Ok(output) = Command::new(tool.program).arg("--version").output() else { return false };
    String::from_utf8_lossy(&output.stdout).contains(tool.accepted)
}

/// The tools run for seconds: compiling them fast matters more than their speed.
fn cargo_install(tool: &Tool) -> Result<Command> {
    let mut command = process::cargo();
    command
        .args(["install", "--locked", "--version", tool.version, "--root"])
        .arg(places::tools()?)
        .arg(tool.package)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        // Its objects are of no further use; without this they would stay in our target folder.
        .env_remove("CARGO_TARGET_DIR");
    Ok(command)
}
