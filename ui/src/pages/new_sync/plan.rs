//! What the wizard makes: a document out of chosen proposals, or out of two objects chosen by hand.

use std::collections::{BTreeMap, BTreeSet};

use isthmus_model::document::{
    DOCUMENT_VERSION, FirstContactPolicy, LaneDocument, ObjectDocument, Release, SyncDocument,
};

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

/// A document of one object mapping.
pub(super) fn by_hand(name: &str, orgs: (&str, &str), object: ObjectDocument) -> SyncDocument {
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
        objects: vec![object],
        schedule: None,
        release: Release::default(),
        target: None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use isthmus_model::document::FirstContactPolicy;

    use super::{by_hand, chosen};
    use crate::pages::object_pair::tests::object;

    #[test]
    fn only_chosen_objects_are_kept_and_all_take_the_policy() {
        let mut document = by_hand("proposal", ("sales", "service"), object("Account"));
        document.objects.push(object("Contact"));
        let objects = BTreeSet::from(["Contact".to_owned()]);
        let kept = chosen(document, "people", &objects, FirstContactPolicy::Newest);
        assert_eq!(kept.sync, "people");
        assert_eq!(kept.objects.len(), 1);
        assert_eq!(kept.objects[0].policies.first_contact, FirstContactPolicy::Newest);
    }
}
