//! Required fields of the target: each needs a field mapping, unless rows are never created.

use isthmus_contract::file::FileCode;
use isthmus_model::document::{CreatePolicy, MatchDocument};
use isthmus_model::mapping::FieldMapping;

use super::objects::ObjectPair;
use crate::sync_file::problems::Problems;

/// Names every required target field that nothing fills.
pub(super) fn check(pair: &ObjectPair<'_>, fields: &[FieldMapping], problems: &mut Problems<'_>) {
    if pair.document.policies.create == CreatePolicy::Skip {
        return;
    }
    for required in pair.right.fields.iter().filter(|field| field.required_on_create()) {
        let mapped = fields.iter().any(|field| field.pair.right.name == required.name);
        let tried = pair
            .document
            .fields
            .iter()
            .any(|field| field.right.eq_ignore_ascii_case(&required.name));
        if mapped || tried || is_key(pair, &required.name) {
            continue;
        }
        let text =
            format!("{}.{} is required and nothing fills it", pair.right.name, required.name);
        let remedy = match pair.left.field(&required.name) {
            Some(left) => format!("add `- {{left: {}, right: {}}}`", left.name, required.name),
            None => format!(
                "map a field to {}, give it a default in Setup, or write `policies: {{create: skip}}`",
                required.name
            ),
        };
        problems.refuse(&format!("{}.fields", pair.path), FileCode::RequiredUnmapped, text, remedy);
    }
}

fn is_key(pair: &ObjectPair<'_>, name: &str) -> bool {
    match &pair.document.match_rule {
        MatchDocument::Key(key) => key.right.eq_ignore_ascii_case(name),
        MatchDocument::Fields(list) => list.iter().any(|key| key.right.eq_ignore_ascii_case(name)),
    }
}
