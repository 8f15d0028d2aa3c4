//! What the document format has and this build cannot run is refused by name, never ignored.

use isthmus_contract::file::FileCode;
use isthmus_tests::isthmus::Desk;
use isthmus_tests::orgs::Orgs;
use serde_json::json;

const EVERYTHING: &str = "\
isthmus: 1
sync: everything
lanes:
  - {left: sales, right: service}
  - {name: second, left: service, right: sales}
schedule: {cron: '0 * * * *'}
release: unattended
objects:
  - left: Account
    right: Account
    match: {key: {left: ERP_Key__c, right: ERP_Key__c}}
    filters: {left: 'ISBLANK(Phone)'}
    trigger: real_time
    policies: {update: skip, delete: delete}
    fields:
      - {left: Name, right: Name, flow: Both}
      - {left: Site, right: Site, flow: RightToLeft}
      - {left: Phone, right: Phone, formula: {left_to_right: 'UPPER(Phone)'}}
      - {left: Rating, right: Rating, value_map: {Hot: Warm}}
";

/// Line of the file, and the words that name the part.
const PARTS: [(u64, &str); 11] = [
    (5, "more than one lane"),
    (6, "schedule"),
    (7, "unattended"),
    (12, "filters"),
    (13, "triggers"),
    (14, "creates without updates"),
    (14, "deletes"),
    (16, "flows other than LeftToRight"),
    (17, "flows other than LeftToRight"),
    (18, "formulas"),
    (19, "value maps"),
];

#[test]
fn parts_of_later_builds_are_refused_by_name_with_their_lines_all_at_once() {
    let orgs = Orgs::pair(4, 0);
    let desk = Desk::with_workspace();
    let _ = desk.adopt(&orgs, "sales").passed();
    let _ = desk.adopt(&orgs, "service").passed();
    let problems = desk.import(EVERYTHING).file_refused();
    let named: Vec<(u64, &str)> = problems
        .iter()
        .filter(|problem| problem.code == FileCode::NotInThisBuild)
        .map(|problem| (problem.place.line, problem.text.as_str()))
        .collect();
    assert_eq!(named.len(), PARTS.len(), "{problems:?}");
    for ((line, part), (found_line, text)) in PARTS.iter().zip(&named) {
        assert!(
            line == found_line && text.contains(part),
            "line {line}, {part}: {found_line}, {text}"
        );
    }
    assert_eq!(desk.run(&["sync", "list", "--json"]).passed().json(), json!([]));
}
