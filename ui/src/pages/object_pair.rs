//! Two objects chosen by hand, and the object mapping that they make: in the wizard of a new sync, and on the map.

mod form;

use std::collections::BTreeMap;

use isthmus_contract::sync::FieldSuggestion;
use isthmus_model::document::{
    FieldDocument, FieldPairDocument, FirstContactPolicy, Flow, MatchDocument, NullPolicy,
    ObjectDocument, PoliciesDocument, Trigger,
};
use isthmus_model::schema::{FieldSchema, FieldType, ObjectSchema};

pub(crate) use form::{PairChoice, PairForm};

/// Fields that look this much alike are taken into a mapping that is made by hand.
const SURE: f64 = 0.8;

/// Two objects and the key by which their rows are recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The left object.
    pub(crate) left: String,
    /// The right object.
    pub(crate) right: String,
    /// The field that names a row on the left.
    pub(crate) left_key: String,
    /// The unique external id on the right.
    pub(crate) right_key: String,
}

/// The object mapping of a pair, with the fields that surely correspond.
pub(crate) fn object_of(
    pair: &Pair,
    alike: &[FieldSuggestion],
    first_contact: FirstContactPolicy,
) -> ObjectDocument {
    let fields = alike
        .iter()
        .filter(|field| field.score >= SURE && field.right != pair.right_key)
        .map(|field| field_document(&field.left, &field.right))
        .collect();
    let key = FieldPairDocument { left: pair.left_key.clone(), right: pair.right_key.clone() };
    ObjectDocument {
        name: None,
        left: pair.left.clone(),
        right: pair.right.clone(),
        match_rule: MatchDocument::Key(key),
        filters: None,
        fields,
        trigger: Trigger::default(),
        policies: PoliciesDocument { first_contact, ..PoliciesDocument::default() },
    }
}

fn field_document(left: &str, right: &str) -> FieldDocument {
    FieldDocument {
        left: left.to_owned(),
        right: right.to_owned(),
        flow: Flow::default(),
        formula: None,
        value_map: BTreeMap::new(),
        winner: None,
        nulls: NullPolicy::default(),
        sensitive: false,
    }
}

/// Fields of a right object that rows can be recognised by.
pub(crate) fn right_keys(object: &ObjectSchema) -> Vec<(String, String)> {
    let keys = object.fields.iter().filter(|field| field.is_unique_key() && field.filterable);
    keys.map(|field| (field.name.clone(), format!("{} ({})", field.label, field.name))).collect()
}

/// Fields of a left object that may hold such a key, the likeliest first.
pub(crate) fn left_keys(object: &ObjectSchema, right_key: &str) -> Vec<(String, String)> {
    // Ids differ from org to org, so they name no row of the other one.
    let is_local = |field: &FieldSchema| matches!(field.kind, FieldType::Id | FieldType::Reference);
    let fits = |field: &&FieldSchema| field.filterable && !is_local(field);
    let mut fields: Vec<_> = object.fields.iter().filter(fits).collect();
    fields.sort_by_key(|field| {
        let same = field.name.eq_ignore_ascii_case(right_key);
        (!same, !field.is_unique_key(), !field.external_id, !field.unique, field.label.clone())
    });
    fields
        .into_iter()
        .map(|field| (field.name.clone(), format!("{} ({})", field.label, field.name)))
        .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use isthmus_contract::sync::FieldSuggestion;
    use isthmus_model::document::{FirstContactPolicy, MatchDocument, ObjectDocument};

    use super::{Pair, object_of};

    fn alike(left: &str, right: &str, score: f64) -> FieldSuggestion {
        let (left, right) = (left.to_owned(), right.to_owned());
        FieldSuggestion { left, right, score, reason: "same name".to_owned(), parts: Vec::new() }
    }

    fn pair(left: &str) -> Pair {
        let text = str::to_owned;
        Pair {
            left: text(left),
            right: text("Customer__c"),
            left_key: text("ERP_Key__c"),
            right_key: text("Key__c"),
        }
    }

    /// An object mapping without a field mapping.
    pub(crate) fn object(left: &str) -> ObjectDocument {
        object_of(&pair(left), &[], FirstContactPolicy::Ask)
    }

    #[test]
    fn a_pair_chosen_by_hand_takes_the_fields_that_surely_correspond_and_not_its_key_twice() {
        let alike =
            [alike("Name", "Name", 1.0), alike("Fax", "Phone", 0.4), alike("A", "Key__c", 0.9)];
        let object = object_of(&pair("Account"), &alike, FirstContactPolicy::Left);
        assert_eq!(object.fields.len(), 1);
        assert_eq!(object.fields[0].left, "Name");
        assert_eq!(object.policies.first_contact, FirstContactPolicy::Left);
        assert!(matches!(&object.match_rule, MatchDocument::Key(key) if key.right == "Key__c"));
    }
}
