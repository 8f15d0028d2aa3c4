//! The shape of a file: unknown words, missing parts, limits.

use std::fmt::Write;

use isthmus_contract::file::FileCode;
use isthmus_model::document::SyncDocument;

use super::lines;
use crate::sync_file::{LARGEST_FILE_BYTES, json_schema, read};

const EXAMPLE: &str = include_str!("../../../../../docs/examples/sales-to-service.yaml");
const PUBLISHED: &str = include_str!("../../../../../docs/sync.schema.json");

#[test]
fn the_example_is_read_without_a_problem() {
    let parsed = read(EXAMPLE).unwrap();
    assert_eq!(parsed.problems, Vec::new());
    let direct: SyncDocument = serde_saphyr::from_str(EXAMPLE).unwrap();
    assert_eq!(parsed.document, direct);
}

#[test]
fn the_published_schema_is_the_one_of_this_build() {
    let published: serde_json::Value = serde_json::from_str(PUBLISHED).unwrap();
    assert_eq!(published, json_schema(), "run `isthmus schema > docs/sync.schema.json`");
}

#[test]
fn every_problem_of_shape_is_named_at_once_with_its_place() {
    let text = "\
isthmus: 1
sync: 2026
lanes: {left: sales}
objekts: []
objects:
  - left: Account
    right: Account
    match: {key: {left: ERP_Key__c, right: ERP_Key__c}, fields: []}
    fields:
      - {left: Name, rigth: Name}
      - {left: Name, right: Name, nulls: kept}
      - Name
    policies: {create: skip, first_contact: fill-blanks}
  - left: Contact
    right: Contact
    match: {keys: {left: A, right: B}}
    fields: []
release: true
";
    insta::assert_snapshot!(lines(&read(text).unwrap_err()));
}

#[test]
fn what_this_build_cannot_run_is_refused_by_name() {
    let text = "\
isthmus: 1
sync: everything
lanes:
  - {left: a, right: b}
  - {name: second, left: a, right: c}
schedule: {cron: '0 * * * *'}
release: unattended
target: {lag_minutes: 5}
objects:
  - left: Account
    right: Account
    match: {key: {left: K__c, right: K__c}}
    filters: {left: 'IsActive'}
    trigger: real_time
    policies: {update: skip, delete: delete, conflict: ask}
    fields:
      - {left: Name, right: Name, flow: Both, winner: left}
      - {left: A, right: B, formula: {left_to_right: 'UPPER(A)'}}
      - {left: C, right: D, value_map: {x: y}, sensitive: true}
";
    insta::assert_snapshot!(lines(&read(text).unwrap().problems));
}

#[test]
fn ten_thousand_lines_are_read() {
    let mut text = EXAMPLE.split("objects:").next().unwrap().to_owned();
    text.push_str(
        "objects:\n- left: A\n  right: A\n  match: {key: {left: K, right: K}}\n  fields:\n",
    );
    for number in 0..5_000 {
        let _ = write!(text, "  - left: F{number}\n    right: F{number}\n");
    }
    assert!(text.lines().count() > 10_000);
    assert_eq!(read(&text).unwrap().document.objects[0].fields.len(), 5_000);
}

#[test]
fn aliases_ten_deep_are_refused_quickly_and_clearly() {
    let mut text = "isthmus: 1\na0: &a0 [x, x]\n".to_owned();
    for level in 1..=10 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(text, "a{level}: &a{level} [{aliases}]");
    }
    let problems = read(&text).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code, FileCode::Syntax);
    assert!(problems[0].remedy.contains("aliases"), "{}", lines(&problems));
    assert!(problems[0].place.line > 0);
}

#[test]
fn one_alias_for_a_repeated_part_is_fine() {
    let text = "\
isthmus: 1
sync: a
lanes: [{left: l, right: r}]
objects:
  - {left: A, right: A, match: &key {key: {left: K, right: K}}, fields: [{left: N, right: N}]}
  - {left: B, right: B, match: *key, fields: [{left: N, right: N}]}
";
    let document = read(text).unwrap().document;
    assert_eq!(document.objects[0].match_rule, document.objects[1].match_rule);
}

#[test]
fn files_that_are_no_document_are_refused_with_a_next_step() {
    for (text, says) in [
        ("", "empty"),
        ("just text", "map"),
        ("isthmus: 1\nisthmus: 1\n", "twice|keep one"),
        ("a: [", "check indentation"),
        ("isthmus: 1\n---\nisthmus: 1\n", "one file holds one sync"),
    ] {
        let told = lines(&read(text).unwrap_err());
        assert!(says.split('|').any(|word| told.contains(word)), "{text:?}: {told}");
    }
    let large = read(&"#".repeat(LARGEST_FILE_BYTES + 1)).unwrap_err();
    assert!(lines(&large).contains("at most"));
}

#[test]
fn another_format_is_refused() {
    let text = EXAMPLE.replacen("isthmus: 1", "isthmus: 2", 1);
    assert_eq!(read(&text).unwrap_err()[0].code, FileCode::UnknownFormat);
}

#[test]
fn deep_nesting_is_refused() {
    let text = format!("isthmus: {}1{}", "[".repeat(100), "]".repeat(100));
    assert_eq!(read(&text).unwrap_err()[0].code, FileCode::Syntax);
}
