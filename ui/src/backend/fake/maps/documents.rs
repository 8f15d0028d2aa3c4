//! The mappings of the demo's syncs.

use std::collections::BTreeMap;

use isthmus_model::document::{
    FieldDocument, FieldPairDocument, FirstContactPolicy, Flow, LaneDocument, MatchDocument,
    NullPolicy, ObjectDocument, PoliciesDocument, Release, SyncDocument, Trigger,
};

use crate::backend::fake::Scenario;
use crate::backend::fake::data::{EMEA, SALES};

/// How many of the 800 fields the large scenario links.
const LINKED: usize = 640;

const ACCOUNT: &[(&str, &str)] = &[
    ("Name", "Name"),
    ("ERP_Key__c", "ERP_Key__c"),
    ("Industry", "Sector__c"),
    ("Phone", "Phone"),
    ("BillingCountryCode", "BillingCountryCode"),
    ("NumberOfEmployees", "Headcount__c"),
    ("Description", "Notes__c"),
    ("OwnerId", "OwnerId"),
    ("Health_Score__c", "Health_Score__c"),
];

const CONTACT: &[(&str, &str)] = &[
    ("LastName", "LastName"),
    ("FirstName", "FirstName"),
    ("AccountId", "AccountId"),
    ("Email", "Email"),
    ("Phone", "Phone"),
];

const OPPORTUNITY: &[(&str, &str)] = &[
    ("Name", "Name"),
    ("AccountId", "AccountId"),
    ("StageName", "StageName"),
    ("CloseDate", "CloseDate"),
    ("Amount", "Amount"),
];

const LEAD: &[(&str, &str)] = &[("Name", "Name")];

/// The mapping of a sync of the demo; `None` where the demo has no such sync.
pub(super) fn of(
    name: &str,
    (left, right): (String, String),
    scenario: Scenario,
) -> Option<SyncDocument> {
    let objects = match (scenario, name) {
        (Scenario::New | Scenario::Empty, _) => return None,
        (Scenario::Large, _) => vec![large()],
        (_, "Pipeline to EMEA") => {
            vec![object("Opportunity", ("Deal_Key__c", "Deal_Key__c"), OPPORTUNITY)]
        }
        (_, "EMEA leads") => vec![object("Lead", ("External_Key__c", "External_Key__c"), LEAD)],
        _ => vec![
            object("Account", ("ERP_Key__c", "ERP_Key__c"), ACCOUNT),
            object("Contact", ("Contact_Key__c", "Contact_Key__c"), CONTACT),
            object("Opportunity", ("Deal_Key__c", "Deal_Key__c"), OPPORTUNITY),
        ],
    };
    let values = if left == SALES || left == EMEA { users() } else { BTreeMap::new() };
    Some(SyncDocument {
        isthmus: 1,
        sync: name.to_owned(),
        description: Some("Accounts and their people, as the service desk needs them".to_owned()),
        lanes: vec![LaneDocument { name: "main".to_owned(), left, right, values }],
        objects,
        schedule: None,
        release: Release::default(),
        target: None,
    })
}

fn users() -> BTreeMap<String, BTreeMap<String, String>> {
    let pair = ("0055f000000000AAAQ".to_owned(), "0055f000000000BAAQ".to_owned());
    BTreeMap::from([("User".to_owned(), BTreeMap::from([pair]))])
}

fn object(name: &str, key: (&str, &str), fields: &[(&str, &str)]) -> ObjectDocument {
    ObjectDocument {
        name: None,
        left: name.to_owned(),
        right: name.to_owned(),
        match_rule: MatchDocument::Key(FieldPairDocument {
            left: key.0.to_owned(),
            right: key.1.to_owned(),
        }),
        filters: None,
        fields: fields.iter().map(|(left, right)| field(left, right)).collect(),
        trigger: Trigger::default(),
        policies: PoliciesDocument {
            first_contact: FirstContactPolicy::FillBlanks,
            ..PoliciesDocument::default()
        },
    }
}

fn field(left: &str, right: &str) -> FieldDocument {
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

/// Most of 800 fields, each to the one of its number.
fn large() -> ObjectDocument {
    let mut object = object("Account", ("ERP_Key__c", "ERP_Key__c"), &[("Name", "Name")]);
    object.fields.extend((7..7 + LINKED).map(|number| {
        let right = if number.is_multiple_of(5) { "Detail" } else { "Attribute" };
        field(&format!("Attribute_{number:03}__c"), &format!("{right}_{number:03}__c"))
    }));
    object
}
