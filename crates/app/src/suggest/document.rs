//! Writes the proposal as a mapping file with scores and reasons as comments.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Draft;
use crate::sync_file::{Sides, scalar};

/// The document's text.
pub(super) fn write(
    sync: &str,
    sides: &Sides,
    drafts: &[Draft],
    left_out: &BTreeMap<String, String>,
) -> String {
    let mut text = String::from(
        "# Proposed by API name and label: read it through, remove what does not belong, then import it.\n",
    );
    for (object, why) in left_out {
        let _ = writeln!(text, "# Left out: {object}, {why}.");
    }
    let _ = write!(
        text,
        "isthmus: 1\nsync: {}\n\nlanes:\n  - left: {}\n    right: {}\n\nobjects:\n",
        scalar(sync),
        scalar(&sides.left.org),
        scalar(&sides.right.org)
    );
    for (position, draft) in drafts.iter().enumerate() {
        if position > 0 {
            text.push('\n');
        }
        object(&mut text, draft);
    }
    if drafts.is_empty() {
        text.push_str("  [] # nothing alike enough was found: write the object mappings by hand\n");
    }
    text
}

fn object(text: &mut String, draft: &Draft) {
    let likeness = draft.pairing.likeness;
    let _ = write!(
        text,
        "  - left: {}\n    right: {} # {:.2} {}\n    match:\n      key: {{left: {}, right: {}}}\n    fields:\n",
        scalar(&draft.left.name),
        scalar(&draft.right.name),
        likeness.score,
        likeness.reason,
        scalar(&draft.key.0),
        scalar(&draft.key.1)
    );
    for field in &draft.fields {
        let (left, right) = (scalar(&field.left), scalar(&field.right));
        let _ = writeln!(
            text,
            "      - {{left: {left}, right: {right}}} # {:.2} {}",
            field.score, field.reason
        );
    }
    text.push_str(
        "    policies:\n      # Rows that differ when they meet first: ask (hold them), left, right, newest or fill_blanks.\n      first_contact: ask\n",
    );
}
