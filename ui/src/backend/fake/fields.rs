//! What the demo's orgs say of their objects and fields.

mod large;
mod lines;
mod sales;
mod service;

use isthmus_contract::map::{FieldsRequest, ObjectListing};
use isthmus_contract::problem::{Code, Problem};
use isthmus_model::schema::ObjectSchema;

use crate::backend::fake::data::{EMEA, MARKUP, SERVICE, endless, unreachable};
use crate::backend::fake::scenario::Scenario;

/// API name, label, prefix of the ids, and whether rows can be written.
const OBJECTS: [(&str, &str, &str, bool); 9] = [
    ("Account", "Account", "001", true),
    ("Contact", "Contact", "003", true),
    ("Opportunity", "Opportunity", "006", true),
    ("OpportunityLineItem", "Opportunity Product", "00k", true),
    ("Lead", "Lead", "00Q", true),
    ("Case", "Case", "500", true),
    ("Site__c", "Site", "a01", true),
    ("User", "User", "005", false),
    ("AccountHistory", "Account History", "017", false),
];

/// The objects of an org.
pub(super) fn objects(org: &str, scenario: Scenario) -> Result<Vec<ObjectListing>, Problem> {
    if scenario == Scenario::Failing {
        return Err(unreachable(org));
    }
    let listing = |(name, label, _, writable): (&str, &str, &str, bool)| ObjectListing {
        name: name.to_owned(),
        label: labelled(name, label, scenario),
        custom: name.ends_with("__c"),
        queryable: true,
        createable: writable,
        updateable: writable,
    };
    Ok(OBJECTS.into_iter().map(listing).collect())
}

/// An object with its fields.
pub(super) fn object(request: &FieldsRequest, scenario: Scenario) -> Result<ObjectSchema, Problem> {
    if scenario == Scenario::Failing {
        return Err(unreachable(&request.org));
    }
    let known = OBJECTS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(&request.object));
    let Some((name, label, prefix, writable)) = known else {
        let text = format!("{}: no object has the name {}", request.org, request.object);
        return Err(Problem::new(
            Code::ObjectUnknown,
            text,
            "check the name in Setup, Object Manager",
        ));
    };
    let is_right = request.org == SERVICE || request.org == EMEA;
    let mut schema = ObjectSchema {
        name: (*name).to_owned(),
        label: labelled(name, label, scenario),
        key_prefix: Some((*prefix).to_owned()),
        createable: *writable,
        updateable: *writable,
        deletable: *writable,
        queryable: true,
        replicateable: true,
        fields: lines::fields(table(name, is_right)),
        record_types: Vec::new(),
    };
    match scenario {
        Scenario::Large => schema.fields = large::fields(is_right),
        Scenario::Hostile => disguise(&mut schema),
        _ => {}
    }
    Ok(schema)
}

fn table(object: &str, is_right: bool) -> &'static str {
    match (object, is_right) {
        ("Account", false) => sales::ACCOUNT,
        ("Account", true) => service::ACCOUNT,
        ("Contact", false) => sales::CONTACT,
        ("Contact", true) => service::CONTACT,
        ("Opportunity", false) => sales::OPPORTUNITY,
        ("Opportunity", true) => service::OPPORTUNITY,
        _ => sales::OTHER,
    }
}

fn labelled(name: &str, label: &str, scenario: Scenario) -> String {
    match (scenario, name) {
        (Scenario::Hostile, "Contact") => endless(),
        (Scenario::Hostile, _) => format!("{label} {MARKUP}"),
        _ => label.to_owned(),
    }
}

/// API names stay names; labels are whatever an admin typed.
fn disguise(schema: &mut ObjectSchema) {
    let labels = [MARKUP.to_owned(), super::data::RIGHT_TO_LEFT.to_owned(), endless()];
    for (field, label) in schema.fields.iter_mut().zip(labels.iter().cycle()) {
        field.label.clone_from(label);
    }
}

#[cfg(test)]
mod tests {
    use isthmus_contract::map::FieldsRequest;
    use isthmus_model::schema::FieldType;

    use super::{OBJECTS, Scenario, object};
    use crate::backend::fake::data::{SALES, SERVICE};

    fn asked(org: &str, object: &str) -> FieldsRequest {
        FieldsRequest { org: org.to_owned(), object: object.to_owned(), refresh: false }
    }

    #[test]
    fn the_accounts_of_both_sides_have_the_fields_of_the_drawing() {
        let count = |org| object(&asked(org, "account"), Scenario::Full).unwrap().fields.len();
        assert_eq!((count(SALES), count(SERVICE)), (62, 50));
        let large = |org| object(&asked(org, "Account"), Scenario::Large).unwrap().fields.len();
        assert_eq!((large(SALES), large(SERVICE)), (800, 800));
    }

    #[test]
    fn every_field_of_the_demo_is_well_described_and_has_a_name_of_its_own() {
        for scenario in [Scenario::Full, Scenario::Large] {
            for (name, ..) in OBJECTS {
                for org in [SALES, SERVICE] {
                    let schema = object(&asked(org, name), scenario).unwrap();
                    let mut names: Vec<String> =
                        schema.fields.iter().map(|field| field.name.to_lowercase()).collect();
                    names.sort();
                    names.dedup();
                    assert_eq!(names.len(), schema.fields.len(), "{org} {name}");
                    for field in &schema.fields {
                        assert!(!matches!(field.kind, FieldType::Other(_)), "{}", field.name);
                        let is_list =
                            matches!(field.kind, FieldType::Picklist | FieldType::MultiPicklist);
                        assert_eq!(is_list, !field.picklist_values.is_empty(), "{}", field.name);
                        let is_reference = field.kind == FieldType::Reference;
                        assert_eq!(is_reference, !field.reference_to.is_empty(), "{}", field.name);
                    }
                    assert!(schema.cursor_field().is_some(), "{org} {name}");
                }
            }
        }
    }
}
