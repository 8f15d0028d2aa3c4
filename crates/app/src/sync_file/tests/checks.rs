//! The check against both describes.

use isthmus_contract::file::{FileCode, FileProblem};
use isthmus_model::ids::{LaneId, MappingVersion};
use isthmus_model::mapping::{MatchRule, ReferenceRule};

use super::describes::sides;
use super::lines;
use crate::sync_file::{Binding, Bound, bind, read};

const BINDING: Binding = Binding { lane: LaneId(1), version: MappingVersion(3) };

fn check(objects: &str) -> Result<Bound, Vec<FileProblem>> {
    check_lane("lanes: [{left: sales, right: service}]", objects)
}

fn check_lane(lane: &str, objects: &str) -> Result<Bound, Vec<FileProblem>> {
    let text = format!("isthmus: 1\nsync: test\n{lane}\nobjects:\n{objects}");
    let parsed = read(&text).unwrap_or_else(|problems| panic!("{}", lines(&problems)));
    bind(&parsed, &sides(), BINDING)
}

const ACCOUNTS: &str = "\
- left: account
  right: account
  match: {key: {left: erp_key__c, right: erp_key__c}}
  fields:
    - {left: name, right: name}
";

#[test]
fn names_are_bound_as_describe_spells_them() {
    let bound = check(ACCOUNTS).unwrap();
    let (mapping, _) = &bound.mappings[0];
    assert_eq!(mapping.right.name, "Account");
    assert_eq!(mapping.version, MappingVersion(3));
    assert_eq!(mapping.fields[0].pair.right.name, "Name");
    let MatchRule::UniqueKey(key) = &mapping.match_rule else { panic!("no unique key") };
    assert_eq!(key.right.name, "ERP_Key__c");
    assert_eq!(bound.warnings, Vec::new());
}

#[test]
fn every_problem_is_named_at_once_with_place_and_remedy() {
    let problems = check(
        "\
- left: Acount
  right: Account
  match: {key: {left: ERP_Key__c, right: ERP_Key__c}}
  fields: [{left: Name, right: Name}]
- left: Account
  right: Account
  match: {key: {left: Description, right: Legacy_Code__c}}
  fields:
    - {left: Nam, right: Legacy Code}
    - {left: Founded__c, right: AnnualRevenue}
    - {left: Phone, right: Score__c}
    - {left: Phone, right: BillingAddress}
    - {left: Phone, right: phone}
    - {left: Name, right: Phone}
    - {left: OwnerId, right: OwnerId}
    - {left: \"Name FROM User--\", right: Name}
- left: AccountHistory
  right: AccountHistory
  match: {key: {left: ERP_Key__c, right: ERP_Key__c}}
  fields: [{left: ERP_Key__c, right: ERP_Key__c}]
- left: Contact
  right: Contact
  match: {fields: [{left: AccountId, right: AccountId}, {left: Email, right: Email}]}
  fields: [{left: FirstName, right: FirstName}]
",
    );
    insta::assert_snapshot!(lines(&problems.unwrap_err()));
}

#[test]
fn losses_are_warnings_that_say_what_is_lost() {
    let bound = check(
        "\
- left: Account
  right: Account
  match: {key: {left: Legacy_Code__c, right: ERP_Key__c}}
  fields:
    - {left: Name, right: Name}
    - {left: Phone, right: Phone}
    - {left: Customer_Tier__c, right: Customer_Tier__c}
    - {left: SystemModstamp, right: Founded__c}
",
    );
    insta::assert_snapshot!(lines(&bound.unwrap().warnings));
}

#[test]
fn a_lookup_goes_through_the_links_of_its_parents_mapping() {
    let contacts = "\
- left: Contact
  right: Contact
  match: {key: {left: ERP_Key__c, right: ERP_Key__c}}
  fields:
    - {left: LastName, right: LastName}
    - {left: AccountId, right: AccountId}
";
    let bound = check(&format!("{contacts}{ACCOUNTS}")).unwrap();
    let (contact, _) = &bound.mappings[0];
    let Some(ReferenceRule::Links(parents)) = &contact.fields[1].reference else {
        panic!("no links")
    };
    assert_eq!(parents[0].as_str(), "account");

    let alone = check(contacts).unwrap_err();
    assert_eq!(alone[0].code, FileCode::ParentUnmapped);
    assert_eq!(alone[0].path, "objects[0].fields[1]");
}

#[test]
fn a_lookup_may_go_through_the_lanes_own_values() {
    let owners = format!("{ACCOUNTS}    - {{left: OwnerId, right: OwnerId}}\n");
    let lane = "lanes: [{left: sales, right: service, values: {User: {005000000000001AAA: 005000000000002AAA}}}]";
    let bound = check_lane(lane, &owners).unwrap();
    let reference = &bound.mappings[0].0.fields[1].reference;
    assert!(matches!(reference, Some(ReferenceRule::LaneValues(values)) if values.len() == 1));

    let bad =
        "lanes: [{left: sales, right: service, values: {User: {005000000000001AAA: '../x'}}}]";
    assert_eq!(check_lane(bad, &owners).unwrap_err()[0].code, FileCode::BadId);
}

#[test]
fn both_sides_the_same_org_is_refused() {
    let text = format!("isthmus: 1\nsync: t\nlanes: [{{left: a, right: b}}]\nobjects:\n{ACCOUNTS}");
    let mut sides = sides();
    sides.right.org_id = sides.left.org_id;
    let problems = bind(&read(&text).unwrap(), &sides, BINDING).unwrap_err();
    assert_eq!(problems[0].code, FileCode::SameOrg);
}

#[test]
fn without_creates_required_fields_may_stay_unmapped() {
    let skip = ACCOUNTS.replace("name, right: name", "phone, right: phone");
    assert_eq!(check(&skip).unwrap_err()[0].code, FileCode::RequiredUnmapped);
    check(&format!("{skip}  policies: {{create: skip}}\n")).unwrap();
}

#[test]
fn two_mappings_of_one_name_or_one_pair_are_refused() {
    let problems = check(&format!("{ACCOUNTS}{ACCOUNTS}")).unwrap_err();
    assert_eq!(problems.iter().filter(|problem| problem.code == FileCode::Duplicate).count(), 2);
}
