//! What one operation of one client came to, as its script tells it on standard output.

use serde::Deserialize;

/// The word before each line of JSON that tells an outcome; other lines are the client's own talk.
const MARK: &str = "CHECK ";

/// What one operation came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The client did it, and the script found what it should.
    Passes,
    /// The client itself is wrong, in the way that the catalogue names.
    ClientBug(String),
    /// Something else happened.
    Fails,
}

impl Verdict {
    pub(crate) fn is_failure(&self) -> bool {
        *self == Self::Fails
    }
}

/// One operation of one run.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) operation: String,
    pub(crate) verdict: Verdict,
    /// What the script says about a failure.
    pub(crate) text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    operation: String,
    result: String,
    #[serde(default)]
    bug: String,
    #[serde(default)]
    text: String,
}

/// The outcomes that a script told, in its order.
pub(crate) fn read(output: &str) -> Vec<Outcome> {
    output.lines().filter_map(|line| line.strip_prefix(MARK)).map(read_line).collect()
}

fn read_line(line: &str) -> Outcome {
    let line: Line = serde_json::from_str(line).expect("a script tells its outcomes as JSON");
    let verdict = match line.result.as_str() {
        "passes" => Verdict::Passes,
        "client bug" => Verdict::ClientBug(line.bug),
        "fails" => Verdict::Fails,
        other => panic!("{}: {other} is no result", line.operation),
    };
    Outcome { operation: line.operation, verdict, text: line.text }
}

/// Failures, one paragraph each.
pub(crate) fn tell(failures: &[&Outcome]) -> String {
    failures.iter().map(|one| format!("\n\n{} fails: {}", one.operation, one.text)).collect()
}
