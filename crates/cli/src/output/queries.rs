//! Query results and records as text and CSV.

use std::io::Write;

use isthmus_app::cells::write_csv;
use isthmus_contract::query::{QueryView, RecordView};
use serde_json::Value;

use super::{count, table, visible};

/// A result as a table.
pub(crate) fn rows(view: &QueryView) -> String {
    let columns: Vec<&str> = view.columns.iter().map(String::as_str).collect();
    let cells = view.rows.iter().map(|row| row.iter().map(cell).collect());
    let mut text = table(&columns, cells);
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&count(view.total, "row"));
    if view.cut {
        text.push_str(&format!(", the first {} shown (--limit reads more)", view.rows.len()));
    }
    text
}

/// A result as CSV that spreadsheets open safely.
pub(crate) fn csv(view: &QueryView, output: &mut dyn Write) -> std::io::Result<()> {
    let columns: Vec<&str> = view.columns.iter().map(String::as_str).collect();
    let rows = view.rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>());
    write_csv(output, &columns, rows)
}

/// A record, field by field.
pub(crate) fn record(view: &RecordView) -> String {
    let fields = view
        .fields
        .iter()
        .map(|field| vec![field.field.clone(), field.label.clone(), told(&field.value)]);
    let mut parts = vec![
        format!("{} {} in {}", view.object, view.id, view.org),
        table(&["field", "label", "value"], fields),
    ];
    for link in &view.links {
        parts.push(visible(&format!("linked to {} in {} by {}", link.id, link.org, link.mapping)));
    }
    parts.join("\n")
}

/// A compound value (an address) as its parts.
fn told(value: &Value) -> String {
    let Value::Object(parts) = value else { return cell(value) };
    let filled = parts.iter().filter(|(_, part)| !part.is_null());
    filled.map(|(name, part)| format!("{name}: {}", cell(part))).collect::<Vec<_>>().join(", ")
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
