//! `bench`: throughput and memory, in release.

use crate::arguments::Arguments;
use crate::error::Result;
use crate::prepare::{self, Purpose};
use crate::session::Session;
use crate::{console, places, process};

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    prepare::ensure(Purpose::Job, arguments)?;
    console::step("Building in release");
    process::run_beside(process::cargo().args([
        "build",
        "--locked",
        "--release",
        "--package",
        "isthmus-cli",
        "--package",
        "orgsim",
    ]))?;
    process::run_beside(process::cargo().args([
        "bench",
        "--locked",
        "--package",
        "isthmus-tests",
        "--no-run",
    ]))?;
    console::step("Running the benches");
    let session = Session::start("bench")?;
    let mut bench = process::cargo();
    bench
        .args(["bench", "--locked", "--quiet", "--package", "isthmus-tests", "--"])
        .args(arguments.passed_on());
    process::run(session.admit(&mut bench).env("CARGO_TARGET_DIR", places::target()))
}
