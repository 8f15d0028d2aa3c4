//! Printing: one JSON document or tables on stdout; problems and questions on stderr.

pub(crate) mod files;
pub(crate) mod orgs;
pub(crate) mod plans;
pub(crate) mod queries;
pub(crate) mod runs;
pub(crate) mod syncs;

use std::io::{BufRead, IsTerminal, Write};

use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};
use isthmus_contract::problem::Problem;
use serde::Serialize;

/// Prints a line on stdout. A closed pipe (`| head`) is no fault of ours.
pub(crate) fn print(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Prints a line on stderr.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
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
    complain(&format!("isthmus: {}", visible(&problem.text)));
    complain(&format!("next:    {}", visible(&problem.hint)));
    complain(&format!("code:    {}", problem.code.as_str()));
}

/// The text without control characters, which could rewrite the terminal: names and error texts come from orgs.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_control() && letter != '\n' { '\u{fffd}' } else { letter })
        .collect()
}

/// A table with a header line, as wide as the terminal.
pub(crate) fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─')));
    table.set_content_arrangement(ContentArrangement::Dynamic);
    // Only a terminal has a width; in a file or pipe each row stays on its line.
    if std::io::stdout().is_terminal()
        && let Some((width, _)) = terminal_size::terminal_size()
    {
        table.set_width(width.0);
    }
    table.set_header(header.iter().copied());
    let mut empty = true;
    for row in rows {
        table.add_row(row.iter().map(|cell| visible(cell)));
        empty = false;
    }
    if empty { String::new() } else { table.trim_fmt() }
}

/// True when a person sits at both ends: questions make sense.
pub(crate) fn is_attended(json: bool) -> bool {
    !json && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks a yes-or-no question; anything but a clear yes is a no.
pub(crate) fn ask(question: &str) -> bool {
    let mut stderr = std::io::stderr().lock();
    let _ = write!(stderr, "{question} [y/N] ");
    let _ = stderr.flush();
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}
