//! Writes a document as a mapping file, in the order and style of docs/examples. What is at its default is left out.

use std::collections::BTreeMap;
use std::fmt::Write;

use isthmus_model::document::{
    FieldDocument, FieldPairDocument, LaneDocument, MatchDocument, ObjectDocument,
    PoliciesDocument, Release, SyncDocument, Trigger,
};
use serde::Serialize;

use super::scalar::{line, scalar};

/// The name of a lane that gives itself none.
const ONLY_LANE: &str = "main";

/// The document's text. Reading it gives the same document.
pub(crate) fn render(document: &SyncDocument) -> String {
    let mut text = format!("isthmus: {}\nsync: {}\n", document.isthmus, scalar(&document.sync));
    if let Some(description) = &document.description {
        push(&mut text, 0, "description", &line(description));
    }
    list(&mut text, "\nlanes", &document.lanes, |text, lane, _| write_lane(text, lane));
    list(&mut text, "\nobjects", &document.objects, |text, object, position| {
        if position > 0 {
            text.push('\n');
        }
        write_object(text, object);
    });
    write_rest(&mut text, document);
    text
}

fn list<T>(text: &mut String, key: &str, items: &[T], write: impl Fn(&mut String, &T, usize)) {
    if items.is_empty() {
        let _ = writeln!(text, "{key}: []");
        return;
    }
    let _ = writeln!(text, "{key}:");
    for (position, item) in items.iter().enumerate() {
        write(text, item, position);
    }
}

fn write_lane(text: &mut String, lane: &LaneDocument) {
    let mut lines = Vec::new();
    if lane.name != ONLY_LANE {
        lines.push(("name", &lane.name));
    }
    lines.extend([("left", &lane.left), ("right", &lane.right)]);
    write_item(text, &lines);
    if lane.values.is_empty() {
        return;
    }
    text.push_str("    values:\n");
    for (object, pairs) in &lane.values {
        if pairs.is_empty() {
            push(text, 6, &scalar(object), "{}");
            continue;
        }
        let _ = writeln!(text, "      {}:", scalar(object));
        for (left, right) in pairs {
            push(text, 8, &scalar(left), &scalar(right));
        }
    }
}

fn write_object(text: &mut String, object: &ObjectDocument) {
    let mut lines = Vec::new();
    lines.extend(object.name.as_ref().map(|name| ("name", name)));
    lines.extend([("left", &object.left), ("right", &object.right)]);
    write_item(text, &lines);
    text.push_str("    match:\n");
    match &object.match_rule {
        MatchDocument::Key(key) => push(text, 6, "key", &pair(key)),
        MatchDocument::Fields(fields) => {
            list(text, "      fields", fields, |text, field, _| {
                let _ = writeln!(text, "        - {}", pair(field));
            });
        }
    }
    if let Some(filters) = &object.filters {
        let sides = [("left", &filters.left), ("right", &filters.right)];
        write_map(text, 4, "filters", &given(&sides, |condition: &String| line(condition)));
    }
    list(text, "    fields", &object.fields, |text, field, _| {
        let _ = writeln!(text, "      - {}", field_line(field));
    });
    if object.trigger != Trigger::Manual {
        push(text, 4, "trigger", &word(&object.trigger));
    }
    let policies = policies(&object.policies);
    if !policies.is_empty() {
        write_map(text, 4, "policies", &policies);
    }
}

fn field_line(field: &FieldDocument) -> String {
    let mut parts = vec![("left", scalar(&field.left)), ("right", scalar(&field.right))];
    let plain = FieldDocument {
        flow: Default::default(),
        formula: None,
        value_map: BTreeMap::new(),
        winner: None,
        nulls: Default::default(),
        sensitive: false,
        ..field.clone()
    };
    if field.flow != plain.flow {
        parts.push(("flow", word(&field.flow)));
    }
    if let Some(formula) = &field.formula {
        let sides =
            [("left_to_right", &formula.left_to_right), ("right_to_left", &formula.right_to_left)];
        parts.push(("formula", braces(&given(&sides, |formula: &String| scalar(formula)))));
    }
    if !field.value_map.is_empty() {
        let pairs: Vec<(String, String)> =
            field.value_map.iter().map(|(left, right)| (scalar(left), scalar(right))).collect();
        parts.push(("value_map", braces(&pairs)));
    }
    parts.extend(field.winner.map(|winner| ("winner", word(&winner))));
    if field.nulls != plain.nulls {
        parts.push(("nulls", word(&field.nulls)));
    }
    if field.sensitive {
        parts.push(("sensitive", "true".to_owned()));
    }
    braces(&parts)
}

/// The policies that differ from their defaults.
fn policies(policies: &PoliciesDocument) -> Vec<(&'static str, String)> {
    let plain = PoliciesDocument::default();
    let all = [
        ("create", word(&policies.create), word(&plain.create)),
        ("update", word(&policies.update), word(&plain.update)),
        ("edited_target", word(&policies.edited_target), word(&plain.edited_target)),
        ("delete", word(&policies.delete), word(&plain.delete)),
        ("conflict", word(&policies.conflict), word(&plain.conflict)),
        ("first_contact", word(&policies.first_contact), word(&plain.first_contact)),
    ];
    let differing = all.into_iter().filter(|(_, own, plain)| own != plain);
    differing.map(|(key, own, _)| (key, own)).collect()
}

fn write_rest(text: &mut String, document: &SyncDocument) {
    if let Some(schedule) = &document.schedule {
        text.push('\n');
        let mut parts = vec![("cron", line(&schedule.cron))];
        parts.extend(schedule.time_zone.as_ref().map(|zone| ("time_zone", line(zone))));
        write_map(text, 0, "schedule", &parts);
    }
    if document.release != Release::Attended {
        text.push('\n');
        push(text, 0, "release", &word(&document.release));
    }
    if let Some(target) = &document.target {
        text.push('\n');
        let parts =
            [("lag_minutes", &target.lag_minutes), ("duration_minutes", &target.duration_minutes)];
        write_map(text, 0, "target", &given(&parts, u32::to_string));
    }
}

/// The first entry of a list item stands behind its dash.
fn write_item(text: &mut String, lines: &[(&str, &String)]) {
    for (position, (key, value)) in lines.iter().enumerate() {
        text.push_str(if position == 0 { "  - " } else { "    " });
        push(text, 0, key, &scalar(value));
    }
}

fn write_map(text: &mut String, indent: usize, key: &str, parts: &[(&str, String)]) {
    if parts.is_empty() {
        return push(text, indent, key, "{}");
    }
    let _ = writeln!(text, "{:indent$}{key}:", "");
    for (key, value) in parts {
        push(text, indent + 2, key, value);
    }
}

fn push(text: &mut String, indent: usize, key: &str, value: &str) {
    let _ = writeln!(text, "{:indent$}{key}: {value}", "");
}

fn pair(pair: &FieldPairDocument) -> String {
    braces(&[("left", scalar(&pair.left)), ("right", scalar(&pair.right))])
}

fn braces<K: AsRef<str>>(parts: &[(K, String)]) -> String {
    let parts: Vec<String> =
        parts.iter().map(|(key, value)| format!("{}: {value}", key.as_ref())).collect();
    format!("{{{}}}", parts.join(", "))
}

/// The parts that are there.
fn given<'k, T>(
    parts: &[(&'k str, &Option<T>)],
    write: impl Fn(&T) -> String,
) -> Vec<(&'k str, String)> {
    parts.iter().filter_map(|(key, value)| Some((*key, write(value.as_ref()?)))).collect()
}

/// A choice as the document writes it.
fn word(choice: &impl Serialize) -> String {
    let word = serde_json::to_value(choice).unwrap_or_default();
    word.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
