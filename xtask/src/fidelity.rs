//! `fidelity`: runs every third-party client against the simulated org and writes what came of it to docs/fidelity.md.

use crate::arguments::Arguments;
use crate::error::Result;
use crate::{console, places, prepare, process, test};

/// The suite that drives the clients, and the variable that makes it write instead of compare.
const CLIENTS: &str = "package(isthmus-tests) & binary(clients) & test(/^[a-z_]+_(does|brings)_/)";
const WRITE: &str = "ISTHMUS_FIDELITY_WRITE";

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    prepare::run(arguments)?;
    console::step("Building everything");
    process::run_beside(test::workspace("build").args(["--bins", "--tests"]))?;
    console::step("Driving the clients");
    let mut nextest = test::workspace("nextest");
    let nextest = test::with_tools(&mut nextest)?
        .args(["--filterset", CLIENTS])
        .env("ISTHMUS_CACHE", places::cache()?)
        .env(WRITE, "1");
    process::run(nextest)
}
