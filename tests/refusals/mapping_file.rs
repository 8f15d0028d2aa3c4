//! Mapping files that do not fit the orgs: every problem with place and remedy, and nothing of them is kept.

use isthmus_contract::file::{FileCode, FileProblem};
use isthmus_tests::isthmus::{Desk, ready};
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use isthmus_tests::refused::only;
use serde_json::json;

/// A desk with both orgs and no sync.
fn desk(orgs: &Orgs) -> Desk {
    let desk = Desk::with_workspace();
    let _ = desk.adopt(orgs, "sales").passed();
    let _ = desk.adopt(orgs, "service").passed();
    desk
}

/// Imports one object mapping and gives the problems; nothing of the file is kept, no org was written.
fn problems(orgs: &Orgs, text: &str) -> Vec<FileProblem> {
    let desk = desk(orgs);
    let problems = desk.import(text).file_refused();
    assert_eq!(
        desk.run(&["sync", "list", "--json"]).passed().json(),
        json!([]),
        "a refused import leaves nothing"
    );
    assert_eq!(orgs.rows_written("sales") + orgs.rows_written("service"), 0);
    problems
}

/// [`mapping::ACCOUNTS`] with one more line under its fields, which is line 15.
fn accounts_with(field: &str) -> String {
    format!("{}      - {field}\n", mapping::ACCOUNTS)
}

#[test]
fn an_object_that_the_org_does_not_have_is_refused_with_the_nearest_name() {
    let orgs = Orgs::pair(1, 0);
    let found = problems(&orgs, &mapping::ACCOUNTS.replace("left: Account", "left: Acount"));
    let problem = only(&found, FileCode::UnknownObject);
    assert_eq!((problem.place.line, problem.path.as_str()), (6, "objects[0].left"));
    assert!(problem.text.contains("sales") && problem.remedy.contains("`Account`"), "{problem:?}");
}

#[test]
fn a_field_that_the_object_does_not_have_is_refused_with_the_nearest_name() {
    let orgs = Orgs::pair(1, 0);
    let found = problems(&orgs, &accounts_with("{left: Webiste, right: Website}"));
    let problem = only(&found, FileCode::UnknownField);
    assert_eq!((problem.place.line, problem.path.as_str()), (15, "objects[0].fields[4].left"));
    assert!(problem.remedy.contains("`Website`"), "{problem:?}");
}

#[test]
fn a_field_that_is_hidden_from_the_user_is_unknown_to_the_import() {
    let orgs = Orgs::pair(1, 0);
    orgs.control(
        "service",
        "schema",
        &json!({ "object": "Account", "field": "Phone", "remove": true }),
    );
    let found = problems(&orgs, mapping::ACCOUNTS);
    let problem = only(&found, FileCode::UnknownField);
    assert_eq!(problem.path, "objects[0].fields[2].right");
    assert!(problem.remedy.contains("field-level security"), "{problem:?}");
}

#[test]
fn types_that_never_fit_are_refused() {
    let orgs = Orgs::pair(1, 0);
    let found = problems(&orgs, &accounts_with("{left: BillingAddress, right: Website}"));
    let problem = only(&found, FileCode::TypeMismatch);
    assert_eq!(problem.place.line, 15, "{problem:?}");
    assert!(
        problem.text.contains("BillingAddress") && problem.text.contains("Website"),
        "{problem:?}"
    );
}

#[test]
fn a_required_field_that_nothing_fills_is_refused_with_the_line_to_add() {
    let orgs = Orgs::pair(1, 0);
    let found =
        problems(&orgs, &mapping::ACCOUNTS.replace("      - {left: Name, right: Name}\n", ""));
    let problem = only(&found, FileCode::RequiredUnmapped);
    assert!(
        problem.text.contains("Name") && problem.remedy.contains("right: Name}"),
        "{problem:?}"
    );
}

#[test]
fn a_lookup_whose_parent_is_not_mapped_is_refused() {
    let orgs = Orgs::pair(1, 0);
    let found = problems(&orgs, &accounts_with("{left: OwnerId, right: OwnerId}"));
    let problem = only(&found, FileCode::ParentUnmapped);
    assert!(
        problem.text.contains("User") && problem.remedy.contains("lanes[0].values.User"),
        "{problem:?}"
    );
}

#[test]
fn an_org_that_is_not_connected_is_refused_with_the_nearest_name() {
    let orgs = Orgs::pair(1, 0);
    let found = problems(&orgs, &mapping::ACCOUNTS.replace("right: service}", "right: servce}"));
    let problem = only(&found, FileCode::UnknownOrg);
    assert_eq!(problem.place.line, 4);
    assert!(problem.remedy.contains("`service`"), "{problem:?}");
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_file() {
    let orgs = Orgs::pair(1, 0);
    let text = mapping::ACCOUNTS
        .replace("      - {left: Name, right: Name}\n", "      - {left: Nmae, right: Website}\n")
        .replace("BillingCity, right: BillingCity", "BillingAddress, right: BillingCity");
    let found = problems(&orgs, &text);
    let codes: Vec<FileCode> = found.iter().map(|problem| problem.code).collect();
    for code in [FileCode::UnknownField, FileCode::TypeMismatch, FileCode::RequiredUnmapped] {
        assert!(codes.contains(&code), "{code:?} in {found:?}");
    }
    assert!(found.is_sorted_by_key(|problem| problem.place), "{found:?}");
}

#[test]
fn a_refused_file_leaves_the_version_before_it_in_force() {
    let orgs = Orgs::pair(4, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    let before = desk.run(&["sync", "list", "--json"]).passed().json();
    let _ = desk.import(&mapping::ACCOUNTS.replace("left: Phone", "left: Fone")).file_refused();
    assert_eq!(desk.run(&["sync", "list", "--json"]).passed().json(), before);
    let exported = desk.run(&["sync", "export", "accounts"]).passed().stdout;
    assert_eq!(exported, mapping::ACCOUNTS);
}
