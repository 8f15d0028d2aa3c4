//! Holds the schema to recorded describes of a real org, where the recordings can be found.
//!
//! The recordings stand beside the project, not in it: `ISTHMUS_FIXTURES`, else `../shared/fixtures` from the
//! workspace's root. Without them these tests print that they were skipped and pass.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

use crate::describe::field::describe;
use crate::schema::standard::schema;

pub(crate) const RECORDED_OBJECTS: [&str; 5] =
    ["Account", "Contact", "Lead", "Opportunity", "Case"];

/// Recorded createable fields that orgsim does not have, each with the reason.
const LEFT_OUT: [(&str, &str, &str); 4] = [
    ("Account", "Primary_Contact__c", "custom field of the recorded org"),
    ("Account", "ns__Description__c", "custom field of the recorded org"),
    ("Account", "History__c", "custom field of the recorded org"),
    ("Account", "ns__LinkedAccount__c", "custom field of the recorded org"),
];

/// Describe keys in which every field that both have must agree.
const COMPARED: [&str; 29] = [
    "autoNumber",
    "calculated",
    "caseSensitive",
    "compoundFieldName",
    "createable",
    "custom",
    "defaultValue",
    "defaultedOnCreate",
    "digits",
    "externalId",
    "extraTypeInfo",
    "filterable",
    "groupable",
    "idLookup",
    "label",
    "length",
    "nameField",
    "namePointing",
    "nillable",
    "picklistValues",
    "precision",
    "referenceTo",
    "restrictedPicklist",
    "scale",
    "soapType",
    "sortable",
    "type",
    "unique",
    "updateable",
];

#[derive(Deserialize)]
struct Recording {
    response: Response,
}

#[derive(Deserialize)]
struct Response {
    body: Body,
}

#[derive(Deserialize)]
struct Body {
    string: String,
}

/// The recorded describe of an object (or `Global`); `None`, said loudly, when there are no recordings.
pub(crate) fn recording(name: &str) -> Option<Value> {
    let folder = std::env::var_os("ISTHMUS_FIXTURES").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures")),
        PathBuf::from,
    );
    let file = folder.join("cumulusci").join(format!("GET_sobjects_{name}_describe.yaml"));
    let Ok(text) = std::fs::read_to_string(&file) else {
        println!("SKIPPED: no recorded describe at {}; set ISTHMUS_FIXTURES", file.display());
        return None;
    };
    let recording: Recording = serde_saphyr::from_str(&text).unwrap();
    Some(serde_json::from_str(&recording.response.body.string).unwrap())
}

fn fields(describe: &Value) -> &[Value] {
    describe["fields"].as_array().unwrap()
}

#[test]
fn every_field_agrees_with_the_recorded_describe() {
    let schema = schema();
    let mut differences = Vec::new();
    for name in RECORDED_OBJECTS {
        let Some(recorded) = recording(name) else { return };
        for field in &schema.object(name).unwrap().fields {
            let Some(twin) = fields(&recorded).iter().find(|twin| twin["name"] == *field.name)
            else {
                assert!(field.custom || field.name == "RecordTypeId", "{name}.{}", field.name);
                continue;
            };
            let ours = describe(field);
            let differing = COMPARED.iter().filter(|key| ours[**key] != twin[**key]);
            differences.extend(differing.map(|key| {
                format!("{name}.{}: {key} is {} not {}", field.name, ours[*key], twin[*key])
            }));
        }
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn every_recorded_createable_field_is_there_or_on_the_written_list() {
    let schema = schema();
    for name in RECORDED_OBJECTS {
        let Some(recorded) = recording(name) else { return };
        let object = schema.object(name).unwrap();
        for field in fields(&recorded).iter().filter(|field| field["createable"] == true) {
            let field_name = field["name"].as_str().unwrap();
            let reason =
                LEFT_OUT.iter().find(|(object, field, _)| *object == name && *field == field_name);
            match reason {
                Some((_, _, reason)) => println!("{name}.{field_name} left out: {reason}"),
                None => assert!(object.field(field_name).is_some(), "{name}.{field_name}"),
            }
        }
    }
}
