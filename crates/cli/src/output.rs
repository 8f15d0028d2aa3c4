//! Printing: one JSON document or tables on stdout; problems and questions on stderr.

pub(crate) mod files;
mod layout;
pub(crate) mod orgs;
pub(crate) mod plans;
pub(crate) mod queries;
pub(crate) mod runs;
pub(crate) mod syncs;

use std::io::{BufRead, IsTerminal, Write};

use isthmus_contract::problem::Problem;
use serde::Serialize;

/// Prints a text on stdout as it is. A closed pipe (`| head`) is no fault of ours.
pub(crate) fn print(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Prints sentences and tables on stdout, wrapped where a person reads them.
pub(crate) fn tell(text: &str) {
    print(&layout::wrapped(text, stdout_width(), 2));
}

/// Prints a text on stderr, wrapped where a person reads it.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", layout::wrapped(text, stderr_width(), 2));
}

/// The terminal's width; a file or pipe has none, and each line stays a line there.
fn stdout_width() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0))
}

fn stderr_width() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stderr()).map(|(width, _)| usize::from(width.0))
}

/// Prints a document as one line of JSON.
pub(crate) fn print_json(document: &impl Serialize) {
    match serde_json::to_string(document) {
        Ok(text) => print(&text),
        Err(error) => complain(&format!("isthmus: the answer cannot be written as JSON: {error}")),
    }
}

/// Prints a problem: as JSON, or as text with the next step and the code to quote.
pub(crate) fn print_problem(problem: &Problem, json: bool) {
    if json {
        match serde_json::to_string(&serde_json::json!({ "problem": problem })) {
            Ok(text) => complain(&text),
            Err(error) => complain(&error.to_string()),
        }
        return;
    }
    if !problem.file.is_empty() {
        complain(&files::problems(&problem.file));
    }
    label("isthmus: ", &problem.text);
    label("next:    ", &problem.hint);
    label("code:    ", problem.code.as_str());
}

/// A labelled text whose further lines stand under its first word. An org's own lines stay as they are: it points at
/// places in them.
fn label(label: &str, text: &str) {
    let text = format!("{label}{}", visible(text));
    let text = layout::wrapped(&text, stderr_width(), label.len());
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// The text without control characters, which could rewrite the terminal: names and error texts come from orgs.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_control() && letter != '\n' { '\u{fffd}' } else { letter })
        .collect()
}

/// A table with a header line, as wide as the terminal.
pub(crate) fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    layout::table(header, &rows.into_iter().collect::<Vec<_>>(), stdout_width())
}

/// A number of things in words: `1 row`, `2 rows`.
pub(crate) fn count(number: u64, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// True when a person sits at both ends: questions make sense.
pub(crate) fn is_attended(json: bool) -> bool {
    !json && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks a yes-or-no question; anything but a clear yes is a no, and so is Ctrl-C.
pub(crate) async fn ask(question: &str) -> bool {
    {
        let mut stderr = std::io::stderr().lock();
        let _ = write!(stderr, "{} [y/N] ", layout::wrapped(question, stderr_width(), 2));
        let _ = stderr.flush();
    }
    let (said, answer) = tokio::sync::oneshot::channel();
    // A thread of its own waits for the line, so that Ctrl-C is heard meanwhile; it ends with the process.
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        let yes = matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes");
        // Nobody listens any more when Ctrl-C came first.
        let _ = said.send(read.is_ok() && yes);
    });
    tokio::select! {
        answer = answer => answer.unwrap_or(false),
        _ = tokio::signal::ctrl_c() => {
            complain("");
            false
        }
    }
}
