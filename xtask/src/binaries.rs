//! Building our binaries, and where they are.

use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::{console, places, process};

/// Builds the headless command and the simulator, and the console where there is a display to show it on.
pub(crate) fn build(packages: &[&str]) -> Result<()> {
    console::step(&format!("Building {}", packages.join(", ")));
    let mut command = process::cargo();
    command.args(["build", "--locked", "--bins"]);
    for package in packages {
        command.args(["--package", package]);
    }
    process::run_beside(&mut command)
}

/// A binary of the development profile.
pub(crate) fn built(name: &str) -> Result<PathBuf> {
    let file =
        places::target().join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if file.is_file() {
        Ok(file)
    } else {
        Err(Error::check(format!("{} was not built; run `cargo build` to see why", file.display())))
    }
}
