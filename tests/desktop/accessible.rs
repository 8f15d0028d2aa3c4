//! axe-core inside the real window: every page of a workspace in use, light and dark.

use isthmus_tests::axe;
use isthmus_tests::isthmus::ready;
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use isthmus_tests::window::{Window, tell};

use crate::person::{Hand, Person};

/// Every page of the workspace, and what shows that it has its answers.
const PLACES: [(&str, &str); 12] = [
    ("#/", "[data-test=overview]"),
    ("#/orgs", "h1"),
    ("#/orgs/sales", "h1"),
    ("#/connect", "[data-test=connect-name] input"),
    ("#/syncs", "h1"),
    ("#/new-sync", "[data-test=sync-name] input"),
    ("#/syncs/accounts/map", "[data-test=field-row]"),
    ("#/syncs/accounts/preview", "[data-test=plan], [data-test=plan-again]"),
    ("#/runs", "[role=row][aria-rowindex='2']"),
    ("#/runs/1", "[data-test=run-view]"),
    ("#/records", "h1"),
    ("#/settings", "h1"),
];

#[test]
fn every_page_of_a_workspace_in_use_is_accessible_in_the_window() {
    let orgs = Orgs::pair(30, 0);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    let _ = desk.run(&["run", "accounts", "--yes", "--json"]);
    let findings = tell(async {
        let window = Window::open(&desk).await;
        window.resize(1440, 900).await;
        let person = Person::before(&window, Hand::Pointer);
        let mut findings = Vec::new();
        for (place, shown) in PLACES {
            person.go(place).await;
            window.wait_for_element(shown).await;
            window.settle().await;
            for appearance in ["light", "dark"] {
                window.appear(appearance).await;
                for finding in axe::grave_findings(&window).await {
                    findings.push(format!("{place}, {appearance}: {finding}"));
                }
            }
        }
        window.close().await;
        findings
    });
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}
