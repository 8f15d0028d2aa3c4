//! What holds for every object of the schema.

use std::collections::BTreeSet;

use crate::ids;
use crate::schema::FieldType;
use crate::schema::standard::schema;

const SETUP_OBJECTS: [&str; 3] = ["Organization", "RecordType", "User"];

#[test]
fn business_objects_have_a_unique_external_key() {
    for object in schema().objects {
        let key = object.field("ERP_Key__c");
        if SETUP_OBJECTS.contains(&object.name.as_str()) {
            assert!(key.is_none(), "{}", object.name);
            continue;
        }
        let key = key.unwrap();
        assert!(key.unique && key.external_id && key.nillable && !key.case_sensitive);
        assert_eq!((key.length, key.kind), (40, FieldType::String), "{}", object.name);
    }
}

#[test]
fn an_accounts_legacy_code_is_an_external_id_that_is_not_unique() {
    let schema = schema();
    let code = schema.object("Account").unwrap().field("Legacy_Code__c").unwrap();
    assert!(code.external_id && !code.unique);
}

#[test]
fn objects_are_in_alphabetical_order_and_prefixes_differ() {
    let schema = schema();
    assert!(schema.objects.iter().map(|object| &object.name).is_sorted());
    let prefixes: BTreeSet<&str> =
        schema.objects.iter().map(|object| object.key_prefix.as_str()).collect();
    assert_eq!(prefixes.len(), schema.objects.len());
}

#[test]
fn fields_make_sense() {
    for object in schema().objects {
        let names: BTreeSet<String> =
            object.fields.iter().map(|field| field.name.to_lowercase()).collect();
        assert_eq!(names.len(), object.fields.len(), "{}: a field is there twice", object.name);
        for field in &object.fields {
            let place = format!("{}.{}", object.name, field.name);
            let reference = field.kind == FieldType::Reference;
            assert_eq!(reference, !field.reference_to.is_empty(), "{place}");
            let listed = matches!(
                field.kind,
                FieldType::Picklist | FieldType::MultiPicklist | FieldType::Combobox
            );
            assert_eq!(listed, !field.picklist_values.is_empty(), "{place}");
            assert_eq!(field.custom, field.name.ends_with("__c"), "{place}");
            assert!(!field.restricted_picklist || listed, "{place}");
            if let Some(compound) = &field.compound_field_name {
                assert!(object.field(compound).is_some(), "{place}");
            }
        }
    }
}

#[test]
fn each_object_has_one_default_and_one_master_record_type() {
    for object in schema().objects {
        let count = |of: fn(&crate::schema::RecordType) -> bool| {
            object.record_types.iter().filter(|record_type| of(record_type)).count()
        };
        assert_eq!(count(|record_type| record_type.default), 1, "{}", object.name);
        assert_eq!(count(|record_type| record_type.master), 1, "{}", object.name);
        assert!(object.record_types.iter().all(|one| ids::parse(&one.id).is_ok()));
    }
}
