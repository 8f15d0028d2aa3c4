//! What a person at the terminal reads. Progress goes to stderr, results to stdout, so that a program reads results alone.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use crate::error::Error;

/// One step has begun.
pub(crate) fn step(text: &str) {
    progress_line(&format!("==> {text}"));
}

/// A remark about the step that is running.
pub(crate) fn note(text: &str) {
    progress_line(&format!("    {text}"));
}

/// The last line of a command that failed.
pub(crate) fn fail(error: &Error) {
    progress_line(&format!("xtask: {error}"));
}

/// A line of the command's result.
pub(crate) fn result(text: &str) {
    // A closed pipe means that nobody reads the result any more, which is not a failure of ours.
    let _closed = writeln!(io::stdout(), "{text}");
}

/// A page of help.
pub(crate) fn page(text: &str) {
    result(text.trim_end());
}

/// Whether a person can answer a question.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks a question that `Enter` answers with yes.
pub(crate) fn ask(question: &str) -> bool {
    let _closed = write!(io::stderr(), "{question} [Y/n] ");
    let mut answer = String::new();
    if io::stdin().lock().read_line(&mut answer).is_err() {
        return false;
    }
    matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes")
}

fn progress_line(text: &str) {
    let _closed = writeln!(io::stderr(), "{text}");
}
