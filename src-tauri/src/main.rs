//! Starts the desktop shell.

// Without this Windows opens a console window beside ours.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::io::{self, Write as _};
use std::process::ExitCode;

fn main() -> ExitCode {
    match isthmus_desktop::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _nobody_reads =
                writeln!(io::stderr(), "isthmus-desktop: the window cannot be opened: {error}");
            ExitCode::FAILURE
        }
    }
}
