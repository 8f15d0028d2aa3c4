//! Proposes field mappings of one pair of objects: alike by name or label, convertible, writable.

use isthmus_contract::sync::FieldSuggestion;
use isthmus_formula::convert::{Conversion, rule};
use isthmus_model::schema::{FieldSchema, FieldType, ObjectSchema};

use super::words::{likeness, one_to_one};

/// How sure a pair of fields must be.
const SURE_OF_FIELDS: f64 = 0.8;
/// What a pair of types that is checked value by value takes from the score.
const CHECKED_FACTOR: f64 = 0.85;

/// The proposed field mappings, in the order of the left describe.
pub(super) fn propose(left: &ObjectSchema, right: &ObjectSchema) -> Vec<FieldSuggestion> {
    let mut candidates = Vec::new();
    for from in left.fields.iter().filter(|field| is_source(field)) {
        for to in right.fields.iter().filter(|field| is_target(field)) {
            if let Some(candidate) = candidate(from, to) {
                candidates.push(candidate);
            }
        }
    }
    let mut chosen = one_to_one(candidates, |candidate: &FieldSuggestion| {
        (candidate.score, candidate.left.clone(), candidate.right.clone())
    });
    let position = |name: &str| left.fields.iter().position(|field| field.name == name);
    chosen.sort_by_key(|field| position(&field.left));
    chosen
}

/// The pair of unique external ids that looks most alike.
pub(super) fn key(left: &ObjectSchema, right: &ObjectSchema) -> Option<(String, String)> {
    let mut best: Option<(f64, &FieldSchema, &FieldSchema)> = None;
    for from in left.fields.iter().filter(|field| field.is_unique_key() && field.filterable) {
        let targets = right.fields.iter().filter(|field| field.is_unique_key() && field.createable);
        for to in targets.filter(|to| rule(&from.kind, &to.kind).is_possible()) {
            let score = likeness(&from.name, &from.label, &to.name, &to.label).score;
            if score >= SURE_OF_FIELDS && best.is_none_or(|(known, ..)| score > known) {
                best = Some((score, from, to));
            }
        }
    }
    best.map(|(_, from, to)| (from.name.clone(), to.name.clone()))
}

/// Formulas move no stamp, so a change of theirs would be missed: they are never proposed as a source.
fn is_source(field: &FieldSchema) -> bool {
    !field.calculated && field.kind != FieldType::Id
}

/// Writable for new rows; a field that only inserts may set is proposed where it must be set or holds a parent.
fn is_target(field: &FieldSchema) -> bool {
    let parent = field.kind == FieldType::Reference;
    field.createable && (field.updateable || field.required_on_create() || parent)
}

fn candidate(from: &FieldSchema, to: &FieldSchema) -> Option<FieldSuggestion> {
    let same_kind = from.kind == to.kind;
    let factor = match rule(&from.kind, &to.kind) {
        Conversion::Exact | Conversion::Widening => 1.0,
        Conversion::Checked(_) if same_kind => 1.0,
        Conversion::Checked(_) => CHECKED_FACTOR,
        // A proposal never loses anything, and an id is never proposed as text.
        Conversion::Lossy(_) | Conversion::Impossible(_) => return None,
    };
    let ids = [from, to].map(|field| field.kind == FieldType::Reference);
    if ids[0] != ids[1] {
        return None;
    }
    let likeness = likeness(&from.name, &from.label, &to.name, &to.label);
    let score = likeness.score * factor;
    let reason = if same_kind {
        likeness.reason.to_owned()
    } else {
        format!("{}; {} to {}", likeness.reason, from.kind.as_str(), to.kind.as_str())
    };
    let (left, right) = (from.name.clone(), to.name.clone());
    (score >= SURE_OF_FIELDS).then_some(FieldSuggestion {
        left,
        right,
        score,
        reason,
        parts: Vec::new(),
    })
}
