//! The build's own commands: `cargo xtask <command>`.
//!
//! This package depends on nothing of ours and on no system library, so that it compiles before anything has been
//! installed. It looks for what is missing, builds, and starts the binaries that were built.

mod advisories;
mod arguments;
mod bench;
mod demo;
mod dev;
mod fidelity;
mod fuzz;
mod prepare;
mod screens;
mod test;
mod ui;

mod binaries;
mod browser;
mod console;
mod error;
mod folder;
mod help;
mod places;
mod process;
mod session;
mod virtual_display;

use std::process::ExitCode;

use crate::arguments::Arguments;
use crate::error::{Error, Result};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::fail(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

fn run() -> Result<()> {
    let arguments = Arguments::read(std::env::args().skip(1))?;
    if arguments.wants_help() {
        console::page(&help::page(arguments.command()));
        return Ok(());
    }
    match arguments.command() {
        "prepare" => prepare::run(&arguments),
        "ui" => ui::run(),
        "demo" => demo::run(&arguments),
        "test" => test::run(&arguments),
        "bench" => bench::run(&arguments),
        "fuzz" => fuzz::run(&arguments),
        "screens" => screens::run(&arguments),
        "dev" => dev::run(&arguments),
        "fidelity" => fidelity::run(&arguments),
        "advisories" => advisories::run(&arguments),
        browser::COMMAND => browser::run(&arguments),
        unknown => Err(Error::usage(format!(
            "`{unknown}` is not a command of xtask; `cargo xtask help` lists them"
        ))),
    }
}
