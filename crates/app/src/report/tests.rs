//! Reports over a ledger with one run of each outcome.

use isthmus_contract::request::RowsRequest;
use isthmus_model::audit::AuditAction;
use isthmus_model::cause::Cause;
use isthmus_model::document::SyncDocument;
use isthmus_model::ids::{MappingVersion, OrgId, RecordId, RunId, Side};
use isthmus_model::mapping::MappingName;
use isthmus_model::plan::{Action, Operation};
use isthmus_model::run::{Outcome, RunEnd, RunKind};
use isthmus_store::{
    ClientSecret, ImportedSync, NewLane, NewOperation, NewRun, Ordinal, OrgEnvironment, OrgRow,
    RunState,
};

use super::{report, runs, write_csv_report, write_json_report};
use crate::error::Error;
use crate::testing::workspace;
use crate::workspace::Workspace;

fn org(name: &str, id: &str, workspace: &Workspace) -> OrgRow {
    OrgRow {
        org_id: OrgId::parse(id).unwrap(),
        name: name.to_owned(),
        label: name.to_owned(),
        environment: OrgEnvironment::Custom,
        login_url: "https://acme.my.salesforce.com".to_owned(),
        instance_url: "https://acme.my.salesforce.com".to_owned(),
        api_version: "68.0".to_owned(),
        user_id: RecordId::parse("005000000000001").unwrap(),
        username: "integration@acme.example".to_owned(),
        client_id: None,
        client_secret: ClientSecret::None,
        connected_at: workspace.now(),
        disconnected_at: None,
        last_login_trace: None,
        clock_offset_ms: None,
    }
}

fn outcomes() -> Vec<Outcome> {
    let target_id = RecordId::parse("001000000000900").unwrap();
    let cause = |code: &str, message: &str| Cause {
        code: code.to_owned(),
        message: message.to_owned(),
        fields: vec!["Name".to_owned()],
        remedy: "correct the row".to_owned(),
    };
    vec![
        Outcome::Created { target_id },
        Outcome::Updated { target_id },
        Outcome::Unchanged { target_id: Some(target_id) },
        Outcome::Held { cause: cause("parent_waiting", "the parent waits") },
        Outcome::Quarantined { cause: cause("REQUIRED_FIELD_MISSING", "=cmd|' /C calc'!A0") },
        Outcome::Quarantined { cause: cause("REQUIRED_FIELD_MISSING", "Name is missing") },
        Outcome::Pending { cause: cause("answer_lost", "the answer was lost") },
    ]
}

/// A run with one row of each outcome, and one refused row more.
fn fill(workspace: &Workspace) -> RunId {
    let document: SyncDocument = serde_json::from_value(serde_json::json!({
        "isthmus": 1,
        "sync": "test",
        "lanes": [{"left": "sales", "right": "service"}],
        "objects": [{"left": "Account", "right": "Account",
            "match": {"key": {"left": "K__c", "right": "K__c"}},
            "fields": [{"left": "Name", "right": "Name"}]}]
    }))
    .unwrap();
    let at = workspace.now();
    let (left, right) =
        (org("sales", "00D000000000001", workspace), org("service", "00D000000000002", workspace));
    let lane = NewLane {
        name: "main".to_owned(),
        left: left.org_id,
        right: right.org_id,
        values: std::collections::BTreeMap::new(),
    };
    let write = workspace.ledger.write(|tx| {
        tx.put_org(&left)?;
        tx.put_org(&right)?;
        let lanes = std::slice::from_ref(&lane);
        let sync = tx.import_sync(ImportedSync { yaml: "", document: &document, lanes, at })?;
        let lane = tx.lanes(sync.sync)?[0].id;
        let run = tx.start_run(&NewRun {
            sync: sync.sync,
            lane,
            mapping_version: MappingVersion(1),
            kind: RunKind::Full,
            build: "test".to_owned(),
            started_at: at,
        })?;
        for (place, outcome) in (1_u32..).zip(outcomes()) {
            let source_id = RecordId::parse(&format!("001{place:012}")).unwrap();
            let operation = Operation {
                mapping: MappingName::new("Account"),
                mapping_version: MappingVersion(1),
                target: Side::Right,
                target_object: "Account".to_owned(),
                source_id,
                action: Action::Unchanged { target_id: None, link: None },
                why: "as planned".to_owned(),
            };
            let ordinal = Ordinal(place);
            let new = NewOperation { ordinal, wave: 0, operation: &operation };
            tx.insert_operation(run, lane, new)?;
            tx.set_outcome(run, ordinal, &outcome, at)?;
        }
        tx.set_run_state(run, RunState::Applying)?;
        let counts = tx.outcome_counts(run)?.decided;
        tx.end_run(run, RunEnd::Partial, at, counts, None)?;
        tx.set_run_traffic(run, 5, 9)?;
        Ok(run)
    });
    write.unwrap()
}

fn rows(outcome: Option<&str>, offset: u64, limit: u64) -> RowsRequest {
    RowsRequest { outcome: outcome.map(str::to_owned), offset, limit }
}

#[tokio::test]
async fn a_report_has_header_causes_and_pages_of_rows() {
    let (_folder, workspace) = workspace().await;
    let run = fill(&workspace);
    let whole = report(&workspace, run, &rows(None, 0, 100)).unwrap();
    assert_eq!(whole.header.rows_read, 7);
    assert_eq!((whole.header.rows_sent, whole.header.calls), (5, 9));
    assert_eq!(whole.header.counts.failed, 2);
    assert_eq!(whole.causes[0].code, "REQUIRED_FIELD_MISSING");
    assert_eq!(whole.causes[0].rows, 2);
    assert_eq!(whole.rows.len(), 7);
    let page = report(&workspace, run, &rows(None, 5, 1)).unwrap();
    assert_eq!(page.rows, whole.rows[5..6]);
    assert_eq!(page.rows_total, 7);
}

#[tokio::test]
async fn rows_are_filtered_by_outcome_and_unknown_words_are_refused() {
    let (_folder, workspace) = workspace().await;
    let run = fill(&workspace);
    let failed = report(&workspace, run, &rows(Some("failed"), 0, 100)).unwrap();
    assert_eq!(failed.rows_total, 2);
    assert!(failed.rows.iter().all(|row| row.outcome == "failed" && !row.remedy.is_empty()));
    let unknown = report(&workspace, run, &rows(Some("broken"), 0, 100));
    assert!(matches!(unknown, Err(Error::BadRequest { .. })));
    let missing = report(&workspace, RunId(99), &rows(None, 0, 1));
    assert!(matches!(missing, Err(Error::UnknownRun(RunId(99)))));
}

#[tokio::test]
async fn an_exported_report_opens_safely_and_is_in_the_audit_trail() {
    let (folder, mut workspace) = workspace().await;
    let run = fill(&workspace);
    let before = crate::audit::verify(&workspace).unwrap().entries;
    let path = folder.path().join("failed.csv");
    assert_eq!(write_csv_report(&mut workspace, run, Some("failed"), &path).unwrap(), 2);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("'=cmd|"), "{text}");
    assert_eq!(text.lines().count(), 3);
    let json = folder.path().join("report.json");
    assert_eq!(write_json_report(&mut workspace, run, None, &json).unwrap(), 7);
    let read: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&json).unwrap()).unwrap();
    assert_eq!(read["failed"], 2);
    assert_eq!(crate::audit::verify(&workspace).unwrap().entries, before + 2);
    let told = workspace.ledger.read().audit_page(None, before, 2).unwrap();
    for entry in told.iter().map(|row| &row.entry) {
        assert_eq!((entry.action, entry.run), (AuditAction::Exported, Some(run)));
        assert_eq!(entry.mapping_version, Some(MappingVersion(1)));
        assert!(entry.lane.is_some());
    }
}

#[tokio::test]
async fn an_export_that_cannot_be_written_is_not_in_the_audit_trail() {
    let (folder, mut workspace) = workspace().await;
    let run = fill(&workspace);
    let before = crate::audit::verify(&workspace).unwrap().entries;
    let nowhere = folder.path().join("missing").join("failed.csv");
    assert!(write_csv_report(&mut workspace, run, None, &nowhere).is_err());
    assert_eq!(crate::audit::verify(&workspace).unwrap().entries, before);
}

#[tokio::test]
async fn plans_that_were_only_looked_at_are_not_listed_as_runs() {
    let (_folder, workspace) = workspace().await;
    let run = fill(&workspace);
    let reader = workspace.ledger.read();
    let row = reader.run(run).unwrap().unwrap();
    let planned = NewRun {
        sync: row.sync,
        lane: row.lane,
        mapping_version: row.mapping_version,
        kind: RunKind::Full,
        build: "test".to_owned(),
        started_at: workspace.now(),
    };
    workspace.ledger.write(|tx| tx.start_run(&planned)).unwrap();
    let listed = runs(&workspace, Some("TEST"), 10).unwrap();
    assert_eq!(listed.iter().map(|run| run.run).collect::<Vec<_>>(), [run]);
    assert!(matches!(
        runs(&workspace, Some("tset"), 1),
        Err(Error::UnknownSync { near: Some(_), .. })
    ));
}
