//! Match keys: the text under which a left and a right row are recognised as the same thing.
//!
//! The key is canonical and folded as the target org compares unique values: without case unless the right field is
//! case-sensitive. It serves as a sort and join key for staged rows too, so both sides make it the same way.

use isthmus_model::canonical::canonical;
use isthmus_model::ids::Side;
use isthmus_model::mapping::{FieldPair, MatchRule};
use isthmus_model::snapshot::{Snapshot, SnapshotRow};
use isthmus_model::value::Value;

/// Stands between the parts of a key of several fields; no field holds this control character.
const PART_SEPARATOR: char = '\u{1f}';

/// The row's key, or `None` when one of its parts is blank: a blank key names nothing.
#[must_use]
pub fn row_key(rows: &Snapshot, row: &SnapshotRow, rule: &MatchRule, side: Side) -> Option<String> {
    let mut parts = Vec::new();
    for pair in rule.pairs() {
        let name = if side == Side::Left { &pair.left.name } else { &pair.right.name };
        let value = row.values.get(rows.position(name)?)?;
        parts.push(key_part(value, pair)?);
    }
    Some(parts.join(&PART_SEPARATOR.to_string()))
}

/// One part of a key: the value as the right field would store it, folded where the right field ignores case.
fn key_part(value: &Value, pair: &FieldPair) -> Option<String> {
    let text = canonical(value, &pair.right).display();
    if text.is_empty() {
        return None;
    }
    Some(if pair.right.case_sensitive { text } else { text.to_lowercase() })
}
