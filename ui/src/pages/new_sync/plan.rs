//! What the wizard makes: a document out of chosen proposals, or out of two objects chosen by hand.

use std::collections::{BTreeMap, BTreeSet};

use isthmus_contract::sync::FieldSuggestion;
use isthmus_model::document::{
    DOCUMENT_VERSION, FieldDocument, FieldPairDocument, FirstContactPolicy, Flow, LaneDocument,
    MatchDocument, NullPolicy, ObjectDocument, PoliciesDocument, Release, SyncDocument, Trigger,
};
use isthmus_model::schema::ObjectSchema;

/// Fields that look this much alike are taken into a mapping that is made by hand.
const SURE: f64 = 0.8;

/// A proposed document with only the chosen objects, and with the chosen policy for rows that meet for the first time.
pub(super) fn chosen(
    mut document: SyncDocument,
    name: &str,
    objects: &BTreeSet<String>,
    first_contact: FirstContactPolicy,
) -> SyncDocument {
    name.clone_into(&mut document.sync);
    document.objects.retain(|object| objects.contains(&object.left));
    let kept: BTreeSet<String> =
        document.objects.iter().map(|object| object.left.clone()).collect();
    for object in &mut document.objects {
        object.policies.first_contact = first_contact;
    }
    drop_unused_values(&mut document, &kept);
    document
}

/// Lane values are for lookups to objects outside of the sync; those of mapped objects say nothing.
fn drop_unused_values(document: &mut SyncDocument, kept: &BTreeSet<String>) {
    for lane in &mut document.lanes {
        lane.values.retain(|object, values| !kept.contains(object) || !values.is_empty());
    }
}

/// Two objects and the key by which their rows are recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    /// The left object.
    pub(super) left: String,
    /// The right object.
    pub(super) right: String,
    /// The field that names a row on the left.
    pub(super) left_key: String,
    /// The unique external id on the right.
    pub(super) right_key: String,
}

/// A document of one object mapping, with the fields that look alike.
pub(super) fn by_hand(
    name: &str,
    orgs: (&str, &str),
    pair: &Pair,
    alike: &[FieldSuggestion],
    first_contact: FirstContactPolicy,
) -> SyncDocument {
    let fields = alike
        .iter()
        .filter(|field| field.score >= SURE && field.right != pair.right_key)
        .map(|field| field_document(&field.left, &field.right))
        .collect();
    let key = FieldPairDocument { left: pair.left_key.clone(), right: pair.right_key.clone() };
    SyncDocument {
        isthmus: DOCUMENT_VERSION,
        sync: name.to_owned(),
        description: None,
        lanes: vec![LaneDocument {
            name: "main".to_owned(),
            left: orgs.0.to_owned(),
            right: orgs.1.to_owned(),
            values: BTreeMap::new(),
        }],
        objects: vec![ObjectDocument {
            name: None,
            left: pair.left.clone(),
            right: pair.right.clone(),
            match_rule: MatchDocument::Key(key),
            filters: None,
            fields,
            trigger: Trigger::default(),
            policies: PoliciesDocument { first_contact, ..PoliciesDocument::default() },
        }],
        schedule: None,
        release: Release::default(),
        target: None,
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
pub(super) fn right_keys(object: &ObjectSchema) -> Vec<(String, String)> {
    let keys = object.fields.iter().filter(|field| field.is_unique_key() && field.filterable);
    keys.map(|field| (field.name.clone(), format!("{} ({})", field.label, field.name))).collect()
}

/// Fields of a left object that may hold such a key, the likeliest first.
pub(super) fn left_keys(object: &ObjectSchema, right_key: &str) -> Vec<(String, String)> {
    let mut fields: Vec<_> = object.fields.iter().filter(|field| field.filterable).collect();
    fields.sort_by_key(|field| {
        let same = field.name.eq_ignore_ascii_case(right_key);
        (!same, !field.is_unique_key(), !field.external_id, !field.unique, field.label.clone())
    });
    fields
        .into_iter()
        .map(|field| (field.name.clone(), format!("{} ({})", field.label, field.name)))
        .collect()
}

/// The words for each policy for rows that meet for the first time.
pub(super) const FIRST_CONTACT: [(FirstContactPolicy, &str, &str, &str); 5] = [
    (FirstContactPolicy::Ask, "ask", "Ask me", "Rows that differ are held until you decide."),
    (FirstContactPolicy::Left, "left", "Left wins", "The right org takes the left org's values."),
    (
        FirstContactPolicy::FillBlanks,
        "fill_blanks",
        "Fill blanks only",
        "Only fields that are empty on the right are filled.",
    ),
    (
        FirstContactPolicy::Newest,
        "newest",
        "Newer record wins",
        "The values of the record that was changed last stay.",
    ),
    (
        FirstContactPolicy::Right,
        "right",
        "Right stays",
        "The right org keeps its values; later changes on the left are written.",
    ),
];

/// The policy of a word of [`FIRST_CONTACT`].
pub(super) fn first_contact(word: &str) -> FirstContactPolicy {
    let named = FIRST_CONTACT.iter().find(|(_, own, ..)| *own == word);
    named.map_or(FirstContactPolicy::Ask, |(policy, ..)| *policy)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use isthmus_contract::sync::FieldSuggestion;
    use isthmus_model::document::{FirstContactPolicy, MatchDocument};

    use super::{Pair, by_hand, chosen, first_contact};

    fn alike(left: &str, right: &str, score: f64) -> FieldSuggestion {
        let (left, right) = (left.to_owned(), right.to_owned());
        FieldSuggestion { left, right, score, reason: "same name".to_owned(), parts: Vec::new() }
    }

    fn pair() -> Pair {
        let text = str::to_owned;
        Pair {
            left: text("Account"),
            right: text("Customer__c"),
            left_key: text("ERP_Key__c"),
            right_key: text("Key__c"),
        }
    }

    #[test]
    fn a_pair_chosen_by_hand_takes_the_fields_that_surely_correspond_and_not_its_key_twice() {
        let alike =
            [alike("Name", "Name", 1.0), alike("Fax", "Phone", 0.4), alike("A", "Key__c", 0.9)];
        let policy = FirstContactPolicy::Left;
        let document = by_hand("customers", ("sales", "service"), &pair(), &alike, policy);
        let object = &document.objects[0];
        assert_eq!(object.fields.len(), 1);
        assert_eq!(object.fields[0].left, "Name");
        assert_eq!(object.policies.first_contact, FirstContactPolicy::Left);
        assert!(matches!(&object.match_rule, MatchDocument::Key(key) if key.right == "Key__c"));
    }

    #[test]
    fn only_chosen_objects_are_kept_and_all_take_the_policy() {
        let mut document =
            by_hand("proposal", ("sales", "service"), &pair(), &[], FirstContactPolicy::Ask);
        let mut other = document.objects[0].clone();
        other.left = "Contact".to_owned();
        document.objects.push(other);
        let objects = BTreeSet::from(["Contact".to_owned()]);
        let kept = chosen(document, "people", &objects, first_contact("newest"));
        assert_eq!(kept.sync, "people");
        assert_eq!(kept.objects.len(), 1);
        assert_eq!(kept.objects[0].policies.first_contact, FirstContactPolicy::Newest);
    }
}
