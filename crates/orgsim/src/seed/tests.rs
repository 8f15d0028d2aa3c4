//! The seeded world is deterministic, consistent within each org, and overlaps between orgs as described.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::ids;
use crate::org::User;
use crate::rows::{Row, Table, text};
use crate::schema::standard::schema;
use crate::schema::{Field, FieldType, Schema};
use crate::seed::target::Target;
use crate::seed::{KINDS, SeedRequest, fill};

const NOW: &str = "2026-11-20T10:00:00.9Z";

/// One org without the parts that seeding does not touch.
struct SeededOrg {
    id: String,
    user: User,
    schema: Schema,
    tables: BTreeMap<String, Table>,
}

impl SeededOrg {
    fn empty(position: u64) -> Self {
        let id = ids::organization_id(position);
        let user = User {
            id: ids::make("005", ids::instance_code(&id), 1),
            username: format!("admin@org{position}.example"),
            password: "secret".to_owned(),
            name: "Ada Admin".to_owned(),
            email: format!("admin@org{position}.example"),
        };
        Self { id, user, schema: schema(), tables: BTreeMap::new() }
    }

    fn rows(&self, object: &str) -> Vec<&Row> {
        self.tables[object].live_rows().collect()
    }

    fn by_key(&self, object: &str) -> BTreeMap<String, &Row> {
        let rows = self.rows(object).into_iter();
        rows.filter_map(|row| Some((text(row, "ERP_Key__c")?.to_owned(), row))).collect()
    }
}

fn seeded(count: u64, seed: u64, records: &[(&str, u64)]) -> Vec<SeededOrg> {
    let mut orgs: Vec<SeededOrg> = (0..count).map(SeededOrg::empty).collect();
    let records = records.iter().map(|(object, rows)| ((*object).to_owned(), *rows)).collect();
    let now: Timestamp = NOW.parse().unwrap();
    let targets = orgs.iter_mut().enumerate().map(|(index, org)| {
        Target::of_parts(index, &org.id, "sales", &org.user, &mut org.schema, &mut org.tables, now)
    });
    fill(&mut targets.collect::<Vec<_>>(), &SeedRequest { records, seed });
    orgs
}

fn all_rows(org: &SeededOrg) -> BTreeMap<&str, Vec<&Row>> {
    org.tables.keys().map(|object| (object.as_str(), org.rows(object))).collect()
}

#[test]
fn the_same_seed_gives_the_same_orgs_and_another_seed_others() {
    let (first, again, other) = (seeded(3, 7, &[]), seeded(3, 7, &[]), seeded(3, 8, &[]));
    for (left, right) in first.iter().zip(&again) {
        assert_eq!(all_rows(left), all_rows(right));
        assert_eq!(left.schema.objects, right.schema.objects);
    }
    assert_ne!(all_rows(&first[0]), all_rows(&other[0]));
}

#[test]
fn the_first_org_holds_what_was_asked_for() {
    let orgs = seeded(2, 7, &[("Account", 1000), ("Contact", 2500), ("User", 3)]);
    assert_eq!(orgs[0].rows("Account").len(), 1000);
    assert_eq!(orgs[0].rows("Contact").len(), 2500);
    for org in &orgs {
        assert_eq!(org.rows("User").len(), 3);
        assert_eq!(org.rows("Organization").len(), 1);
        assert_eq!(org.rows("RecordType").len(), 6);
    }
    for kind in KINDS.iter().filter(|kind| !["Account", "Contact"].contains(&kind.object)) {
        let rows = orgs[0].rows(kind.object).len();
        assert_eq!(u64::try_from(rows).unwrap(), kind.records, "{}", kind.object);
    }
}

#[test]
fn further_orgs_overlap_with_drift_duplicates_and_rows_of_their_own() {
    let orgs = seeded(2, 7, &[("Account", 2000), ("Contact", 0)]);
    let (first, second) = (orgs[0].by_key("Account"), orgs[1].by_key("Account"));
    let shared: Vec<&String> = second.keys().filter(|key| first.contains_key(*key)).collect();
    assert!((1100..1300).contains(&shared.len()), "{} shared", shared.len());
    assert_eq!(second.len() - shared.len(), 160);
    let duplicates = orgs[1].rows("Account").len() - second.len();
    assert!((12..40).contains(&duplicates), "{duplicates} duplicates");
    let differs = |key: &&&String| {
        let same = |field: &str| first[**key].get(field) == second[**key].get(field);
        let drifting = ["Phone", "BillingStreet", "AnnualRevenue", "NumberOfEmployees"];
        !drifting.into_iter().chain(["Rating", "AccountSource"]).all(same)
    };
    let drifted = shared.iter().filter(differs).count();
    assert!((180..300).contains(&drifted), "{drifted} drifted");
}

#[test]
fn references_lead_to_rows_of_the_same_org() {
    let outside = ["Profile", "UserRole"];
    for org in seeded(3, 7, &[]) {
        for (object, rows) in all_rows(&org) {
            for field in &org.schema.object(object).unwrap().fields {
                let targets =
                    field.reference_to.iter().filter(|name| !outside.contains(&name.as_str()));
                let targets: Vec<&Table> =
                    targets.filter_map(|target| org.tables.get(target)).collect();
                let references = rows.iter().filter_map(|row| text(row, &field.name));
                for id in references.filter(|_| !targets.is_empty()) {
                    let found = targets.iter().any(|table| table.live(id).is_some());
                    assert!(found, "{object}.{} {id}", field.name);
                }
            }
        }
    }
}

#[test]
fn unique_values_are_unique_in_each_org_and_ids_differ_between_orgs() {
    let mut ids = BTreeSet::new();
    for org in seeded(3, 7, &[("Account", 1000)]) {
        for (object, rows) in all_rows(&org) {
            for row in &rows {
                let id = text(row, "Id").unwrap().to_owned();
                assert!(ids::parse(&id).is_ok() && ids.insert(id));
            }
            let unique = org.schema.object(object).unwrap().fields.iter();
            for field in unique.filter(|field| field.unique || field.auto_number) {
                let values = rows.iter().filter_map(|row| text(row, &field.name));
                let values: Vec<String> = values.map(str::to_lowercase).collect();
                let distinct: BTreeSet<&String> = values.iter().collect();
                assert_eq!(distinct.len(), values.len(), "{object}.{}", field.name);
            }
        }
    }
}

#[test]
fn company_names_are_told_apart_even_in_a_big_world() {
    let orgs = seeded(1, 7, &[("Account", 9000), ("Contact", 0), ("Lead", 0)]);
    let rows = orgs[0].rows("Account");
    let websites: BTreeSet<Option<&str>> = rows.iter().map(|row| text(row, "Website")).collect();
    assert_eq!(websites.len(), 9000);
}

/// What is wrong with a value, if anything.
fn complaint(field: &Field, value: &Value) -> Option<&'static str> {
    let characters = value.as_str().map(|text| text.chars().count() as u64);
    let listed = |value: &str| field.picklist_values.iter().any(|one| one.value == value);
    match field.kind {
        FieldType::Boolean => (!value.is_boolean()).then_some("no boolean"),
        FieldType::Int => (!value.is_i64()).then_some("no whole number"),
        FieldType::Double | FieldType::Currency | FieldType::Percent => {
            (!value.is_f64()).then_some("no decimal")
        }
        FieldType::Address | FieldType::Location => Some("compound fields are derived"),
        FieldType::Date => value.as_str()?.parse::<jiff::civil::Date>().err().map(|_| "no date"),
        FieldType::DateTime => (!value.as_str()?.ends_with(".000+0000")).then_some("no datetime"),
        FieldType::Picklist if !listed(value.as_str()?) => Some("unlisted value"),
        FieldType::MultiPicklist if !value.as_str()?.split(';').all(listed) => Some("unlisted"),
        FieldType::Time | FieldType::MultiPicklist => None,
        _ if characters? > u64::from(field.length) => Some("too long"),
        _ => (value.as_str()?.trim() != value.as_str()? || characters? == 0).then_some("blanks"),
    }
}

#[test]
fn every_row_keeps_its_own_orgs_rules_but_for_the_described_exceptions() {
    for org in seeded(3, 7, &[("Account", 500), ("PricebookEntry", 60)]) {
        for (object, rows) in all_rows(&org) {
            let object = org.schema.object(object).unwrap();
            for row in rows {
                for (name, value) in row {
                    let field = object.fields.iter().find(|field| field.name == *name).unwrap();
                    assert_eq!(complaint(field, value), None, "{}.{name} {value}", object.name);
                }
                for field in object.fields.iter().filter(|field| !field.nillable) {
                    assert!(row.contains_key(&field.name), "{}.{}", object.name, field.name);
                }
            }
        }
    }
}

#[test]
fn one_account_and_one_contact_in_a_hundred_of_the_first_org_are_refused_elsewhere() {
    let orgs = seeded(2, 7, &[("Account", 1000), ("Contact", 1000)]);
    let legacy = |org: &SeededOrg| {
        let rows = org.rows("Account").into_iter();
        rows.filter(|row| text(row, "Customer_Tier__c") == Some("Legacy")).count()
    };
    let broken = |org: &SeededOrg| {
        let rows = org.rows("Contact").into_iter();
        rows.filter(|row| text(row, "Email").is_some_and(|email| !email.contains('@'))).count()
    };
    assert_eq!((legacy(&orgs[0]), legacy(&orgs[1])), (10, 0));
    assert_eq!((broken(&orgs[0]), broken(&orgs[1])), (10, 0));
    let knows_legacy = |org: &SeededOrg| {
        let tier = org.schema.object("Account").unwrap().field("Customer_Tier__c").unwrap();
        assert!(tier.restricted_picklist);
        tier.picklist_values.iter().any(|value| value.value == "Legacy")
    };
    assert!(knows_legacy(&orgs[0]) && !knows_legacy(&orgs[1]));
}

#[test]
fn stamps_are_whole_seconds_of_the_past_400_days_in_order() {
    let now: Timestamp = NOW.parse().unwrap();
    let moment = |row: &Row, field: &str| -> Timestamp {
        let stamp = text(row, field).unwrap();
        assert!(stamp.ends_with(".000+0000"));
        stamp.replace("+0000", "Z").parse().unwrap()
    };
    for org in seeded(2, 7, &[]) {
        for row in org.rows("Contact") {
            let (created, modified) = (moment(row, "CreatedDate"), moment(row, "LastModifiedDate"));
            assert!(created <= modified && modified < now);
            assert!(now.duration_since(created) <= SignedDuration::from_hours(400 * 24 + 1));
            assert_eq!(modified, moment(row, "SystemModstamp"));
            if let Some(account) = text(row, "AccountId") {
                let account = org.tables["Account"].live(account).unwrap();
                assert!(moment(account, "CreatedDate") <= created, "a child before its parent");
            }
        }
    }
}

#[test]
fn a_row_is_the_same_in_a_bigger_world() {
    let (small, big) = (seeded(1, 7, &[("Account", 20)]), seeded(1, 7, &[("Account", 300)]));
    for (key, row) in small[0].by_key("Account") {
        assert_eq!(text(row, "Name"), text(big[0].by_key("Account")[&key], "Name"));
    }
}

#[test]
fn an_empty_server_and_an_empty_request_are_fine() {
    assert!(seeded(0, 7, &[]).is_empty());
    let nothing: Vec<(&str, u64)> = KINDS.iter().map(|kind| (kind.object, 0)).collect();
    let orgs = seeded(2, 7, &nothing);
    assert!(!orgs[0].tables.contains_key("Account"));
}
