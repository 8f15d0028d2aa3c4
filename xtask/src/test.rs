//! `test`: the whole check, with nextest's summary as its last line.

use std::process::Command;

use crate::arguments::Arguments;
use crate::error::Result;
use crate::session::Session;
use crate::virtual_display::VirtualDisplay;
use crate::{console, places, prepare, process, ui};

/// The console's package, which is linted once more as what it is in earnest: wasm.
const UI: &str = "isthmus-ui";

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    prepare::run(arguments)?;
    console::step("Format");
    process::run_beside(cargo("fmt").args(["--all", "--check"]))?;
    console::step("Dependency rules: bans, licences, sources");
    process::run_beside(with_tools(&mut cargo("deny"))?.args([
        "--workspace",
        "check",
        "bans",
        "licenses",
        "sources",
    ]))?;
    ui::run()?;
    lints()?;
    documentation()?;
    console::step("Building everything");
    process::run_beside(workspace("build").args(["--bins", "--tests"]))?;
    console::step("Doctests");
    process::run_beside(workspace("test").args(["--doc", "--quiet"]))?;
    suites(arguments)
}

fn lints() -> Result<()> {
    console::step("Lints");
    process::run_beside(workspace("clippy").args(["--all-targets", "--", "--deny", "warnings"]))?;
    console::step("Lints of the console");
    process::run_beside(cargo("clippy").args([
        "--locked",
        "--package",
        UI,
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        "wasm",
        "--",
        "--deny",
        "warnings",
    ]))
}

fn documentation() -> Result<()> {
    console::step("Documentation");
    process::run_beside(
        workspace("doc")
            .args(["--no-deps", "--document-private-items"])
            .env("RUSTDOCFLAGS", "--deny warnings"),
    )
}

/// Every suite in one run, in a session and on a display of its own.
fn suites(arguments: &Arguments) -> Result<()> {
    console::step("Every suite");
    let session = Session::start("test")?;
    let display = VirtualDisplay::start()?;
    let cache = places::cache()?;
    let target = places::target();
    let mut nextest = workspace("nextest");
    let nextest = with_tools(session.admit(&mut nextest))?
        .args(arguments.passed_on())
        .env("DISPLAY", display.name())
        .env_remove("WAYLAND_DISPLAY")
        // The session has homes of its own; what was prepared stays where it is.
        .env("ISTHMUS_CACHE", cache)
        .env("CARGO_TARGET_DIR", target);
    process::run(nextest)
}

/// A cargo command over all packages, with the same choice of packages each time: another choice would unify other
/// features and compile the dependencies once more. The console is among them for its unit tests, which need no page.
pub(crate) fn workspace(subcommand: &str) -> Command {
    let mut command = cargo(subcommand);
    if subcommand == "nextest" {
        command.arg("run");
    }
    command.args(["--locked", "--workspace"]);
    command
}

fn cargo(subcommand: &str) -> Command {
    let mut command = process::cargo();
    command.arg(subcommand);
    command
}

pub(crate) fn with_tools(command: &mut Command) -> Result<&mut Command> {
    Ok(command.env("PATH", process::path_with(&places::tools()?.join("bin"))?))
}
