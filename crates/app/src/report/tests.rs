//! Reports over a ledger with one run of each outcome.

use isthmus_contract::request::RowsRequest;
use isthmus_contract::run::{RowRequest, RunRowsRequest};
use isthmus_model::audit::AuditAction;
use isthmus_model::cause::Cause;
use isthmus_model::ids::{MappingVersion, RecordId, RunId, Side};
use isthmus_model::mapping::MappingName;
use isthmus_model::plan::{Action, Operation};
use isthmus_model::run::{Outcome, RunEnd, RunKind};
use isthmus_model::value::Value;
use isthmus_store::{NewOperation, NewOutboxRow, NewRun, Ordinal, RequestNumber, RunState};

use super::{report, row, rows, runs, summary, write_csv_report, write_json_report};
use crate::error::Error;
use crate::testing::{begun_run, workspace};
use crate::workspace::Workspace;

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
        Outcome::Held { cause: cause("parent_waiting", "the parent waits in the left org") },
        Outcome::Quarantined { cause: cause("REQUIRED_FIELD_MISSING", "=cmd|' /C calc'!A0") },
        Outcome::Quarantined { cause: cause("REQUIRED_FIELD_MISSING", "Name is missing") },
        Outcome::Pending { cause: cause("answer_lost", "the answer was lost") },
    ]
}

/// A run with one row of each outcome, and one refused row more.
fn fill(workspace: &Workspace) -> RunId {
    let at = workspace.now();
    let (run, lane) = begun_run(workspace, RunKind::Full);
    let write = workspace.ledger.write(|tx| {
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

fn wanted(outcome: Option<&str>, offset: u64, limit: u64) -> RowsRequest {
    RowsRequest { outcome: outcome.map(str::to_owned), offset, limit }
}

#[tokio::test]
async fn a_report_has_header_causes_and_pages_of_rows() {
    let (_folder, workspace) = workspace().await;
    let run = fill(&workspace);
    let whole = report(&workspace, run, &wanted(None, 0, 100)).unwrap();
    assert_eq!(whole.header.rows_read, 7);
    assert_eq!((whole.header.rows_sent, whole.header.calls), (5, 9));
    assert_eq!(whole.header.counts.failed, 2);
    assert_eq!(whole.causes[0].code, "REQUIRED_FIELD_MISSING");
    assert_eq!(whole.causes[0].rows, 2);
    assert_eq!(whole.rows.len(), 7);
    let page = report(&workspace, run, &wanted(None, 5, 1)).unwrap();
    assert_eq!(page.rows, whole.rows[5..6]);
    assert_eq!(page.rows_total, 7);
}

#[tokio::test]
async fn rows_are_filtered_by_outcome_and_unknown_words_are_refused() {
    let (_folder, workspace) = workspace().await;
    let run = fill(&workspace);
    let failed = report(&workspace, run, &wanted(Some("failed"), 0, 100)).unwrap();
    assert_eq!(failed.rows_total, 2);
    assert!(failed.rows.iter().all(|row| row.outcome == "failed" && !row.remedy.is_empty()));
    let unknown = report(&workspace, run, &wanted(Some("broken"), 0, 100));
    assert!(matches!(unknown, Err(Error::BadRequest { .. })));
    let missing = report(&workspace, RunId(99), &wanted(None, 0, 1));
    assert!(matches!(missing, Err(Error::UnknownRun(RunId(99)))));
}

#[tokio::test]
async fn an_exported_report_opens_safely_and_is_in_the_audit_trail() {
    let (folder, workspace) = workspace().await;
    let run = fill(&workspace);
    let before = crate::audit::verify(&workspace).unwrap().entries;
    let path = folder.path().join("failed.csv");
    assert_eq!(write_csv_report(&workspace, run, Some("failed"), &path).unwrap(), 2);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("'=cmd|"), "{text}");
    assert_eq!(text.lines().count(), 3);
    let json = folder.path().join("report.json");
    assert_eq!(write_json_report(&workspace, run, None, &json).unwrap(), 7);
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
    let (folder, workspace) = workspace().await;
    let run = fill(&workspace);
    let before = crate::audit::verify(&workspace).unwrap().entries;
    let nowhere = folder.path().join("missing").join("failed.csv");
    assert!(write_csv_report(&workspace, run, None, &nowhere).is_err());
    assert_eq!(crate::audit::verify(&workspace).unwrap().entries, before);
}

fn page_of(run: RunId) -> RunRowsRequest {
    let text = String::new();
    RunRowsRequest { run, outcome: None, cause: None, mapping: None, text, offset: 0, limit: 100 }
}

#[tokio::test]
async fn a_summary_tells_each_cause_once_with_the_words_of_its_first_row() {
    let (_folder, workspace) = workspace().await;
    let run = fill(&workspace);
    let told = summary(&workspace, run).unwrap();
    assert_eq!((told.left.as_str(), told.right.as_str()), ("sales", "service"));
    assert!(!told.interrupted);
    assert_eq!(told.header.counts.failed, 2);
    let first = &told.causes[0];
    assert_eq!((first.outcome.as_str(), first.rows), ("failed", 2));
    assert_eq!(first.message, "for example: =cmd|' /C calc'!A0");
    assert_eq!(first.remedy, "correct the row");
    let alone = told.causes.iter().find(|cause| cause.code == "parent_waiting").unwrap();
    assert_eq!(alone.message, "the parent waits in sales");
    assert_eq!(told.causes.len(), 3);
    assert!(matches!(summary(&workspace, RunId(99)), Err(Error::UnknownRun(_))));
}

#[tokio::test]
async fn a_run_that_a_crash_cut_off_is_interrupted_unless_it_is_at_work_here() {
    let (_folder, workspace) = workspace().await;
    let (run, lane) = begun_run(&workspace, RunKind::Full);
    assert!(!summary(&workspace, run).unwrap().interrupted);
    workspace.ledger.write(|tx| tx.set_run_state(run, RunState::Applying)).unwrap();
    assert!(summary(&workspace, run).unwrap().interrupted);
    let turn = workspace.take_turn(lane, "test").unwrap();
    assert!(!summary(&workspace, run).unwrap().interrupted);
    drop(turn);
    assert!(summary(&workspace, run).unwrap().interrupted);
}

#[tokio::test]
async fn a_page_of_rows_is_filtered_by_outcome_cause_mapping_and_words_together() {
    let (_folder, workspace) = workspace().await;
    let run = fill(&workspace);
    let all = rows(&workspace, &page_of(run)).unwrap();
    assert_eq!((all.rows.len(), all.total), (7, 7));
    assert_eq!(all.rows[0].ordinal, 1);
    assert_eq!(all.rows[0].name, all.rows[0].row.source_id);
    assert_eq!(all.rows[0].decided_at, Some(workspace.now()));
    let failed = RunRowsRequest {
        outcome: Some("failed".to_owned()),
        cause: Some("REQUIRED_FIELD_MISSING".to_owned()),
        mapping: Some("Account".to_owned()),
        text: "NAME is".to_owned(),
        ..page_of(run)
    };
    let found = rows(&workspace, &failed).unwrap();
    assert_eq!((found.rows[0].ordinal, found.total), (6, 1));
    let second = RunRowsRequest { text: String::new(), offset: 1, limit: 1, ..failed.clone() };
    let found = rows(&workspace, &second).unwrap();
    assert_eq!((found.rows[0].ordinal, found.rows.len(), found.total), (6, 1, 2));
    let nothing = RunRowsRequest { mapping: Some("Contact".to_owned()), ..failed };
    assert_eq!(rows(&workspace, &nothing).unwrap().total, 0);
    let unknown = RunRowsRequest { outcome: Some("broken".to_owned()), ..page_of(run) };
    assert!(matches!(rows(&workspace, &unknown), Err(Error::BadRequest { .. })));
}

#[tokio::test]
async fn a_row_tells_every_try_with_what_was_there_what_went_out_and_the_answer() {
    let (_folder, workspace) = workspace().await;
    let run = fill(&workspace);
    let ledger_run = workspace.ledger.read().run(run).unwrap().unwrap();
    let right = workspace.ledger.read().lane(ledger_run.lane).unwrap().unwrap().right;
    let value = |text: &str| Value::Text(text.to_owned());
    let intent = NewOutboxRow {
        run,
        ordinal: Ordinal(5),
        lane: ledger_run.lane,
        mapping_version: MappingVersion(1),
        request: RequestNumber(1),
        org: right,
        object: "Account".to_owned(),
        target_id: None,
        key: None,
        base: [("Name".to_owned(), value("Old"))].into(),
        desired: [("Name".to_owned(), value("New"))].into(),
        payload: serde_json::json!({ "Name": "New" }),
        intended_at: workspace.now(),
    };
    let answer = serde_json::json!({ "success": false });
    let stored = workspace.ledger.write(|tx| {
        let id = tx.insert_outbox(&intent)?;
        tx.record_answer(id, None, &answer, workspace.now())
    });
    stored.unwrap();
    let detail = row(&workspace, RowRequest { run, ordinal: 5 }).unwrap();
    assert_eq!(detail.row.row.outcome, "failed");
    assert_eq!(detail.tries.len(), 1);
    let sent = &detail.tries[0];
    assert_eq!((sent.org.as_str(), sent.attempt), ("service", 1));
    assert_eq!(sent.before, serde_json::json!({ "Name": "Old" }));
    assert_eq!(sent.payload, serde_json::json!({ "Name": "New" }));
    assert_eq!((sent.answer.as_ref(), sent.answered_at), (Some(&answer), Some(workspace.now())));
    assert!(row(&workspace, RowRequest { run, ordinal: 1 }).unwrap().tries.is_empty());
    let missing = row(&workspace, RowRequest { run, ordinal: 99 });
    assert!(matches!(missing, Err(Error::BadRequest { text, .. }) if text.contains("no row 99")));
}

#[tokio::test]
async fn the_json_file_is_the_report_that_the_command_prints() {
    let (folder, workspace) = workspace().await;
    let run = fill(&workspace);
    let path = folder.path().join("report.json");
    write_json_report(&workspace, run, Some("failed"), &path).unwrap();
    let read: isthmus_contract::run::ReportView =
        serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let printed = report(&workspace, run, &wanted(Some("failed"), 0, u64::MAX)).unwrap();
    assert_eq!(read, printed);
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
