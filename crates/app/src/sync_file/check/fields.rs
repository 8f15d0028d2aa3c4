//! Field mappings: both fields exist, the target can be written, the types convert, losses are named.

use std::collections::{BTreeMap, BTreeSet};

use isthmus_contract::file::FileCode;
use isthmus_formula::convert::{Conversion, rule};
use isthmus_model::document::{FieldDocument, SyncDocument};
use isthmus_model::mapping::{FieldMapping, FieldPair};
use isthmus_model::schema::{FieldSchema, FieldType, ObjectSchema};

use super::objects::ObjectPair;
use super::references;
use crate::sync_file::names::{did_you_mean, quoted};
use crate::sync_file::problems::Problems;

/// Most picklist values named in one warning.
const MOST_VALUES_NAMED: usize = 6;

/// The field mappings that are right; the others are named.
pub(super) fn bind(
    pair: &ObjectPair<'_>,
    pairs: &[ObjectPair<'_>],
    document: &SyncDocument,
    problems: &mut Problems<'_>,
) -> Vec<FieldMapping> {
    let mut targets = BTreeMap::new();
    let mut fields = Vec::new();
    for (position, field) in pair.document.fields.iter().enumerate() {
        let path = format!("{}.fields[{position}]", pair.path);
        if let Some(first) = targets.insert(field.right.to_lowercase(), position) {
            let text = format!("{} is the target of fields[{first}] already", quoted(&field.right));
            let remedy = "keep one of the two: a target field has one source";
            problems.refuse(&format!("{path}.right"), FileCode::Duplicate, text, remedy);
        }
        if let Some(found) = find_pair(pair, field, &path, problems) {
            let reference = references::bind(pair, &found, pairs, document, &path, problems);
            check_types(&found, &path, problems);
            fields.push(FieldMapping {
                pair: found,
                flow: field.flow,
                nulls: field.nulls,
                reference,
            });
        }
    }
    fields
}

fn find_pair(
    pair: &ObjectPair<'_>,
    field: &FieldDocument,
    path: &str,
    problems: &mut Problems<'_>,
) -> Option<FieldPair> {
    let left = find_field(&pair.left, &field.left, &format!("{path}.left"), problems);
    let right = find_field(&pair.right, &field.right, &format!("{path}.right"), problems);
    let (left, right) = (left?, right?);
    check_target(pair, right, &format!("{path}.right"), problems);
    Some(FieldPair { left: left.clone(), right: right.clone() })
}

/// Finds a field by name without case, or names the nearest.
pub(super) fn find_field<'a>(
    object: &'a ObjectSchema,
    name: &str,
    path: &str,
    problems: &mut Problems<'_>,
) -> Option<&'a FieldSchema> {
    if let Some(field) = object.field(name) {
        return Some(field);
    }
    let text = format!("{} has no field {} for the connected user", object.name, quoted(name));
    let by_label = object.fields.iter().find(|field| field.label.eq_ignore_ascii_case(name));
    let otherwise = "check the field's API name in Setup, and that field-level security shows it to the connected user";
    let remedy = match by_label {
        Some(field) => format!("that is a label; the API name is `{}`", field.name),
        None => {
            did_you_mean(name, object.fields.iter().map(|field| field.name.as_str()), otherwise)
        }
    };
    problems.refuse(path, FileCode::UnknownField, text, remedy);
    None
}

fn check_target(
    pair: &ObjectPair<'_>,
    field: &FieldSchema,
    path: &str,
    problems: &mut Problems<'_>,
) {
    let name = format!("{}.{}", pair.right.name, field.name);
    match (field.createable, field.updateable) {
        (true, true) => {}
        (true, false) => problems.warn(
            path,
            FileCode::NotWritable,
            format!("{name} can be set when a row is created, not later"),
            "later changes of the source are not sent; map another field if they must be",
        ),
        (false, true) => problems.warn(
            path,
            FileCode::NotWritable,
            format!("{name} can be changed, not set when a row is created"),
            "new rows get the value with the run after the one that creates them",
        ),
        (false, false) => {
            let (why, remedy) = read_only(field);
            problems.refuse(
                path,
                FileCode::NotWritable,
                format!("{name} is read only: {why}"),
                remedy,
            );
        }
    }
}

fn read_only(field: &FieldSchema) -> (&'static str, &'static str) {
    match field {
        field if field.calculated => {
            ("it is a formula or a roll-up", "map the fields it is calculated from")
        }
        field if field.auto_number => {
            ("the org numbers it", "map the number to a text field of the target")
        }
        field if matches!(field.kind, FieldType::Address | FieldType::Location) => {
            ("it is a compound", "map its parts (street, city, latitude, ...)")
        }
        field if field.kind == FieldType::Id => {
            ("every org gives its own ids", "map the id to a text field of the target")
        }
        _ => (
            "the org sets it, or field-level security hides it from editing",
            "remove the field mapping, or give the connected user edit access to the field",
        ),
    }
}

fn check_types(pair: &FieldPair, path: &str, problems: &mut Problems<'_>) {
    let (left, right) = (&pair.left, &pair.right);
    match rule(&left.kind, &right.kind) {
        Conversion::Impossible(why) => {
            let text = format!(
                "{} ({}) cannot be written to {} ({}): {why}",
                left.name,
                left.kind.as_str(),
                right.name,
                right.kind.as_str()
            );
            let remedy = format!("map {} to a field of type {}", left.name, left.kind.as_str());
            problems.refuse(path, FileCode::TypeMismatch, text, remedy);
            return;
        }
        Conversion::Lossy(why) => {
            let text = format!("{} to {} loses something: {why}", left.name, right.name);
            problems.warn(
                path,
                FileCode::Lossy,
                text,
                "map a field of the same type to keep all of it",
            );
        }
        Conversion::Exact | Conversion::Widening | Conversion::Checked(_) => {}
    }
    check_size(left, right, path, problems);
    check_choices(left, right, path, problems);
}

fn check_size(left: &FieldSchema, right: &FieldSchema, path: &str, problems: &mut Problems<'_>) {
    let ids = matches!(right.kind, FieldType::Reference | FieldType::Id);
    if right.length > 0 && left.length > right.length && !ids && left.picklist_values.is_empty() {
        let text = format!(
            "{} holds up to {} characters, its target {} up to {}",
            left.name, left.length, right.name, right.length
        );
        problems.warn(
            path,
            FileCode::Lossy,
            text,
            "rows with longer text are held; lengthen the target field in Setup",
        );
    }
    let (whole_left, whole_right) = (whole_digits(left), whole_digits(right));
    if whole_left > 0 && whole_right > 0 && whole_left > whole_right {
        let text = format!(
            "{} holds up to {whole_left} digits before the point, its target {} up to {whole_right}",
            left.name, right.name
        );
        problems.warn(
            path,
            FileCode::Lossy,
            text,
            "rows with larger numbers are held; widen the target field in Setup",
        );
    }
    if whole_left > 0 && whole_right > 0 && left.scale > right.scale {
        let text = format!(
            "{} has {} decimals, its target {} has {}",
            left.name, left.scale, right.name, right.scale
        );
        problems.warn(path, FileCode::Lossy, text, "decimals beyond that are cut");
    }
}

fn whole_digits(field: &FieldSchema) -> u32 {
    match field.kind {
        FieldType::Int | FieldType::Long => field.digits,
        FieldType::Double | FieldType::Currency | FieldType::Percent => {
            field.precision.saturating_sub(field.scale)
        }
        _ => 0,
    }
}

fn check_choices(left: &FieldSchema, right: &FieldSchema, path: &str, problems: &mut Problems<'_>) {
    if !right.restricted_picklist || left.picklist_values.is_empty() {
        return;
    }
    let known: BTreeSet<String> = right
        .picklist_values
        .iter()
        .filter(|value| value.active)
        .map(|value| value.value.to_lowercase())
        .collect();
    let missing: Vec<String> = left
        .picklist_values
        .iter()
        .filter(|value| value.active && !known.contains(&value.value.to_lowercase()))
        .map(|value| quoted(&value.value))
        .collect();
    if missing.is_empty() {
        return;
    }
    let more = if missing.len() > MOST_VALUES_NAMED { ", …" } else { "" };
    let named = missing.iter().take(MOST_VALUES_NAMED).cloned().collect::<Vec<_>>().join(", ");
    let text = format!("{} takes only listed values and lacks {named}{more}", right.name);
    problems.warn(
        path,
        FileCode::Lossy,
        text,
        "rows with these values are held; add them to the target's picklist in Setup",
    );
}
