//! Plans as text: counts first, then row by row, field by field, before -> after, and why.

use isthmus_contract::plan::{CauseView, PlanView};
use isthmus_contract::request::RunRequest;
use isthmus_model::plan::{Action, FieldChange, Operation, PlanCounts};

use super::{count, table, visible};

/// Said before a message that is one of several.
const EXAMPLE: &str = "for example: ";
/// Most names of object mappings in one cell; more are counted.
const MOST_NAMES: usize = 3;
/// Longest value shown in a plan; the whole one is in `--json`.
const LONGEST_VALUE: usize = 40;

/// A plan's counts and causes, before a person says yes.
pub(crate) fn summary(view: &PlanView) -> String {
    let title = format!("Plan {} of {} ({}):", view.run, view.sync, view.version);
    overview(&title, view).join("\n\n")
}

/// A plan.
pub(crate) fn plan(view: &PlanView, request: &RunRequest) -> String {
    let title =
        format!("Plan {} of {} ({}); nothing was written:", view.run, view.sync, view.version);
    let mut parts = overview(&title, view);
    if !view.operations.is_empty() {
        let operations: Vec<String> = view.operations.iter().map(operation).collect();
        parts.push(format!("Row by row:\n{}", operations.join("\n")));
    }
    let shown = view.operations.len() as u64;
    if shown < view.operations_total {
        let more = count(view.operations_total - shown, "more row");
        parts.push(format!("... and {more} (--limit shows more, --json gives all of a row)"));
    }
    parts.push(next_step(view, request));
    parts.join("\n\n")
}

fn overview(title: &str, view: &PlanView) -> Vec<String> {
    let mut parts = vec![format!("{title}\n{}", counts(view))];
    if !view.held.is_empty() {
        parts.push(causes("Rows that would be held, and why", &view.held));
    }
    if !view.notes.is_empty() {
        let notes = view.notes.iter().map(|note| visible(&format!("note: {note}")));
        parts.push(notes.collect::<Vec<_>>().join("\n"));
    }
    parts
}

fn next_step(view: &PlanView, request: &RunRequest) -> String {
    let counts = view.counts;
    let sums = format!(
        "{} read: {} to create, {} to update, {} unchanged, {} held.",
        count(counts.rows_read, "row"),
        counts.creates,
        counts.updates,
        counts.unchanged,
        counts.held
    );
    if counts.writes() == 0 {
        return format!("{sums}\nNothing needs writing.");
    }
    let ids = request.records.iter().flatten().map(ToString::to_string).collect::<Vec<_>>();
    let records =
        if ids.is_empty() { String::new() } else { format!(" --records {}", ids.join(",")) };
    format!("{sums}\nNext: isthmus run {}{records}", view.sync)
}

fn counts(view: &PlanView) -> String {
    let cells = |name: &str, counts: &PlanCounts| {
        let numbers =
            [counts.rows_read, counts.creates, counts.updates, counts.unchanged, counts.held];
        std::iter::once(name.to_owned()).chain(numbers.map(|number| number.to_string())).collect()
    };
    let mut rows: Vec<Vec<String>> =
        view.mappings.iter().map(|mapping| cells(&mapping.mapping, &mapping.counts)).collect();
    rows.push(cells("all", &view.counts));
    table(&["mapping", "rows", "create", "update", "unchanged", "held"], rows)
}

/// Cause x affected rows x next action; one cause of several mappings is one line.
pub(crate) fn causes(title: &str, causes: &[CauseView]) -> String {
    let mut lines: Vec<CauseLine<'_>> = Vec::new();
    for cause in causes {
        match lines.iter_mut().find(|line| line.is_of(cause)) {
            Some(line) => line.add(cause),
            None => lines.push(CauseLine {
                cause,
                mappings: vec![&cause.mapping],
                rows: cause.rows,
                differ: false,
            }),
        }
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.rows));
    let rows = lines.iter().map(CauseLine::cells);
    format!("{title}:\n{}", table(&["rows", "mapping", "outcome", "cause", "next"], rows))
}

struct CauseLine<'causes> {
    cause: &'causes CauseView,
    mappings: Vec<&'causes str>,
    rows: u64,
    /// The mappings' messages differ: the one shown is one of several.
    differ: bool,
}

impl<'causes> CauseLine<'causes> {
    fn is_of(&self, cause: &CauseView) -> bool {
        let own = self.cause;
        (&own.code, &own.outcome, &own.remedy) == (&cause.code, &cause.outcome, &cause.remedy)
    }

    fn add(&mut self, cause: &'causes CauseView) {
        self.mappings.push(&cause.mapping);
        self.rows += cause.rows;
        self.differ |= self.cause.message != cause.message;
    }

    fn cells(&self) -> Vec<String> {
        let CauseView { code, message, outcome, remedy, .. } = self.cause;
        let example = if self.differ && !message.starts_with(EXAMPLE) { EXAMPLE } else { "" };
        vec![
            self.rows.to_string(),
            names(&self.mappings),
            outcome.clone(),
            format!("{example}{message} ({code})"),
            remedy.clone(),
        ]
    }
}

fn names(mappings: &[&str]) -> String {
    let shown = mappings.iter().take(MOST_NAMES).copied().collect::<Vec<_>>().join(", ");
    match mappings.len().saturating_sub(MOST_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn operation(operation: &Operation) -> String {
    let (verb, fields): (&str, &[FieldChange]) = match &operation.action {
        Action::Create { fields, .. } => ("create", fields),
        Action::Update { fields, .. } => ("update", fields),
        Action::Delete { .. } => ("delete", &[]),
        Action::Link { .. } => ("link", &[]),
        Action::Unchanged { .. } => ("leave", &[]),
        Action::Hold { .. } => ("hold", &[]),
    };
    let mut lines = vec![format!(
        "{verb} {} from {}: {}",
        operation.target_object, operation.source_id, operation.why
    )];
    let is_new = matches!(operation.action, Action::Create { .. });
    for change in fields {
        let (before, after) = (short(&change.before.display()), short(&change.after.display()));
        // A new row has nothing before; saying so for each field would hide what it gets.
        let change_text = if is_new { after } else { format!("{before} -> {after}") };
        lines.push(format!("    {}: {change_text}", change.field));
    }
    visible(&lines.join("\n"))
}

fn short(value: &str) -> String {
    if value.is_empty() {
        return "(empty)".to_owned();
    }
    let cut: String = value.chars().take(LONGEST_VALUE).collect();
    let cut = cut.replace('\n', " ");
    if cut.chars().count() < value.chars().count() { format!("{cut}…") } else { cut }
}
