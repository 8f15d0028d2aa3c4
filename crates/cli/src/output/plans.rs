//! Plans as text: counts first, then row by row, field by field, before -> after, and why.

use isthmus_contract::plan::{CauseView, PlanView};
use isthmus_model::plan::{Action, FieldChange, Operation, PlanCounts};

use super::{table, visible};

/// Longest value shown in a plan; the whole one is in `--json`.
const LONGEST_VALUE: usize = 40;

/// A plan's counts and causes, before a person says yes.
pub(crate) fn summary(view: &PlanView) -> String {
    let mut parts =
        vec![format!("Plan {} of {} ({}):", view.run, view.sync, view.version), counts(view)];
    if !view.held.is_empty() {
        parts.push(causes("Rows that would be held", &view.held));
    }
    parts.extend(view.notes.iter().map(|note| visible(&format!("note: {note}"))));
    parts.join("\n")
}

/// A plan.
pub(crate) fn plan(view: &PlanView) -> String {
    let mut parts = vec![
        format!("Plan {} of {} ({}): nothing was written.", view.run, view.sync, view.version),
        counts(view),
    ];
    if !view.held.is_empty() {
        parts.push(causes("Rows that would be held", &view.held));
    }
    parts.extend(view.notes.iter().map(|note| format!("note: {note}")).map(|note| visible(&note)));
    parts.extend(view.operations.iter().map(operation));
    let shown = view.operations.len() as u64;
    if shown < view.operations_total {
        let left = view.operations_total - shown;
        parts.push(format!(
            "... and {left} more rows (--limit shows more, --json gives all fields)"
        ));
    }
    parts.push(format!("Next: isthmus run {}", view.sync));
    parts.join("\n")
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

/// Cause x affected rows x next action.
pub(crate) fn causes(title: &str, causes: &[CauseView]) -> String {
    let rows = causes.iter().map(|cause| {
        vec![
            cause.rows.to_string(),
            cause.mapping.clone(),
            cause.outcome.clone(),
            format!("{} ({})", cause.message, cause.code),
            cause.remedy.clone(),
        ]
    });
    format!("{title}:\n{}", table(&["rows", "mapping", "outcome", "cause", "next"], rows))
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
    for change in fields {
        let (before, after) = (short(&change.before.display()), short(&change.after.display()));
        lines.push(format!("    {}: {before} -> {after}", change.field));
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
