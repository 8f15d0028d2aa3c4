//! Which step comes next.

use isthmus_contract::org::{OrgState, OrgView};
use isthmus_contract::overview::DayRows;
use isthmus_contract::run::RunView;
use isthmus_contract::sync::{SyncListing, SyncView};
use isthmus_model::ids::{MappingVersion, OrgId, RunId};
use isthmus_model::run::{RunCounts, RunEnd};
use jiff::Timestamp;
use jiff::civil::date;

use super::{is_over, steps};
use crate::route::{Route, SyncTab};

fn org(name: &str, state: OrgState) -> OrgView {
    OrgView {
        name: name.to_owned(),
        org_id: OrgId::parse("00D000000000001EAA").unwrap(),
        label: name.to_owned(),
        username: "admin@example.com".to_owned(),
        login_url: "https://login.salesforce.com".to_owned(),
        instance_url: "https://example.my.salesforce.com".to_owned(),
        client_id: None,
        state,
        api_version: "66.0".to_owned(),
        connected_at: Timestamp::UNIX_EPOCH,
    }
}

fn listing(end: Option<RunEnd>) -> SyncListing {
    let sync = SyncView {
        name: "Customers".to_owned(),
        description: None,
        enabled: true,
        version: MappingVersion(1),
        left: "a".to_owned(),
        right: "b".to_owned(),
        objects: Vec::new(),
    };
    let last_run = end.map(|end| RunView {
        run: RunId(3),
        sync: "Customers".to_owned(),
        version: MappingVersion(1),
        kind: "full".to_owned(),
        end: Some(end),
        reason: None,
        rows_read: 0,
        counts: RunCounts::default(),
        rows_sent: 0,
        calls: 0,
        seconds: 0.0,
        started_at: Timestamp::UNIX_EPOCH,
        ended_at: None,
    });
    SyncListing { sync, last_run, interrupted: None }
}

fn next(orgs: &[OrgView], syncs: &[SyncListing]) -> Option<Route> {
    let step = steps(orgs, syncs).into_iter().find(|step| !step.is_done)?;
    step.to.map(|(route, _)| route)
}

#[test]
fn each_step_leads_to_the_next() {
    let (one, two) = (org("a", OrgState::Connected), org("b", OrgState::Connected));
    assert_eq!(next(&[], &[]), Some(Route::Connect(None)));
    assert_eq!(next(std::slice::from_ref(&one), &[]), Some(Route::Connect(None)));
    assert_eq!(next(&[one.clone(), two.clone()], &[]), Some(Route::NewSync));
    let preview = Route::Sync("Customers".to_owned(), SyncTab::Preview);
    assert_eq!(next(&[one.clone(), two.clone()], &[listing(None)]), Some(preview));
    let failed = listing(Some(RunEnd::Failed));
    assert_eq!(next(&[one, two], &[failed]), Some(Route::Run(RunId(3))));
}

#[test]
fn an_org_that_is_disconnected_does_not_count() {
    let orgs = [org("a", OrgState::Connected), org("b", OrgState::Disconnected)];
    assert_eq!(next(&orgs, &[]), Some(Route::Connect(None)));
}

#[test]
fn the_way_is_over_when_a_run_has_brought_rows_into_agreement() {
    let day = |written| DayRows { day: date(2025, 11, 20), written, failed: 2 };
    assert!(!is_over(&[], &[]));
    assert!(!is_over(&[listing(None)], &[day(0)]));
    assert!(!is_over(&[listing(Some(RunEnd::Failed))], &[day(0)]));
    assert!(!is_over(&[listing(Some(RunEnd::Stopped))], &[day(0)]));
    assert!(is_over(&[listing(Some(RunEnd::Failed))], &[day(5)]));
    for end in [RunEnd::Succeeded, RunEnd::Unchanged, RunEnd::Partial] {
        assert!(is_over(&[listing(Some(end))], &[]));
    }
}
