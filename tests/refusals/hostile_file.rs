//! Files that would cost time or memory: accepted or refused quickly, with a place.

use std::fmt::Write;
use std::time::Duration;

use isthmus_contract::file::{FileCode, FileProblem};
use isthmus_tests::isthmus::{Desk, Done};
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use isthmus_tests::refused::only;
use serde_json::json;

/// A debug build on a busy machine reads a large file in a second or two; a billion nodes take for ever.
const TIME_LIMIT: Duration = Duration::from_secs(60);
/// Far above what the largest accepted file needs, far below what a billion nodes take.
const MEMORY_LIMIT: u64 = 400 * 1024 * 1024;

/// Imports under watch.
fn import(desk: &Desk, text: &str) -> Done {
    let path = desk.file("large.yaml", text);
    let running = desk.start(&["sync", "import", &path.display().to_string(), "--json"]);
    let (done, peak) = running.finish_within(TIME_LIMIT);
    assert!(peak < MEMORY_LIMIT, "{peak} bytes");
    done
}

/// The problems of a file that is refused before any org is asked.
fn refused(text: &str) -> Vec<FileProblem> {
    let desk = Desk::with_workspace();
    let done = import(&desk, text);
    let problem = done.problem();
    assert_eq!(done.code, Some(3), "{done:?}");
    assert!(["file_refused", "file_unreadable"].contains(&problem.code.as_str()), "{problem:?}");
    assert!(!problem.text.is_empty() && !problem.hint.is_empty(), "{problem:?}");
    assert_eq!(desk.run(&["sync", "list", "--json"]).passed().json(), json!([]));
    problem.file
}

#[test]
fn ten_thousand_lines_of_comments_and_one_mapping_are_imported() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let _ = desk.adopt(&orgs, "sales").passed();
    let _ = desk.adopt(&orgs, "service").passed();
    let mut text = mapping::ACCOUNTS.to_owned();
    for line in 0..10_000 {
        let _ = writeln!(text, "# reviewed, remark {line}");
    }
    let _ = import(&desk, &text).passed();
    assert_eq!(desk.run(&["sync", "export", "accounts"]).passed().stdout, text);
}

#[test]
fn ten_thousand_lines_of_wrong_fields_are_refused_with_the_first_places() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let _ = desk.adopt(&orgs, "sales").passed();
    let _ = desk.adopt(&orgs, "service").passed();
    let mut text = mapping::ACCOUNTS.to_owned();
    for number in 0..10_000 {
        let _ = writeln!(text, "      - {{left: Field_{number}__c, right: Field_{number}__c}}");
    }
    let done = import(&desk, &text);
    let problems = done.file_refused();
    assert!(
        problems
            .iter()
            .any(|problem| problem.code == FileCode::UnknownField && problem.place.line == 15)
    );
    assert!(problems.len() <= 200, "a person mends the first ones: {}", problems.len());
}

#[test]
fn aliases_ten_deep_are_refused_before_they_unfold() {
    let mut text = "isthmus: 1\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..=10 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(text, "a{level}: &a{level} [{aliases}]");
    }
    let problems = refused(&text);
    let problem = only(&problems, FileCode::Syntax);
    assert!(problem.place.line > 0, "{problem:?}");
    assert!(problem.remedy.contains("aliases"), "{problem:?}");
}

#[test]
fn brackets_a_hundred_thousand_deep_are_refused() {
    let problems = refused(&format!("isthmus: {}", "[".repeat(100_000)));
    assert_eq!(only(&problems, FileCode::Syntax).place.line, 1);
}

#[test]
fn files_that_are_too_large_or_no_text_are_refused_with_a_next_step() {
    let _ = refused(&"# padding\n".repeat(1_000_000));
    let _ = refused("isthmus: 1\nsync: [unclosed\n");
    let desk = Desk::with_workspace();
    let path = desk.home().join("picture.png");
    std::fs::write(&path, [0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0x00])
        .expect("the home is writable");
    let done = desk.run(&["sync", "import", &path.display().to_string(), "--json"]);
    let problem = done.problem();
    assert!(matches!(done.code, Some(3 | 14)), "{done:?}");
    assert!(problem.text.contains("picture.png") && !problem.hint.is_empty(), "{problem:?}");
}
