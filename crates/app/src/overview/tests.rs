//! The overview, from a ledger that a test filled.

use isthmus_contract::health::AlertSubject;
use isthmus_model::document::SyncDocument;
use isthmus_model::ids::{OrgId, RecordId, RunId};
use isthmus_model::run::{RunCounts, RunEnd, RunKind};
use isthmus_store::{
    ClientSecret, ImportedSync, NewLane, NewRun, OrgEnvironment, OrgRow, RunState,
};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{days, overview};
use crate::testing::workspace;
use crate::workspace::Workspace;

const NAMES: [&str; 2] = ["sales", "service"];

fn org(name: &str) -> OrgId {
    let id = if name == NAMES[0] { "00D000000000001" } else { "00D000000000002" };
    OrgId::parse(id).unwrap()
}

fn org_row(name: &str, at: Timestamp) -> OrgRow {
    OrgRow {
        org_id: org(name),
        name: name.to_owned(),
        label: name.to_owned(),
        environment: OrgEnvironment::Custom,
        login_url: "https://acme.my.salesforce.com".to_owned(),
        instance_url: "https://acme.my.salesforce.com".to_owned(),
        api_version: "65.0".to_owned(),
        user_id: RecordId::parse("005000000000001").unwrap(),
        username: format!("integration@{name}.example"),
        client_id: None,
        client_secret: ClientSecret::None,
        connected_at: at,
        disconnected_at: None,
        last_login_trace: None,
        clock_offset_ms: None,
    }
}

/// Two orgs and one sync.
fn fill(workspace: &Workspace) {
    let at = workspace.now();
    let document: SyncDocument = serde_json::from_value(serde_json::json!({
        "isthmus": 1,
        "sync": "customers",
        "lanes": [{ "left": "sales", "right": "service" }],
        "objects": [{
            "left": "Account",
            "right": "Account",
            "match": { "key": { "left": "ERP_Key__c", "right": "ERP_Key__c" } },
            "fields": [{ "left": "Name", "right": "Name" }],
        }],
    }))
    .unwrap();
    let lane = NewLane {
        name: "main".to_owned(),
        left: org(NAMES[0]),
        right: org(NAMES[1]),
        values: std::collections::BTreeMap::new(),
    };
    workspace
        .ledger
        .write(|transaction| {
            for name in NAMES {
                transaction.put_org(&org_row(name, at))?;
            }
            let lanes = std::slice::from_ref(&lane);
            transaction.import_sync(ImportedSync { yaml: "", document: &document, lanes, at })
        })
        .unwrap();
}

fn begin(workspace: &Workspace, at: Timestamp) -> RunId {
    let sync = crate::syncs::find(workspace, "customers").unwrap();
    let new = NewRun {
        sync: sync.row.id,
        lane: sync.lanes[0].id,
        mapping_version: sync.row.version,
        kind: RunKind::Full,
        build: "test".to_owned(),
        started_at: at,
    };
    workspace
        .ledger
        .write(|transaction| {
            let run = transaction.start_run(&new)?;
            transaction.set_run_state(run, RunState::Applying)?;
            Ok(run)
        })
        .unwrap()
}

fn run(workspace: &Workspace, at: Timestamp, end: RunEnd, counts: RunCounts) -> RunId {
    let run = begin(workspace, at);
    workspace.ledger.write(|transaction| transaction.end_run(run, end, at, counts, None)).unwrap();
    run
}

fn counts(created: u64, updated: u64, failed: u64) -> RunCounts {
    RunCounts { created, updated, failed, ..RunCounts::default() }
}

#[tokio::test]
async fn a_new_workspace_shows_thirty_empty_days_and_no_alert() {
    let (_folder, workspace) = workspace().await;
    let view = overview(&workspace).unwrap();
    assert_eq!(view.days.len(), 30);
    assert!(view.days.iter().all(|day| day.written == 0 && day.failed == 0));
    assert!(view.days.windows(2).all(|pair| pair[0].day < pair[1].day));
    assert_eq!(view.alerts, Vec::new());
}

#[tokio::test]
async fn rows_count_for_the_day_that_the_clock_on_the_wall_showed() {
    let (_folder, workspace) = workspace().await;
    fill(&workspace);
    // The clock stands at 2027-01-15T08:00:00Z.
    let late: Timestamp = "2027-01-14T19:00:00Z".parse().unwrap();
    run(&workspace, late, RunEnd::Partial, counts(3, 2, 1));
    run(&workspace, workspace.now(), RunEnd::Succeeded, counts(0, 4, 0));
    let long_ago = workspace.now() - SignedDuration::from_hours(24 * 40);
    run(&workspace, long_ago, RunEnd::Succeeded, counts(9, 9, 0));

    let last = |zone: TimeZone| {
        let days = days(&workspace, &zone).unwrap();
        [&days[28], &days[29]].map(|day| (day.day.to_string(), day.written, day.failed))
    };
    let utc = last(TimeZone::UTC);
    assert_eq!(utc, [("2027-01-14".to_owned(), 5, 1), ("2027-01-15".to_owned(), 4, 0)]);
    // In Kathmandu, 5:45 ahead, 19:00Z is the next day already.
    let kathmandu = TimeZone::fixed(jiff::tz::Offset::from_seconds(5 * 3600 + 45 * 60).unwrap());
    let there = last(kathmandu);
    assert_eq!(there, [("2027-01-14".to_owned(), 0, 0), ("2027-01-15".to_owned(), 9, 1)]);
}

#[tokio::test]
async fn an_interrupted_run_is_told_and_one_at_work_is_not() {
    let (_folder, workspace) = workspace().await;
    fill(&workspace);
    let open = begin(&workspace, workspace.now());
    let lane = crate::syncs::find(&workspace, "customers").unwrap().lanes[0].id;
    {
        let _turn = workspace.take_turn(lane, "customers").unwrap();
        assert!(workspace.take_turn(lane, "customers").is_err(), "one engine per lane");
        let view = overview(&workspace).unwrap();
        assert_eq!(view.syncs[0].interrupted, None);
        assert_eq!(view.alerts, Vec::new());
    }
    let view = overview(&workspace).unwrap();
    assert_eq!(view.syncs[0].interrupted, Some(open));
    assert_eq!(view.alerts.len(), 1);
    assert_eq!(view.alerts[0].about, AlertSubject::Run(open));
}

#[tokio::test]
async fn a_failed_run_and_a_lost_org_lead_to_where_they_are_mended() {
    let (_folder, workspace) = workspace().await;
    fill(&workspace);
    let failed = run(&workspace, workspace.now(), RunEnd::Partial, counts(1, 0, 2));
    let view = overview(&workspace).unwrap();
    assert_eq!(view.alerts[0].about, AlertSubject::Run(failed));
    assert_eq!(view.syncs[0].last_run.as_ref().map(|run| run.run), Some(failed));
    assert_eq!(view.orgs.len(), 2);

    let at = workspace.now();
    let gone = |transaction: &isthmus_store::WriteTransaction<'_>| {
        transaction.disconnect_org(org("service"), at)
    };
    workspace.ledger.write(gone).unwrap();
    let view = overview(&workspace).unwrap();
    assert_eq!(view.alerts[0].about, AlertSubject::Org("service".to_owned()));
    assert!(view.alerts[0].remedy.contains("Orgs"), "{:?}", view.alerts[0]);
}
