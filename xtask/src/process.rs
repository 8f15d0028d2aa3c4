//! Starting programs, with errors that name the command line.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::{Error, Result};
use crate::places;

/// Cargo, as the program that started this one, in the checkout.
pub(crate) fn cargo() -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(places::checkout());
    // `cargo run` gives these to the program it runs. Passed on, they would make build scripts of other packages
    // run again, for cargo compares the environment that they read.
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
        }) {
            command.env_remove(name);
        }
    }
    command.env_remove("CARGO");
    command
}

/// Runs a command to its end; its output goes where ours goes.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|source| Error::system(line(command), source))?;
    if status.success() { Ok(()) } else { Err(failed(command, status.code())) }
}

/// Runs a command to its end with its standard output sent to stderr, because stdout belongs to the result.
pub(crate) fn run_beside(command: &mut Command) -> Result<()> {
    run(command.stdin(Stdio::null()).stdout(std::io::stderr()))
}

/// Runs a command and returns what it printed.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| Error::system(line(command), source))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(failed(command, output.status.code()))
    }
}

/// The program of that name on the search path.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The search path with `folder` before all others.
pub(crate) fn path_with(folder: &Path) -> Result<std::ffi::OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_path_buf()).chain(env::split_paths(&path));
    env::join_paths(folders).map_err(|error| {
        Error::check(format!("{} cannot stand in PATH: {error}", folder.display()))
    })
}

/// A command as one would type it.
pub(crate) fn line(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

fn failed(command: &Command, code: Option<i32>) -> Error {
    Error::Program { line: line(command), code }
}
