//! `prepare`: finds what the machine lacks, asks, installs.

mod packages;
mod tools;

use std::path::PathBuf;
use std::process::Command;

use crate::arguments::{Arguments, Switch};
use crate::error::{Error, Result};
use crate::{console, places, process};

/// What a command is going to do, hence what it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The headless job: engine, simulator, a secret service.
    Job,
    /// The job and the console.
    Console,
    /// Everything that the whole check touches.
    Check,
}

/// Something missing, with the command that installs it.
struct Missing {
    what: String,
    install: Command,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    ensure(Purpose::Check, arguments)?;
    clients()?;
    console::note("everything that building and testing need is here");
    Ok(())
}

/// Installs what `purpose` lacks, with the user's consent.
pub(crate) fn ensure(purpose: Purpose, arguments: &Arguments) -> Result<()> {
    console::step("Looking for what is missing");
    let mut missing = packages::missing(purpose)?;
    missing.extend(tools::missing(purpose)?);
    if missing.is_empty() {
        return Ok(());
    }
    for item in &missing {
        console::note(&format!("missing: {}", item.what));
    }
    consent(arguments, &missing)?;
    for mut item in missing {
        console::step(&format!("Installing {}", item.what));
        process::run_beside(&mut item.install)?;
    }
    Ok(())
}

/// The third-party clients that the tests run against the simulated org; their folder knows what they need.
fn clients() -> Result<()> {
    let script = places::checkout().join("tests/clients/prepare");
    if !script.is_file() {
        return Ok(());
    }
    console::step("Preparing the third-party clients");
    process::run_beside(Command::new(&script).env("ISTHMUS_CACHE", cache_made()?))
}

fn cache_made() -> Result<PathBuf> {
    let cache = places::cache()?;
    std::fs::create_dir_all(&cache)
        .map_err(|source| Error::file("making the folder", &cache, source))?;
    Ok(cache)
}

fn consent(arguments: &Arguments, missing: &[Missing]) -> Result<()> {
    if arguments.has(Switch::Yes) || std::env::var_os("CI").is_some_and(|value| !value.is_empty()) {
        return Ok(());
    }
    if console::can_ask() && console::ask("Install it?") {
        return Ok(());
    }
    let commands: Vec<String> =
        missing.iter().map(|item| format!("  {}", process::line(&item.install))).collect();
    Err(Error::Missing(format!(
        "nothing was installed; run it again with --yes, or run these yourself:\n{}",
        commands.join("\n")
    )))
}
