//! What the palette finds.

use isthmus_contract::console::{JobKind, JobView};
use isthmus_contract::sync::{SyncListing, SyncView};
use isthmus_model::ids::{MappingVersion, RunId};
use jiff::Timestamp;

use super::{Act, Entry, Known, Section, entries, search};
use crate::route::{Route, SyncTab};

fn listing(name: &str) -> SyncListing {
    let sync = SyncView {
        name: name.to_owned(),
        description: None,
        enabled: true,
        version: MappingVersion(1),
        left: "Northwind Sales".to_owned(),
        right: "Contoso EMEA".to_owned(),
        objects: Vec::new(),
    };
    SyncListing { sync, last_run: None, interrupted: None }
}

fn all() -> Vec<Entry> {
    let syncs = [listing("Customers"), listing("Pipeline to EMEA")];
    entries(Known { orgs: &[], syncs: &syncs, runs: &[], job: None })
}

fn first(typed: &str) -> Act {
    let found = search(typed, &all());
    found[0].1[0].entry.act.clone()
}

#[test]
fn a_few_letters_find_a_page_a_sync_or_an_action() {
    let tab = |tab| Act::Go(Route::Sync("Pipeline to EMEA".to_owned(), tab));
    assert_eq!(first("reco"), Act::Go(Route::Records));
    assert_eq!(first("pipe"), tab(SyncTab::Map));
    assert_eq!(first("prevpi"), tab(SyncTab::Preview));
    assert_eq!(first("connect"), Act::Go(Route::Connect(None)));
    assert_eq!(first("keyb"), Act::Keys);
}

#[test]
fn a_number_finds_its_run_however_it_is_written() {
    for typed in ["12", "run 12", "Run12", "#12", "run #12"] {
        assert_eq!(first(typed), Act::Go(Route::Run(RunId(12))), "{typed}");
    }
    assert!(search("run 0", &all()).iter().all(|(section, _)| *section != Section::Runs));
}

#[test]
fn nothing_typed_shows_everything_by_section() {
    let sections: Vec<Section> = search("", &all()).iter().map(|(section, _)| *section).collect();
    assert_eq!(sections, [Section::Pages, Section::Actions, Section::Syncs]);
}

#[test]
fn what_fits_nothing_finds_nothing() {
    assert!(search("zzzz", &all()).is_empty());
}

#[test]
fn only_a_job_at_work_can_be_cancelled() {
    let has_cancel = |job: Option<&JobView>| {
        let known = Known { orgs: &[], syncs: &[], runs: &[], job };
        entries(known).iter().any(|entry| entry.act == Act::Cancel)
    };
    let mut job = JobView {
        kind: JobKind::Run,
        sync: "Customers".to_owned(),
        left: "a".to_owned(),
        right: "b".to_owned(),
        run: None,
        started_at: Timestamp::UNIX_EPOCH,
        progress: None,
        cancelling: false,
    };
    assert!(!has_cancel(None));
    assert!(has_cancel(Some(&job)));
    job.cancelling = true;
    assert!(!has_cancel(Some(&job)));
}
