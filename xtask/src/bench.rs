//! `bench`: throughput and memory, in release.

use crate::arguments::Arguments;
use crate::error::Result;
use crate::prepare::{self, Purpose};
use crate::session::Session;
use crate::{console, places, process};

/// The measured binary and the benches. The same packages in both commands, so that both build the same.
const PACKAGES: [&str; 4] = ["--package", "isthmus-cli", "--package", "isthmus-tests"];

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    prepare::ensure(Purpose::Job, arguments)?;
    console::step("Building in release");
    let mut build = process::cargo();
    process::run_beside(
        build.args(["build", "--locked", "--release", "--bins", "--benches"]).args(PACKAGES),
    )?;
    console::step("Running the benches");
    let session = Session::start("bench")?;
    let mut bench = process::cargo();
    bench
        .args(["bench", "--locked", "--quiet", "--bench", "*"])
        .args(PACKAGES)
        .arg("--")
        .args(arguments.passed_on());
    process::run(session.admit(&mut bench).env("CARGO_TARGET_DIR", places::target()))
}
