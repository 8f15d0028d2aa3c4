//! `fuzz`: every fuzz target for longer than the suites run it.

use crate::arguments::Arguments;
use crate::error::Result;
use crate::{console, places, process};

/// Where fuzz targets are: tests whose names hold `fuzz_`.
const PACKAGES: [&str; 4] = ["--package", "orgsim", "--package", "isthmus-salesforce"];

/// How long each target runs when nothing is said.
const MINUTES: u64 = 5;

/// The variable in which the fuzz engine takes a target's time; it goes before the time in the target's source.
const TIME_MS: &str = "BOLERO_RANDOM_TEST_TIME_MS";

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let minutes = arguments.minutes().unwrap_or(MINUTES);
    console::step(&format!("Fuzzing each target for {minutes} minutes"));
    let mut nextest = process::cargo();
    nextest
        .args(["nextest", "run", "--locked", "--profile", "fuzz"])
        .args(PACKAGES)
        .args(["-E", "test(fuzz_)"])
        .args(arguments.passed_on())
        .env("PATH", process::path_with(&places::tools()?.join("bin"))?)
        .env("CARGO_TARGET_DIR", places::target())
        .env(TIME_MS, minutes.saturating_mul(60_000).to_string());
    process::run(&mut nextest)
}
