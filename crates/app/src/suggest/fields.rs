//! Proposes field mappings of one pair of objects: alike by name or label, convertible, writable.

use std::collections::BTreeSet;

use isthmus_contract::sync::{FieldSuggestion, Likeness, ScorePart};
use isthmus_formula::convert::{Conversion, rule};
use isthmus_model::schema::{FieldSchema, FieldType, ObjectSchema};

use super::words::{alone, likeness, one_to_one};

/// How sure a pair of fields must be.
const SURE_OF_FIELDS: f64 = 0.8;
/// What a pair of types that is checked value by value takes from the score.
const CHECKED_FACTOR: f64 = 0.85;
/// What a pair of types that loses something takes from the score.
const LOSSY_FACTOR: f64 = 0.8;
/// How sure a pair must be that fills a required field, where a person looks at it: a poor idea is better than none.
const SURE_OF_REQUIRED: f64 = 0.5;
/// How far a required field goes before others that want the same left field.
const REQUIRED_LEAD: f64 = 0.05;

/// Who takes the proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taker {
    /// A document that is imported as it is.
    Document,
    /// A person who looks at each pair and its parts.
    Person,
}

/// The proposed field mappings, in the order of the left describe.
pub(super) fn propose(
    left: &ObjectSchema,
    right: &ObjectSchema,
    taker: Taker,
) -> Vec<FieldSuggestion> {
    let mut candidates = Vec::new();
    for from in left.fields.iter().filter(|field| is_source(field)) {
        for to in right.fields.iter().filter(|field| is_target(field)) {
            if let Some(candidate) = candidate(from, to, taker) {
                candidates.push(candidate);
            }
        }
    }
    let mut chosen = one_to_one(candidates, |candidate: &FieldSuggestion| {
        let required = right.field(&candidate.right).is_some_and(FieldSchema::required_on_create);
        let lead = if required && taker == Taker::Person { REQUIRED_LEAD } else { 0.0 };
        (candidate.score + lead, candidate.left.clone(), candidate.right.clone())
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

fn candidate(from: &FieldSchema, to: &FieldSchema, taker: Taker) -> Option<FieldSuggestion> {
    let same_kind = from.kind == to.kind;
    let rule = rule(&from.kind, &to.kind);
    let factor = match rule {
        Conversion::Exact | Conversion::Widening => 1.0,
        Conversion::Checked(_) if same_kind => 1.0,
        Conversion::Checked(_) => CHECKED_FACTOR,
        Conversion::Lossy(_) if taker == Taker::Person => LOSSY_FACTOR,
        // A document never loses anything by itself.
        Conversion::Lossy(_) | Conversion::Impossible(_) => return None,
    };
    // An id is never proposed as text.
    let ids = [from, to].map(|field| field.kind == FieldType::Reference);
    if ids[0] != ids[1] {
        return None;
    }
    let likeness = likeness(&from.name, &from.label, &to.name, &to.label);
    let score = likeness.score * factor;
    let needed = taker == Taker::Person && to.required_on_create();
    let wanted = if needed { SURE_OF_REQUIRED } else { SURE_OF_FIELDS };
    if score < wanted {
        return None;
    }
    let mut reason = likeness.reason.to_owned();
    if !same_kind {
        reason.push_str(&format!("; {} to {}", from.kind.as_str(), to.kind.as_str()));
    }
    if let Conversion::Lossy(lost) = rule {
        reason.push_str(&format!(": {lost}"));
    }
    if needed {
        reason.push_str("; required on the right");
    }
    let (left, right) = (from.name.clone(), to.name.clone());
    Some(FieldSuggestion { left, right, score, reason, parts: parts(from, to, rule) })
}

/// What the score is made of, and what a person weighs besides: shared picklist values change no score, because a
/// value map closes the gap.
fn parts(from: &FieldSchema, to: &FieldSchema, rule: Conversion) -> Vec<ScorePart> {
    let kept = if matches!(rule, Conversion::Lossy(_)) { 0.5 } else { 1.0 };
    let mut parts = vec![
        ScorePart { of: Likeness::Name, score: alone(&from.name, &to.name) },
        ScorePart { of: Likeness::Label, score: alone(&from.label, &to.label) },
        ScorePart { of: Likeness::Type, score: kept },
    ];
    parts.extend(shared_values(from, to).map(|score| ScorePart { of: Likeness::Values, score }));
    parts
}

/// The share of the left picklist's active values that the right one has; `None` where either is none.
fn shared_values(from: &FieldSchema, to: &FieldSchema) -> Option<f64> {
    let is_list =
        |field: &FieldSchema| matches!(field.kind, FieldType::Picklist | FieldType::MultiPicklist);
    let active = |field: &FieldSchema| -> BTreeSet<String> {
        let values = field.picklist_values.iter().filter(|value| value.active);
        values.map(|value| value.value.clone()).collect()
    };
    let (left, right) = (active(from), active(to));
    if !is_list(from) || !is_list(to) || left.is_empty() {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "picklists have at most some thousand values")]
    let share = left.intersection(&right).count() as f64 / left.len() as f64;
    Some(share)
}

#[cfg(test)]
mod tests {
    use isthmus_contract::sync::{FieldSuggestion, Likeness};
    use isthmus_model::schema::{FieldSchema, FieldType, ObjectSchema, PicklistValue};

    use super::{Taker, propose};
    use crate::sync_file::tests::describes;

    fn field(name: &str, kind: FieldType) -> FieldSchema {
        describes::field(name, kind, 80)
    }

    fn list(name: &str, values: &[&str]) -> FieldSchema {
        let value = |value: &&str| PicklistValue {
            value: (*value).to_owned(),
            label: (*value).to_owned(),
            active: *value != "Old",
        };
        let picklist_values = values.iter().map(value).collect();
        FieldSchema { picklist_values, ..field(name, FieldType::Picklist) }
    }

    fn object(fields: Vec<FieldSchema>) -> ObjectSchema {
        ObjectSchema { fields, ..describes::object("Site__c", Vec::new()) }
    }

    fn pairs(left: Vec<FieldSchema>, right: Vec<FieldSchema>) -> Vec<FieldSuggestion> {
        propose(&object(left), &object(right), Taker::Person)
    }

    fn part(suggestion: &FieldSuggestion, of: Likeness) -> Option<f64> {
        suggestion.parts.iter().find(|part| part.of == of).map(|part| part.score)
    }

    #[test]
    fn every_pair_says_what_it_was_compared_by() {
        let left = vec![list("Rating__c", &["Hot", "Warm", "Cold", "Icy", "Old"])];
        let right = vec![list("Rating__c", &["Hot", "Cold", "Old"])];
        let found = pairs(left, right);
        assert_eq!(found.len(), 1);
        assert_eq!(part(&found[0], Likeness::Name), Some(1.0));
        assert_eq!(part(&found[0], Likeness::Label), Some(1.0));
        assert_eq!(part(&found[0], Likeness::Type), Some(1.0));
        assert_eq!(part(&found[0], Likeness::Values), Some(0.5));
    }

    #[test]
    fn a_pair_that_loses_something_is_shown_to_a_person_and_never_written_by_itself() {
        let left = object(vec![field("Opened__c", FieldType::DateTime)]);
        let right = object(vec![field("Opened__c", FieldType::Date)]);
        let shown = propose(&left, &right, Taker::Person);
        assert_eq!(part(&shown[0], Likeness::Type), Some(0.5));
        assert_eq!(part(&shown[0], Likeness::Values), None);
        assert!(shown[0].reason.contains("time of day is lost"), "{}", shown[0].reason);
        assert!(propose(&left, &right, Taker::Document).is_empty());
    }

    #[test]
    fn required_fields_are_filled_by_less_and_before_others() {
        let required = |name| FieldSchema { nillable: false, ..field(name, FieldType::String) };
        let text = |name| field(name, FieldType::String);
        let left = vec![text("Site_Code__c")];
        let weak = pairs(left.clone(), vec![text("Plant_Site_Code__c")]);
        assert!(weak.is_empty(), "{weak:?}");
        let filled = pairs(left.clone(), vec![required("Plant_Site_Code__c")]);
        assert_eq!(
            filled.len(),
            1,
            "two of three words are enough for a field that must be filled"
        );
        assert!(filled[0].reason.ends_with("required on the right"));
        let same = vec![text("Site_Code__c"), required("SiteCode__c")];
        let chosen = pairs(left, same);
        assert_eq!(chosen.len(), 1);
        assert_eq!(chosen[0].right, "SiteCode__c");
    }

    #[test]
    fn no_field_is_in_two_pairs() {
        let text = |name| field(name, FieldType::String);
        let found = pairs(
            vec![text("Phone"), text("Telephone__c")],
            vec![text("Phone"), text("Phone__c"), text("Tel__c")],
        );
        let mut rights: Vec<&str> = found.iter().map(|pair| pair.right.as_str()).collect();
        rights.sort_unstable();
        rights.dedup();
        assert_eq!((found.len(), rights.len()), (2, 2));
    }
}
