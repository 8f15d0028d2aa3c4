//! Mapping files' problems as text: place, what is wrong, what to write instead.

use isthmus_contract::file::{FileProblem, Severity};

use super::visible;

/// Problems, one paragraph each, in the order of the file.
pub(crate) fn problems(problems: &[FileProblem]) -> String {
    problems.iter().map(paragraph).collect::<Vec<_>>().join("\n")
}

fn paragraph(problem: &FileProblem) -> String {
    let kind = match problem.severity {
        Severity::Refused => "problem",
        Severity::Warning => "warning",
    };
    let place = match problem.place.line {
        0 => "file".to_owned(),
        line => format!("line {line}, column {}", problem.place.column),
    };
    let path = if problem.path.is_empty() { String::new() } else { format!(" ({})", problem.path) };
    let text = format!("{kind}: {place}{path}\n  {}\n  -> {}", problem.text, problem.remedy);
    visible(&text)
}
