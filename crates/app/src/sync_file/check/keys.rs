//! Match rules: a unique external id on the right, or fields that can be searched on both sides.

use isthmus_contract::file::FileCode;
use isthmus_formula::convert::{Conversion, rule};
use isthmus_model::document::{CreatePolicy, FieldPairDocument, MatchDocument};
use isthmus_model::mapping::{FieldPair, MatchRule};
use isthmus_model::schema::{FieldSchema, FieldType, ObjectSchema};

use super::fields::find_field;
use super::objects::ObjectPair;
use crate::sync_file::problems::Problems;

/// The match rule, or `None` where the document's is refused.
pub(super) fn bind(pair: &ObjectPair<'_>, problems: &mut Problems<'_>) -> Option<MatchRule> {
    match &pair.document.match_rule {
        MatchDocument::Key(fields) => {
            let path = format!("{}.match.key", pair.path);
            let key = find_pair(pair, fields, &path, problems)?;
            check_key(pair, &key, &path, problems);
            Some(MatchRule::UniqueKey(key))
        }
        MatchDocument::Fields(list) => {
            let found: Vec<Option<FieldPair>> = list
                .iter()
                .enumerate()
                .map(|(position, fields)| {
                    let path = format!("{}.match.fields[{position}]", pair.path);
                    find_pair(pair, fields, &path, problems)
                })
                .collect();
            found.into_iter().collect::<Option<Vec<_>>>().map(MatchRule::FieldSet)
        }
    }
}

fn find_pair(
    pair: &ObjectPair<'_>,
    fields: &FieldPairDocument,
    path: &str,
    problems: &mut Problems<'_>,
) -> Option<FieldPair> {
    let left = find_field(&pair.left, &fields.left, &format!("{path}.left"), problems);
    let right = find_field(&pair.right, &fields.right, &format!("{path}.right"), problems);
    let found = FieldPair { left: left?.clone(), right: right?.clone() };
    let searchable = check_searchable(&pair.left, &found.left, &format!("{path}.left"), problems)
        & check_searchable(&pair.right, &found.right, &format!("{path}.right"), problems);
    if let Conversion::Impossible(why) = rule(&found.left.kind, &found.right.kind) {
        let text = format!(
            "a {} field never matches a {} field: {why}",
            found.left.kind.as_str(),
            found.right.kind.as_str()
        );
        problems.refuse(path, FileCode::TypeMismatch, text, "match fields of the same type");
        return None;
    }
    searchable.then_some(found)
}

fn check_searchable(
    object: &ObjectSchema,
    field: &FieldSchema,
    path: &str,
    problems: &mut Problems<'_>,
) -> bool {
    let local_id = matches!(field.kind, FieldType::Reference | FieldType::Id);
    if field.filterable && !local_id {
        return true;
    }
    let why = if local_id {
        "holds ids, which differ from org to org"
    } else {
        "cannot be searched by (long text and compound fields cannot)"
    };
    let text = format!("{}.{} {why}", object.name, field.name);
    problems.refuse(path, FileCode::NotAKey, text, keys_of(object));
    false
}

fn check_key(pair: &ObjectPair<'_>, key: &FieldPair, path: &str, problems: &mut Problems<'_>) {
    let right = &key.right;
    let path_of_right = format!("{path}.right");
    if !right.is_unique_key() {
        let text = format!("{}.{} is no unique external id", pair.right.name, right.name);
        problems.refuse(&path_of_right, FileCode::NotAKey, text, keys_of(&pair.right));
    } else if !right.createable && pair.document.policies.create == CreatePolicy::Create {
        let text =
            format!("{}.{} cannot be set when a row is created", pair.right.name, right.name);
        let remedy = "make the field editable for the connected user in Setup, or write `policies: {create: skip}`";
        problems.refuse(&path_of_right, FileCode::NotWritable, text, remedy);
    }
    if !key.left.unique {
        let text = format!("{}.{} is not unique", pair.left.name, key.left.name);
        let remedy =
            "rows that share a value are held; make the field unique in Setup to avoid that";
        problems.warn(&format!("{path}.left"), FileCode::NotAKey, text, remedy);
    }
}

fn keys_of(object: &ObjectSchema) -> String {
    let keys: Vec<String> = object
        .fields
        .iter()
        .filter(|field| field.is_unique_key())
        .map(|field| format!("`{}`", field.name))
        .collect();
    if keys.is_empty() {
        return format!(
            "{} has no unique external id: create a text field with the attributes Unique and External ID in Setup, or use `match: {{fields: [...]}}`",
            object.name
        );
    }
    format!("the unique external ids of {} are {}", object.name, keys.join(", "))
}
