//! Describe has the key sets and orders of the recorded answers.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::describe::{every_object, full};
use crate::schema::Schema;
use crate::schema::standard::recorded::{RECORDED_OBJECTS, recording};
use crate::schema::standard::schema;

const URL: &str = "http://localhost:8701";

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

fn describe(schema: &Schema, name: &str) -> Value {
    full(schema, schema.object(name).unwrap(), URL, "68.0")
}

/// The first entry of a list in a describe, with its keys.
fn entry_keys(describe: &Value, list: &str) -> BTreeSet<String> {
    keys(&describe[list][0])
}

fn picklist_keys(describe: &Value) -> BTreeSet<String> {
    let fields = describe["fields"].as_array().unwrap();
    let picklist = fields.iter().find(|field| field["type"] == "picklist").unwrap();
    keys(&picklist["picklistValues"][0])
}

#[test]
fn object_describes_have_the_recorded_keys_at_every_level() {
    let schema = schema();
    for name in RECORDED_OBJECTS {
        let Some(recorded) = recording(name) else { return };
        let ours = describe(&schema, name);
        // Older recordings lack keys that version 61 added; none may have a key that orgsim lacks.
        assert!(keys(&recorded).is_subset(&keys(&ours)), "{name}");
        for list in ["fields", "recordTypeInfos", "childRelationships"] {
            assert_eq!(entry_keys(&ours, list), entry_keys(&recorded, list), "{name} {list}");
        }
        assert_eq!(picklist_keys(&ours), picklist_keys(&recorded), "{name}");
    }
    let Some(contact) = recording("Contact") else { return };
    assert_eq!(keys(&describe(&schema, "Contact")), keys(&contact));
}

#[test]
fn the_global_describe_has_the_recorded_keys() {
    let Some(recorded) = recording("Global") else { return };
    let ours = every_object(&schema(), "68.0");
    assert_eq!(keys(&ours), keys(&recorded));
    assert_eq!(entry_keys(&ours, "sobjects"), entry_keys(&recorded, "sobjects"));
    assert_eq!(ours["encoding"], recorded["encoding"]);
    assert_eq!(ours["maxBatchSize"], recorded["maxBatchSize"]);
}

#[test]
fn the_switches_of_the_global_describe_are_the_recorded_ones() {
    let Some(recorded) = recording("Global") else { return };
    let recorded = recorded["sobjects"].as_array().unwrap().clone();
    let ours = every_object(&schema(), "68.0");
    for object in ours["sobjects"].as_array().unwrap() {
        let Some(twin) = recorded.iter().find(|twin| twin["name"] == object["name"]) else {
            continue;
        };
        for (key, value) in object.as_object().unwrap() {
            // The recorded org has a null prefix for Lead, and users could be created without a login.
            if key != "urls" && key != "keyPrefix" {
                assert_eq!(value, &twin[key], "{}.{key}", object["name"]);
            }
        }
    }
}

#[test]
fn every_field_entry_has_57_keys_in_alphabetical_order() {
    let schema = schema();
    for object in &schema.objects {
        let described = describe(&schema, &object.name);
        for field in described["fields"].as_array().unwrap() {
            let keys: Vec<&String> = field.as_object().unwrap().keys().collect();
            assert_eq!(keys.len(), 57, "{}.{}", object.name, field["name"]);
            assert!(keys.is_sorted(), "{}.{}", object.name, field["name"]);
        }
        assert!(described.as_object().unwrap().keys().is_sorted(), "{}", object.name);
    }
}

#[test]
fn child_relationships_follow_from_references() {
    let schema = schema();
    let account = describe(&schema, "Account");
    let children = account["childRelationships"].as_array().unwrap();
    let sites = children.iter().find(|child| child["childSObject"] == "Site__c").unwrap();
    assert_eq!(sites["field"], "Account__c");
    assert_eq!(sites["relationshipName"], "Sites__r");
    assert_eq!(sites["cascadeDelete"], true);
    let cases = children.iter().find(|child| child["childSObject"] == "Case").unwrap();
    assert_eq!(cases["restrictedDelete"], true);
}

#[test]
fn urls_carry_the_version_of_the_request() {
    let account = describe(&schema(), "Account");
    assert_eq!(account["urls"]["rowTemplate"], "/services/data/v68.0/sobjects/Account/{ID}");
    assert_eq!(account["urls"]["uiDetailTemplate"], "http://localhost:8701/{ID}");
}
