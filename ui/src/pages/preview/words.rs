//! What a plan comes to, in words.

use isthmus_contract::plan::PlannedAction;
use isthmus_model::plan::{Action, FieldChange, PlanCounts};
use isthmus_model::value::Value;

use crate::format::{counted, grouped};

/// What the plan comes to: what matters first, and the rest of the sentence.
pub(super) fn lead(counts: &PlanCounts, target: &str) -> (&'static str, String) {
    let agree = || format!("{} already", if counts.unchanged == 1 { "agrees" } else { "agree" });
    let rows = |number| counted(number, "row", "rows");
    match (counts.writes(), counts.held, counts.rows_read) {
        (_, _, 0) => ("No row was read.", "The source has none that this sync covers.".to_owned()),
        (0, 0, _) => ("Nothing to write.", format!("{} {}.", rows(counts.unchanged), agree())),
        (0, held, _) => {
            let are = if held == 1 { "is" } else { "are" };
            let others = match counts.unchanged {
                0 => String::new(),
                others => format!("; {} {}", rows(others), agree()),
            };
            ("Nothing to write.", format!("{} {are} held{others}.", rows(held)))
        }
        (writes, ..) => (
            "Nothing is written yet.",
            format!("This plan would write {} in {target}.", rows(writes)),
        ),
    }
}

/// What a run of this plan would do, one line each.
pub(super) fn consequences(counts: &PlanCounts, linked: u64, target: &str) -> Vec<String> {
    let lines = [
        (
            counts.creates,
            format!("{} created in {target}", counted(counts.creates, "record is", "records are")),
        ),
        (
            counts.updates,
            format!("{} updated in {target}", counted(counts.updates, "record is", "records are")),
        ),
        (
            counts.deletes,
            format!("{} deleted in {target}", counted(counts.deletes, "record is", "records are")),
        ),
        (
            linked,
            format!(
                "{} linked in Isthmus alone; no org is written to",
                counted(linked, "row is", "rows are")
            ),
        ),
        (
            counts.held,
            format!("{} held and stay as they are", counted(counts.held, "row is", "rows are")),
        ),
    ];
    lines.into_iter().filter(|(rows, _)| *rows > 0).map(|(_, line)| line).collect()
}

/// The primary action's words; `None` where a run would do nothing at all.
pub(super) fn run_words(counts: &PlanCounts, linked: u64) -> Option<String> {
    match (counts.writes(), linked) {
        (0, 0) => None,
        (0, linked) => Some(format!("Link {}", counted(linked, "row", "rows"))),
        (1, _) => Some("Run 1 write".to_owned()),
        (writes, _) => Some(format!("Run {} writes", grouped(writes))),
    }
}

/// The word of a planned action, as badges are chosen by it.
pub(crate) fn word_of(action: &Action) -> &'static str {
    match action {
        Action::Create { .. } => "create",
        Action::Update { .. } => "update",
        Action::Delete { .. } => "delete",
        Action::Link { .. } => "link",
        Action::Unchanged { .. } => "unchanged",
        Action::Hold { .. } => "held",
    }
}

/// How much of the row would change.
pub(super) fn extent(action: &Action) -> String {
    match action {
        Action::Create { fields, .. } | Action::Update { fields, .. } => {
            counted(fields.len() as u64, "field", "fields")
        }
        Action::Delete { .. } => "whole row".to_owned(),
        Action::Link { .. } | Action::Unchanged { .. } | Action::Hold { .. } => {
            "no write".to_owned()
        }
    }
}

/// The fields that would be written.
pub(super) fn fields_of(action: &Action) -> &[FieldChange] {
    match action {
        Action::Create { fields, .. } | Action::Update { fields, .. } => fields,
        _ => &[],
    }
}

/// A value as people read it; `None` for no value.
pub(super) fn text_of(value: &Value) -> Option<String> {
    let text = value.display();
    (!text.is_empty()).then_some(text)
}

/// Which rows a person wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tally {
    /// All of them.
    All,
    /// One kind.
    Only(PlannedAction),
}

impl Tally {
    /// The actions that let rows through; empty for all.
    pub(super) fn actions(self, hides_unchanged: bool) -> Vec<PlannedAction> {
        use PlannedAction::{Create, Delete, Hold, Link, Update};
        match self {
            Self::Only(action) => vec![action],
            Self::All if hides_unchanged => vec![Create, Update, Delete, Link, Hold],
            Self::All => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use isthmus_contract::plan::PlannedAction;
    use isthmus_model::plan::PlanCounts;

    use super::{Tally, consequences, lead, run_words};

    fn counts(creates: u64, updates: u64, unchanged: u64, held: u64) -> PlanCounts {
        let rows_read = creates + updates + unchanged + held;
        PlanCounts { rows_read, creates, updates, deletes: 0, unchanged, held }
    }

    fn sentence(counts: PlanCounts) -> String {
        let (first, rest) = lead(&counts, "Northwind Service");
        format!("{first} {rest}")
    }

    #[test]
    fn a_plan_is_told_in_one_sentence() {
        assert_eq!(
            sentence(counts(212, 1_041, 18_494, 27)),
            "Nothing is written yet. This plan would write 1,253 rows in Northwind Service."
        );
        assert_eq!(sentence(counts(0, 0, 9, 0)), "Nothing to write. 9 rows agree already.");
        assert_eq!(
            sentence(counts(0, 0, 1, 1)),
            "Nothing to write. 1 row is held; 1 row agrees already."
        );
        assert_eq!(sentence(counts(0, 0, 0, 3)), "Nothing to write. 3 rows are held.");
        assert_eq!(
            sentence(counts(0, 0, 0, 0)),
            "No row was read. The source has none that this sync covers."
        );
    }

    #[test]
    fn a_run_that_would_do_nothing_has_no_button() {
        assert_eq!(run_words(&counts(0, 0, 9, 0), 0), None);
        assert_eq!(run_words(&counts(0, 0, 9, 0), 2).as_deref(), Some("Link 2 rows"));
        assert_eq!(run_words(&counts(1, 0, 9, 0), 2).as_deref(), Some("Run 1 write"));
        assert_eq!(run_words(&counts(212, 1_041, 0, 0), 0).as_deref(), Some("Run 1,253 writes"));
    }

    #[test]
    fn a_confirmation_names_only_what_happens() {
        let lines = consequences(&counts(1, 0, 5, 2), 0, "Service");
        assert_eq!(
            lines,
            ["1 record is created in Service", "2 rows are held and stay as they are"]
        );
    }

    #[test]
    fn unchanged_rows_are_hidden_among_all_alone() {
        assert!(Tally::All.actions(false).is_empty());
        assert!(!Tally::All.actions(true).contains(&PlannedAction::Unchanged));
        let only = Tally::Only(PlannedAction::Unchanged);
        assert_eq!(only.actions(true), [PlannedAction::Unchanged]);
    }
}
