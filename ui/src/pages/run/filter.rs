//! Which rows of a run are shown: by outcome, by cause, by what is typed.

use isthmus_contract::plan::CauseView;
use isthmus_contract::run::{RunReportView, RunRowsRequest};
use isthmus_model::ids::RunId;
use isthmus_model::run::RunCounts;
use leptos::prelude::*;

use crate::components::icon::Shape;
use crate::state::paging::settled;

/// The outcomes as filters, in the order of what needs a person.
pub(super) const OUTCOMES: [(&str, &str, Shape); 6] = [
    ("failed", "Failed", Shape::Fault),
    ("held", "Held", Shape::Pause),
    ("pending", "Pending", Shape::Clock),
    ("created", "Created", Shape::Plus),
    ("updated", "Updated", Shape::Edit),
    ("unchanged", "Unchanged", Shape::Equals),
];

/// Which rows are shown.
#[derive(Clone, Copy)]
pub(super) struct Filter {
    run: RunId,
    known: Memo<Option<RunReportView>>,
    /// The outcome chosen; `None` for all.
    pub(super) outcome: RwSignal<Option<&'static str>>,
    /// The cause's code and object mapping.
    pub(super) cause: RwSignal<Option<(String, String)>>,
    /// What is typed.
    pub(super) text: RwSignal<String>,
    /// What is looked for, once typing has paused.
    pub(super) found: Signal<String>,
}

impl Filter {
    /// What needs a person first.
    pub(super) fn new(run: RunId, known: Memo<Option<RunReportView>>) -> Self {
        let counts =
            known.with_untracked(|report| report.as_ref().map(|report| report.header.counts));
        let text = RwSignal::new(String::new());
        Self {
            run,
            known,
            outcome: RwSignal::new(counts.and_then(|counts| worst(&counts))),
            cause: RwSignal::new(None),
            text,
            found: settled(text),
        }
    }

    /// Whether only rows of this cause are shown.
    pub(super) fn is_of(self, cause: &CauseView) -> bool {
        self.cause
            .read()
            .as_ref()
            .is_some_and(|(code, mapping)| *code == cause.code && *mapping == cause.mapping)
    }

    /// Shows the rows of a cause alone; once more, and its outcome's rows show again.
    pub(super) fn choose_cause(self, cause: &CauseView) {
        let was_chosen = untrack(|| self.is_of(cause));
        self.outcome.set(outcome_of(&cause.outcome));
        self.cause.set((!was_chosen).then(|| (cause.code.clone(), cause.mapping.clone())));
    }

    /// Shows the rows of an outcome, of every cause.
    pub(super) fn choose(self, outcome: Option<&'static str>) {
        self.cause.set(None);
        self.outcome.set(outcome);
    }

    /// Shows all rows.
    pub(super) fn clear(self) {
        self.choose(None);
        self.text.set(String::new());
    }

    /// Asks for a page of the rows shown.
    pub(super) fn request(self, offset: u64, limit: u32) -> RunRowsRequest {
        // A retry, or the next words of a run at work, change the rows: the header tells.
        self.known.track();
        let (cause, mapping) = self.cause.get().unzip();
        RunRowsRequest {
            run: self.run,
            outcome: self.outcome.get().map(str::to_owned),
            cause,
            mapping,
            text: self.found.get(),
            offset,
            limit,
        }
    }
}

fn outcome_of(word: &str) -> Option<&'static str> {
    OUTCOMES.iter().map(|(outcome, ..)| *outcome).find(|outcome| *outcome == word)
}

/// How many rows have an outcome.
pub(super) fn rows_of(counts: &RunCounts, outcome: &str) -> u64 {
    match outcome {
        "failed" => counts.failed,
        "held" => counts.held,
        "pending" => counts.pending,
        "created" => counts.created,
        "updated" => counts.updated,
        _ => counts.unchanged,
    }
}

/// The first outcome that needs a person.
fn worst(counts: &RunCounts) -> Option<&'static str> {
    ["failed", "held", "pending"].into_iter().find(|outcome| rows_of(counts, outcome) > 0)
}

#[cfg(test)]
mod tests {
    use isthmus_model::run::RunCounts;

    use super::{OUTCOMES, rows_of, worst};

    #[test]
    fn rows_that_need_a_person_show_first() {
        let counts = RunCounts { created: 9, held: 3, pending: 1, ..RunCounts::default() };
        assert_eq!(worst(&counts), Some("held"));
        assert_eq!(worst(&RunCounts { created: 9, ..RunCounts::default() }), None);
    }

    #[test]
    fn every_outcome_is_a_filter() {
        let counts =
            RunCounts { created: 1, updated: 2, unchanged: 4, held: 8, failed: 16, pending: 32 };
        let sum: u64 = OUTCOMES.iter().map(|(outcome, ..)| rows_of(&counts, outcome)).sum();
        assert_eq!(sum, counts.rows_read());
    }
}
