//! Two small orgs for the checks: Account, Contact and a custom child, the right one a little different.

use std::collections::BTreeMap;
use std::sync::Arc;

use isthmus_model::ids::OrgId;
use isthmus_model::schema::{FieldSchema, FieldType, ObjectSchema, PicklistValue};

use crate::sync_file::{SideDescribe, Sides};

pub(crate) fn field(name: &str, kind: FieldType, length: u32) -> FieldSchema {
    FieldSchema {
        label: name.trim_end_matches("__c").replace('_', " "),
        length,
        ..FieldSchema::plain(name, kind)
    }
}

fn text(name: &str, length: u32) -> FieldSchema {
    field(name, FieldType::String, length)
}

fn required(field: FieldSchema) -> FieldSchema {
    FieldSchema { nillable: false, ..field }
}

fn lookup(name: &str, target: &str) -> FieldSchema {
    FieldSchema { reference_to: vec![target.to_owned()], ..field(name, FieldType::Reference, 18) }
}

fn key() -> FieldSchema {
    FieldSchema { unique: true, external_id: true, ..text("ERP_Key__c", 40) }
}

fn tier(values: &[&str]) -> FieldSchema {
    let picklist_values = values
        .iter()
        .map(|value| PicklistValue {
            value: (*value).to_owned(),
            label: (*value).to_owned(),
            active: true,
        })
        .collect();
    FieldSchema {
        restricted_picklist: true,
        picklist_values,
        ..field("Customer_Tier__c", FieldType::Picklist, 255)
    }
}

fn system() -> Vec<FieldSchema> {
    let read_only = |field: FieldSchema| FieldSchema {
        createable: false,
        updateable: false,
        nillable: false,
        defaulted_on_create: true,
        ..field
    };
    vec![
        read_only(field("Id", FieldType::Id, 18)),
        read_only(field("SystemModstamp", FieldType::DateTime, 0)),
        FieldSchema { nillable: false, defaulted_on_create: true, ..lookup("OwnerId", "User") },
    ]
}

pub(crate) fn object(name: &str, fields: Vec<FieldSchema>) -> ObjectSchema {
    ObjectSchema {
        name: name.to_owned(),
        label: name.trim_end_matches("__c").to_owned(),
        key_prefix: None,
        createable: true,
        updateable: true,
        deletable: true,
        queryable: true,
        replicateable: true,
        fields: system().into_iter().chain(fields).collect(),
        record_types: Vec::new(),
    }
}

fn account(phone_length: u32, tiers: &[&str]) -> ObjectSchema {
    let revenue =
        FieldSchema { precision: 18, scale: 0, ..field("AnnualRevenue", FieldType::Currency, 0) };
    let score = FieldSchema {
        calculated: true,
        createable: false,
        updateable: false,
        ..field("Score__c", FieldType::Double, 0)
    };
    object(
        "Account",
        vec![
            required(text("Name", 255)),
            text("Phone", phone_length),
            revenue,
            field("Founded__c", FieldType::Date, 0),
            field("BillingAddress", FieldType::Address, 0),
            FieldSchema { filterable: false, ..field("Description", FieldType::TextArea, 32000) },
            FieldSchema { external_id: true, ..text("Legacy_Code__c", 20) },
            tier(tiers),
            score,
            key(),
            lookup("ParentId", "Account"),
        ],
    )
}

fn contact() -> ObjectSchema {
    object(
        "Contact",
        vec![
            required(text("LastName", 80)),
            text("FirstName", 40),
            field("Email", FieldType::Email, 80),
            lookup("AccountId", "Account"),
            key(),
        ],
    )
}

fn side(org: &str, id: &str, objects: Vec<ObjectSchema>) -> SideDescribe {
    SideDescribe {
        org: org.to_owned(),
        org_id: OrgId::parse(id).unwrap(),
        names: objects.iter().map(|object| object.name.clone()).collect(),
        schemas: objects
            .into_iter()
            .map(|object| (object.name.to_lowercase(), Arc::new(object)))
            .collect::<BTreeMap<_, _>>(),
    }
}

pub(crate) fn sides() -> Sides {
    let user = || object("User", vec![text("Username", 80)]);
    let history = || ObjectSchema {
        createable: false,
        updateable: false,
        ..object("AccountHistory", vec![key()])
    };
    Sides {
        left: side(
            "sales",
            "00D000000000001",
            vec![account(80, &["Small", "Legacy"]), contact(), history(), user()],
        ),
        right: side(
            "service",
            "00D000000000002",
            vec![account(40, &["Small"]), contact(), history(), user()],
        ),
    }
}
