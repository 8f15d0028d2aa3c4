//! Pairs of fields that look alike: those of the drawing, and those of one name.

use isthmus_contract::map::{FieldsRequest, PairRequest};
use isthmus_contract::problem::Problem;
use isthmus_contract::sync::{FieldSuggestion, Likeness, ScorePart};
use isthmus_formula::convert::rule;
use isthmus_model::schema::{FieldSchema, FieldType, ObjectSchema};

use crate::backend::fake::{Scenario, fields};

/// Pairs of different names, with the likeness of names, labels, types and values.
const DRAWN: [(&str, &str, [f64; 4], f64, &str); 3] = [
    ("Customer_Tier__c", "Service_Tier__c", [0.82, 0.88, 1.0, 0.95], 0.91, "11 of 12 values match"),
    ("Website", "Website__c", [0.97, 1.0, 0.8, 0.71], 0.87, "same label, nothing lost"),
    ("Region__c", "Region_Code__c", [0.78, 0.7, 0.6, 0.88], 0.74, "picklist to string"),
];

/// Every pair that looks alike, in the order of the left describe.
pub(super) fn pairs(
    pair: &PairRequest,
    scenario: Scenario,
) -> Result<Vec<FieldSuggestion>, Problem> {
    let described = |org: &str, object: &str| {
        let request =
            FieldsRequest { org: org.to_owned(), object: object.to_owned(), refresh: false };
        fields::object(&request, scenario)
    };
    let left = described(&pair.left_org, &pair.left)?;
    let right = described(&pair.right_org, &pair.right)?;
    let sources =
        left.fields.iter().filter(|field| !field.calculated && field.kind != FieldType::Id);
    Ok(sources.filter_map(|from| alike(from, &right)).collect())
}

fn alike(from: &FieldSchema, right: &ObjectSchema) -> Option<FieldSuggestion> {
    let drawn =
        DRAWN.iter().find(|(left, name, ..)| *left == from.name && right.field(name).is_some());
    if let Some((left, right, parts, score, reason)) = drawn {
        return Some(suggestion(left, right, *score, reason, parts));
    }
    let to = right.field(&from.name)?;
    let writable = to.createable && to.updateable && rule(&from.kind, &to.kind).is_possible();
    let lookups = [from, to].iter().any(|field| field.kind == FieldType::Reference);
    let same_kind = from.kind == to.kind;
    let (score, reason) =
        if same_kind { (0.98, "same name") } else { (0.83, "same name, another type") };
    let parts = [1.0, 1.0, if same_kind { 1.0 } else { 0.6 }, 1.0];
    let shown = if from.picklist_values.is_empty() { &parts[..3] } else { &parts[..] };
    (writable && !lookups).then(|| suggestion(&from.name, &to.name, score, reason, shown))
}

fn suggestion(left: &str, right: &str, score: f64, reason: &str, parts: &[f64]) -> FieldSuggestion {
    let of = [Likeness::Name, Likeness::Label, Likeness::Type, Likeness::Values];
    FieldSuggestion {
        left: left.to_owned(),
        right: right.to_owned(),
        score,
        reason: reason.to_owned(),
        parts: of
            .into_iter()
            .zip(parts)
            .map(|(of, score)| ScorePart { of, score: *score })
            .collect(),
    }
}
