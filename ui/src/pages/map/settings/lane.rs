//! Pairs of ids that a lane lists for lookups to records that no object mapping covers.

use isthmus_model::document::{LaneDocument, ObjectDocument, SyncDocument};
use isthmus_model::ids::RecordId;
use isthmus_model::schema::FieldType;

use crate::pages::map::order::Fields;
use crate::pages::map::state::{links, pair_of};

/// What is wrong with a pair of ids that a person typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Wrong {
    /// With the left id.
    pub(super) left: Option<String>,
    /// With the right id.
    pub(super) right: Option<String>,
}

/// A lane with one more pair, both ids in their long form.
pub(super) fn with_pair(
    lane: &LaneDocument,
    object: &str,
    left: &str,
    right: &str,
) -> Result<LaneDocument, Wrong> {
    let (left, right) = (id(left), id(right));
    let mut wrong = Wrong { left: left.clone().err(), right: right.clone().err() };
    let (Ok(left), Ok(right)) = (left, right) else { return Err(wrong) };
    let known = lane.values.get(object);
    let is_listed = |listed: &String| RecordId::parse(listed).is_ok_and(|listed| listed == left);
    if known.is_some_and(|pairs| pairs.keys().any(is_listed)) {
        wrong.left = Some("This id is listed already; remove that pair first".to_owned());
        return Err(wrong);
    }
    let mut lane = lane.clone();
    let pairs = lane.values.entry(object.to_owned()).or_default();
    pairs.insert(left.to_string(), right.to_string());
    Ok(lane)
}

/// A lane without one of its pairs; an object leaves with its last one.
pub(super) fn without_pair(lane: &LaneDocument, object: &str, left: &str) -> LaneDocument {
    let mut lane = lane.clone();
    if let Some(pairs) = lane.values.get_mut(object) {
        pairs.remove(left);
        if pairs.is_empty() {
            lane.values.remove(object);
        }
    }
    lane
}

/// Objects that pairs can be listed for: those that linked lookups point to and the sync does not map, and those listed
/// already.
pub(super) fn listable(
    document: &SyncDocument,
    mapping: &ObjectDocument,
    left: &Fields,
) -> Vec<String> {
    let linked = links(mapping).into_iter().filter_map(|link| {
        let (name, _) = pair_of(mapping, link)?;
        left.list.get(left.place(name)?)
    });
    let parents = linked
        .filter(|field| field.kind == FieldType::Reference)
        .flat_map(|field| field.reference_to.iter().cloned());
    let listed = document.lanes.iter().flat_map(|lane| lane.values.keys().cloned());
    let is_mapped = |name: &String| {
        document.objects.iter().any(|object| object.left.eq_ignore_ascii_case(name))
    };
    let mut objects: Vec<String> = listed.chain(parents.filter(|name| !is_mapped(name))).collect();
    objects.sort();
    objects.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
    objects
}

fn id(text: &str) -> Result<RecordId, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("Enter an id of 15 or 18 characters".to_owned());
    }
    RecordId::parse(text).map_err(|error| {
        let told = error.to_string();
        let mut letters = told.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    })
}

#[cfg(test)]
mod tests {
    use isthmus_model::document::{LaneDocument, SyncDocument};
    use isthmus_model::ids::Side;
    use isthmus_model::schema::{FieldSchema, FieldType, ObjectSchema};

    use super::{listable, with_pair, without_pair};
    use crate::pages::map::order::Fields;
    use crate::pages::map::words::tests::field;

    const LEFT: &str = "0055f000000000A";
    const RIGHT: &str = "0055f000000000B";

    fn document() -> SyncDocument {
        serde_json::from_value(serde_json::json!({
            "isthmus": 1, "sync": "s",
            "lanes": [{"left": "a", "right": "b", "values": {"RecordType": {}}}],
            "objects": [{
                "left": "Contact", "right": "Contact",
                "match": {"key": {"left": "Key__c", "right": "Key__c"}},
                "fields": [
                    {"left": "OwnerId", "right": "OwnerId"}, {"left": "AccountId", "right": "AccountId"},
                    {"left": "ReportsToId", "right": "ReportsToId"}, {"left": "Name", "right": "Name"},
                ],
            }],
        }))
        .unwrap()
    }

    fn lane() -> LaneDocument {
        document().lanes.remove(0)
    }

    #[test]
    fn ids_are_kept_in_their_long_form_and_the_same_id_is_listed_once() {
        let lane = with_pair(&lane(), "User", &format!(" {LEFT} "), RIGHT).unwrap();
        let pairs = &lane.values["User"];
        let (left, right) = pairs.iter().next().unwrap();
        assert_eq!((left.len(), right.len()), (18, 18));
        let again = with_pair(&lane, "User", left, RIGHT).unwrap_err();
        assert!(again.left.is_some() && again.right.is_none());
    }

    #[test]
    fn each_wrong_id_is_named_for_itself() {
        let wrong = with_pair(&lane(), "User", "", "005").unwrap_err();
        assert_eq!(wrong.left.as_deref(), Some("Enter an id of 15 or 18 characters"));
        assert!(wrong.right.is_some());
    }

    #[test]
    fn an_object_leaves_with_its_last_pair() {
        let listed = with_pair(&lane(), "User", LEFT, RIGHT).unwrap();
        let left = listed.values["User"].keys().next().unwrap().clone();
        assert!(!without_pair(&listed, "User", &left).values.contains_key("User"));
    }

    #[test]
    fn lookups_to_objects_that_are_not_mapped_can_be_listed() {
        let lookup = |name: &str, to: &str| FieldSchema {
            reference_to: vec![to.to_owned()],
            ..field(name, FieldType::Reference)
        };
        let schema = ObjectSchema {
            name: "Contact".to_owned(),
            label: "Contact".to_owned(),
            key_prefix: None,
            createable: true,
            updateable: true,
            deletable: true,
            queryable: true,
            replicateable: true,
            fields: vec![
                lookup("OwnerId", "User"),
                lookup("AccountId", "Account"),
                lookup("ReportsToId", "Contact"),
                lookup("Unlinked__c", "Case"),
                field("Name", FieldType::String),
            ],
            record_types: Vec::new(),
        };
        let document = document();
        let fields = Fields::of(&schema, &document.objects[0], Side::Left);
        let objects = listable(&document, &document.objects[0], &fields);
        assert_eq!(objects, ["Account", "RecordType", "User"]);
    }
}
