//! Mapping files: every problem with its place and remedy, all at once; hostile files bounded.

mod checks;
pub(crate) mod describes;
mod shapes;

use isthmus_contract::file::FileProblem;

/// Problems as lines: `line:column code path: text -> remedy`, for snapshots.
fn lines(problems: &[FileProblem]) -> String {
    problems
        .iter()
        .map(|problem| {
            format!(
                "{}:{} {:?} {:?} {}: {} -> {}\n",
                problem.place.line,
                problem.place.column,
                problem.severity,
                problem.code,
                problem.path,
                problem.text,
                problem.remedy
            )
        })
        .collect()
}
