//! `bench`: throughput and memory of the engine, start, memory and smoothness of the window, in release.

use crate::arguments::Arguments;
use crate::error::Result;
use crate::prepare::{self, Purpose};
use crate::session::Session;
use crate::virtual_display::VirtualDisplay;
use crate::{console, places, process, ui};

/// The measured binaries and the benches. The same packages in both commands, so that both build the same.
const PACKAGES: [&str; 8] = [
    "--package",
    "isthmus-cli",
    "--package",
    "isthmus-desktop",
    "--package",
    "isthmus-tests",
    "--package",
    "orgsim",
];

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    prepare::ensure(Purpose::Check, arguments)?;
    ui::run()?;
    console::step("Building in release");
    let mut build = process::cargo();
    process::run_beside(
        build
            .args(["build", "--locked", "--release", "--bins", "--benches", "--examples"])
            .args(PACKAGES),
    )?;
    console::step("Running the benches");
    let session = Session::start("bench")?;
    let display = VirtualDisplay::start()?;
    let mut bench = process::cargo();
    bench
        .args(["bench", "--locked", "--quiet", "--bench", "*"])
        .args(PACKAGES)
        .arg("--")
        .args(arguments.passed_on());
    process::run(
        session
            .admit(&mut bench)
            .env("CARGO_TARGET_DIR", places::target())
            .env("ISTHMUS_CACHE", places::cache()?)
            .env("DISPLAY", display.name())
            .env_remove("WAYLAND_DISPLAY"),
    )
}
