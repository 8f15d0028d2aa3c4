//! A document as YAML, in the hand that the engine writes it in.

use std::fmt::Write;

use isthmus_model::document::{
    FieldDocument, LaneDocument, MatchDocument, NullPolicy, ObjectDocument, SyncDocument,
};
use serde::Serialize;
use serde_json::Value;

/// The text of a document.
pub(super) fn of(document: &SyncDocument) -> String {
    let mut text = String::new();
    line(&mut text, &format!("isthmus: {}", document.isthmus));
    line(&mut text, &format!("sync: {}", quoted(&document.sync)));
    if let Some(description) = &document.description {
        line(&mut text, &format!("description: {}", quoted(description)));
    }
    line(&mut text, "lanes:");
    document.lanes.iter().for_each(|one| lane(&mut text, one));
    line(&mut text, "objects:");
    document.objects.iter().for_each(|one| object(&mut text, one));
    text
}

fn lane(text: &mut String, lane: &LaneDocument) {
    line(text, &format!("  - name: {}", quoted(&lane.name)));
    line(text, &format!("    left: {}", quoted(&lane.left)));
    line(text, &format!("    right: {}", quoted(&lane.right)));
    if !lane.values.is_empty() {
        line(text, "    values:");
    }
    for (object, values) in &lane.values {
        line(text, &format!("      {}:", quoted(object)));
        for (left, right) in values {
            line(text, &format!("        {}: {}", quoted(left), quoted(right)));
        }
    }
}

fn object(text: &mut String, object: &ObjectDocument) {
    match &object.name {
        Some(name) => {
            line(text, &format!("  - name: {}", quoted(name)));
            line(text, &format!("    left: {}", quoted(&object.left)));
        }
        None => line(text, &format!("  - left: {}", quoted(&object.left))),
    }
    line(text, &format!("    right: {}", quoted(&object.right)));
    line(text, "    match:");
    match &object.match_rule {
        MatchDocument::Key(key) => {
            let pair = pair(&key.left, &key.right);
            line(text, &format!("      key: {{{pair}}}"));
        }
        MatchDocument::Fields(list) => {
            line(text, "      fields:");
            for one in list {
                line(text, &format!("        - {{{}}}", pair(&one.left, &one.right)));
            }
        }
    }
    policies(text, object);
    line(text, "    fields:");
    object.fields.iter().for_each(|one| field(text, one));
}

/// Only what differs from the defaults is written.
fn policies(text: &mut String, object: &ObjectDocument) {
    let all = json(&object.policies);
    let usual = json(&isthmus_model::document::PoliciesDocument::default());
    let differs = |(name, value): &(&String, &Value)| usual.get(name.as_str()) != Some(*value);
    let Some(all) = all.as_object() else { return };
    let told: Vec<String> = all
        .iter()
        .filter(differs)
        .map(|(name, value)| format!("{name}: {}", value.as_str().unwrap_or_default()))
        .collect();
    if !told.is_empty() {
        line(text, &format!("    policies: {{{}}}", told.join(", ")));
    }
}

fn field(text: &mut String, field: &FieldDocument) {
    let nulls = if field.nulls == NullPolicy::Keep { ", nulls: keep" } else { "" };
    line(text, &format!("      - {{{}{nulls}}}", pair(&field.left, &field.right)));
}

fn pair(left: &str, right: &str) -> String {
    format!("left: {}, right: {}", quoted(left), quoted(right))
}

/// Names stand bare; anything else in quotes, which YAML reads as JSON does.
fn quoted(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == ' ';
    let starts = text.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let bare = starts && text.chars().all(plain) && !text.ends_with(' ');
    if bare { text.to_owned() } else { json(&text).to_string() }
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn line(text: &mut String, line: &str) {
    let _writing_to_a_string_never_fails = writeln!(text, "{line}");
}
