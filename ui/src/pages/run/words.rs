//! What came of a run, in words.

use isthmus_contract::run::RunView;
use isthmus_model::run::{RunCounts, RunEnd};

use crate::format::{counted, grouped, sentence};

/// Rows that were created or updated.
pub(crate) fn written(counts: &RunCounts) -> u64 {
    counts.created + counts.updated
}

/// Rows that a retry tries again.
pub(crate) fn open_rows(counts: &RunCounts) -> u64 {
    counts.failed + counts.held + counts.pending
}

/// What matters first.
pub(crate) fn headline(run: &RunView) -> String {
    let counts = &run.counts;
    let done = written(counts);
    // Held rows were never to be written.
    let wanted = done + counts.failed + counts.pending;
    match run.end {
        Some(RunEnd::Unchanged) => "Nothing needed writing.".to_owned(),
        Some(RunEnd::Succeeded) => {
            format!("{} written, all that were planned.", counted(done, "row", "rows"))
        }
        Some(RunEnd::Partial) if done > 0 => {
            format!("{} of {} written.", grouped(done), counted(wanted, "row", "rows"))
        }
        Some(RunEnd::Stopped) if done == 0 => "Stopped before a row was written.".to_owned(),
        Some(RunEnd::Stopped) => {
            format!("Stopped after {} of {}.", grouped(done), counted(wanted, "row", "rows"))
        }
        Some(RunEnd::Partial | RunEnd::Failed) => "No row was written.".to_owned(),
        None if run.reason.is_some() => "Nothing was written.".to_owned(),
        None => format!("{} written so far.", counted(done, "row", "rows")),
    }
}

/// What follows the headline: what is open, what agreed, and why the run ended so.
pub(crate) fn rest(run: &RunView) -> String {
    let counts = &run.counts;
    let open = [(counts.failed, "failed"), (counts.held, "held"), (counts.pending, "pending")];
    let open: Vec<String> = open
        .into_iter()
        .filter(|(rows, _)| *rows > 0)
        .map(|(rows, word)| format!("{} {word}", grouped(rows)))
        .collect();
    let mut sentences = Vec::new();
    if !open.is_empty() {
        sentences.push(format!("{}.", open.join(", ")));
    }
    if counts.unchanged > 0 {
        sentences.push(format!("{} agreed already.", counted(counts.unchanged, "row", "rows")));
    }
    if let Some(reason) = &run.reason {
        sentences.push(sentence(reason));
    }
    if run.end == Some(RunEnd::Stopped) && run.reason.is_none() {
        sentences.push("What was written stays; the rest waits for the next run.".to_owned());
    }
    sentences.join(" ")
}

/// The word of a run's kind, for a person.
pub(crate) fn kind_words(kind: &str) -> &'static str {
    match kind {
        "retry" => "retry",
        "selected" => "selected records",
        _ => "whole sync",
    }
}

#[cfg(test)]
mod tests {
    use isthmus_contract::run::RunView;
    use isthmus_model::ids::{MappingVersion, RunId};
    use isthmus_model::run::{RunCounts, RunEnd};
    use jiff::Timestamp;

    use super::{headline, rest};

    fn run(end: Option<RunEnd>, [updated, unchanged, held, failed]: [u64; 4]) -> RunView {
        let counts = RunCounts { created: 0, updated, unchanged, held, failed, pending: 0 };
        RunView {
            run: RunId(1),
            sync: "Customers".to_owned(),
            version: MappingVersion(1),
            kind: "full".to_owned(),
            end,
            reason: None,
            rows_read: counts.rows_read(),
            counts,
            rows_sent: 0,
            calls: 0,
            seconds: 1.0,
            started_at: Timestamp::UNIX_EPOCH,
            ended_at: None,
        }
    }

    fn told(run: &RunView) -> String {
        format!("{} {}", headline(run), rest(run)).trim().to_owned()
    }

    #[test]
    fn every_end_has_words_of_its_own() {
        let partial = run(Some(RunEnd::Partial), [1_668, 0, 3, 37]);
        assert_eq!(told(&partial), "1,668 of 1,705 rows written. 37 failed, 3 held.");
        let unchanged = run(Some(RunEnd::Unchanged), [0, 9, 0, 0]);
        assert_eq!(told(&unchanged), "Nothing needed writing. 9 rows agreed already.");
        let succeeded = run(Some(RunEnd::Succeeded), [23, 0, 0, 0]);
        assert_eq!(told(&succeeded), "23 rows written, all that were planned.");
        let failed = RunView {
            reason: Some("the org refused every row".to_owned()),
            ..run(Some(RunEnd::Failed), [0, 0, 0, 410])
        };
        assert_eq!(told(&failed), "No row was written. 410 failed. The org refused every row.");
        let stopped = run(Some(RunEnd::Stopped), [5, 0, 0, 2]);
        assert_eq!(
            told(&stopped),
            "Stopped after 5 of 7 rows. 2 failed. What was written stays; the rest waits for the next run."
        );
        assert_eq!(told(&run(None, [5, 0, 0, 0])), "5 rows written so far.");
    }
}
