//! The two big pages in the real window: 800 fields on either side, and a report of 100,000 rows.

use std::process::Command;

use isthmus_tests::binary;
use isthmus_tests::isthmus::{Desk, ready};
use isthmus_tests::keychain;
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use isthmus_tests::window::{Window, tell};
use orgsim::schema::Field;

/// Most rows in the page at once.
const ROWS: u64 = 100;

/// Most links in the page at once.
const LINKS: u64 = 400;

/// Gives an org's Account so many fields.
fn widen(orgs: &Orgs, name: &str, fields: usize) {
    let mut org = orgs.org(name);
    let account = org.schema.objects.iter_mut().find(|object| object.name == "Account");
    let account = account.expect("every org has accounts");
    let template = account.field("Phone").cloned().expect("accounts have a phone");
    for number in account.fields.len()..fields {
        let (name, label) = (format!("Extra_{number:03}__c"), format!("Extra {number:03}"));
        account.fields.push(Field { name, label, ..template.clone() });
    }
}

#[test]
fn a_map_of_800_fields_on_either_side_opens_and_scrolls() {
    let orgs = Orgs::pair(5, 0);
    widen(&orgs, "sales", 800);
    widen(&orgs, "service", 800);
    let desk = ready(&orgs, mapping::ACCOUNTS);
    tell(async {
        let window = Window::open(&desk).await;
        window.resize(1440, 900).await;
        window.run("location.hash = '#/syncs/accounts/map'").await;
        window.wait_for_element("[data-test=field-row]").await;
        window.wait_for_text("800 fields").await;

        let rows = window.most_while_scrolling("[data-test=field-row]").await;
        let links = window.most_while_scrolling(".map-link").await;

        assert!((1..=ROWS).contains(&rows), "{rows} rows");
        assert!((1..=LINKS).contains(&links), "{links} links");
        window.close().await;
    });
}

#[test]
fn a_report_of_100_000_rows_opens_and_scrolls() {
    let desk = Desk::new();
    let mut filler = Command::new(binary::path("fill-ledger"));
    keychain::environment(&mut filler, desk.home(), &desk.keychain.address);
    filler.arg(desk.home().join("isthmus")).arg("100000");
    assert!(filler.status().expect("the filler starts").success());
    tell(async {
        let window = Window::open(&desk).await;
        window.resize(1440, 900).await;
        window.run("location.hash = '#/runs/1'").await;
        window.press("[data-test=outcome-all]").await;
        window
            .wait_for("Number(document.querySelector('[role=grid]')?.ariaRowCount) > 99_999")
            .await;
        window.wait_for_element("[role=grid] [role=row][aria-rowindex='2']").await;

        let rows = window.most_while_scrolling("[role=row]").await;

        assert!((1..=ROWS).contains(&rows), "{rows} rows");
        // The filler's names would like to be markup and scripts.
        assert_eq!(window.count("img, iframe, body script").await, 0);
        window.close().await;
    });
}
