//! `isthmus`, the headless command: unpack the arguments, call one use case, print its view, end with its code.

mod arguments;
mod commands;
mod exit;
mod interrupt;
mod output;
mod progress;
mod secrets;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

use clap::Parser;
use isthmus_contract::problem::{Code, Problem};

use arguments::Arguments;
use exit::Exit;

fn main() -> ExitCode {
    isthmus_app::logs::guard_panics();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return misunderstood(&error),
    };
    // One thread: the engine is one task, and the keychain has a thread of its own.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let exit = match runtime {
        Ok(runtime) => runtime.block_on(commands::carry_out(arguments)),
        Err(error) => {
            output::complain(&format!("isthmus: the machine gives no event loop: {error}"));
            Exit::Internal
        }
    };
    exit.into()
}

/// Help and version go to stdout as asked; a wrong command line is a problem like any other where JSON is wanted.
fn misunderstood(error: &clap::Error) -> ExitCode {
    let wants_json = std::env::args_os().any(|argument| argument == "--json");
    if error.use_stderr() && wants_json {
        let text = error.to_string();
        let text = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
        let hint = "`isthmus help` shows the commands and their options";
        output::print_problem(&Problem::new(Code::BadRequest, text, hint), true);
        return Exit::Usage.into();
    }
    // A closed pipe is no fault of ours.
    let _ = error.print();
    if error.use_stderr() { Exit::Usage.into() } else { Exit::Succeeded.into() }
}
