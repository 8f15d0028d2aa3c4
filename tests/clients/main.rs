//! The simulated org against clients that others wrote for the real service: what they do must work unchanged.
//!
//! Each test serves orgs with the real `orgsim`, drives one unmodified client through everything it can do, and holds
//! what each operation came to against its column of `docs/fidelity.md`. A failure is a strong hint that the org is
//! wrong. `tests/clients/prepare` installs the clients outside the checkout; `cargo xtask fidelity` writes the page.

mod catalogue;
mod client;
mod document;
mod installed;
mod outcome;
mod served;

use crate::catalogue::{BUGS, OPERATIONS};
use crate::client::{CLIENTS, Client};
use crate::document::Document;
use crate::outcome::Verdict;
use crate::served::Served;

#[test]
fn jsforce_does_everything_it_can() {
    let served = does_everything(client::JSFORCE);
    assert_eq!(served.names_with_key("JS-"), ["Many A", "Many B", "Upserted again"]);
    assert_eq!(served.org()["refresh_tokens"], 0, "the script revokes its grant");
}

#[test]
fn simple_salesforce_does_everything_it_can() {
    let served = does_everything(client::SIMPLE_SALESFORCE);
    assert_eq!(served.names_with_key("PY-"), ["Collected", "Upserted again"]);
}

#[test]
fn aiosalesforce_does_everything_it_can() {
    let served = does_everything(client::AIOSALESFORCE);
    assert_eq!(served.names_with_key("AIO-"), ["Upserted again"]);
}

#[test]
fn the_salesforce_cli_does_everything_it_can() {
    let served = does_everything(client::SF);
    assert_eq!(served.names_with_key("TAKEN"), ["First"]);
}

#[test]
fn sfdmu_brings_one_org_into_another() {
    does_everything(client::SFDMU);
}

#[test]
fn cirrus_does_everything_it_can() {
    let served = does_everything(client::CIRRUS);
    assert_eq!(served.names_with_key("CIRRUS-"), ["Again", "Many A", "Many B"]);
}

#[test]
fn salesforce_core_does_everything_it_can() {
    let served = does_everything(client::SALESFORCE_CORE);
    assert_eq!(served.names_with_key("CORE-"), ["Many A", "Many B"]);
}

#[test]
fn the_page_is_what_its_cells_and_the_catalogue_make_of_it() {
    let text = document::committed();
    let rendered = Document::parse(&text).render();
    assert!(
        rendered == text,
        "docs/fidelity.md is out of date: `cargo xtask fidelity` writes it anew\n{rendered}"
    );
}

#[test]
fn no_client_meets_something_that_the_org_does_not_do() {
    let document = Document::parse(&document::committed());
    for operation in OPERATIONS {
        for client in CLIENTS {
            let verdict = document.verdict(operation.id, client.name);
            let fails = verdict.is_some_and(|verdict| verdict.is_failure());
            assert!(!fails, "{} of {}: the org is wrong there", operation.id, client.name);
        }
    }
}

#[test]
fn every_named_bug_is_met_by_its_client() {
    let document = Document::parse(&document::committed());
    for bug in BUGS {
        let met = OPERATIONS.iter().any(|operation| {
            let verdict = document.verdict(operation.id, bug.client);
            matches!(verdict, Some(Verdict::ClientBug(id)) if id == bug.id)
        });
        assert!(met, "{} of {} is in no cell: take it out of the catalogue", bug.id, bug.client);
    }
}

#[test]
fn the_page_names_the_locked_versions() {
    for client in CLIENTS {
        for (lock, pin) in client.pins {
            let file = installed::checkout().join("tests/clients").join(lock);
            let text = std::fs::read_to_string(&file).expect("a lock is text");
            assert!(text.contains(pin), "{lock} does not have {pin}: correct the client's version");
        }
    }
}

/// Serves orgs, runs the client's checks against them, and holds the outcome against the page.
fn does_everything(client: &Client) -> Served {
    let served = Served::start(client);
    let outcomes = client.run(&served);
    document::record_or_compare(client, &outcomes);
    served
}
