//! The whole cycle of an ingest: parts, results tied to rows, and what happens when an answer is lost at each step.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::stub::{BulkStub, Fault, bulk, columns, key, parsed, rows, text, upsert};
use crate::bulk::{
    BulkError, Cell, Disposition, Ingest, IngestJob, MemoryRows, Operation, RowKey, Unloadable,
};
use crate::error::{Error, ErrorClass};
use crate::governor::CallCause;

/// Carries out all parts and gives the dispositions by key; a list that is cut is read again.
async fn carried_out(ingest: &mut Ingest) -> Result<BTreeMap<RowKey, Disposition>, Error> {
    let mut told = BTreeMap::new();
    while let Some(part) = ingest.next_part().await? {
        for _ in 0..3 {
            let mut outcomes = ingest.outcomes(&part);
            let ended = loop {
                match outcomes.next().await {
                    Ok(Some(outcome)) => told.insert(outcome.key, outcome.disposition),
                    Ok(None) => break Ok(()),
                    Err(error) => break Err(error),
                };
            };
            match ended {
                Ok(()) => break,
                Err(error) if error.class() == ErrorClass::Retry => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(told)
}

fn all_keys(count: usize) -> Vec<String> {
    (0..count).map(key).collect()
}

#[tokio::test(start_paused = true)]
async fn rows_go_out_in_parts_and_each_outcome_finds_its_row() {
    let org = Arc::new(BulkStub::default());
    let mut ingest = bulk(org.clone(), 400).ingest(upsert(), rows(40)).unwrap();
    let told = carried_out(&mut ingest).await.unwrap();
    assert_eq!(told.len(), 40);
    for number in 0..40 {
        let disposition = &told[&RowKey::Column(key(number))];
        match disposition {
            Disposition::Failed { error, .. } => {
                assert_eq!(number % 7, 3);
                assert_eq!(
                    (error.code.as_str(), error.fields.as_slice()),
                    ("REQUIRED_FIELD_MISSING", &["Name".to_owned()][..])
                );
            }
            Disposition::Succeeded { created, .. } => assert!(*created && number % 7 != 3),
            Disposition::Unprocessed => panic!("all rows were processed"),
        }
    }
    let state = org.state();
    assert!(state.jobs.len() > 2, "{} parts", state.jobs.len());
    assert!(state.jobs.values().all(|job| job.csv.len() <= 400));
    assert_eq!(state.written, all_keys(40));
}

#[tokio::test(start_paused = true)]
async fn an_answer_lost_at_any_step_writes_each_row_once_all_the_same() {
    let steps =
        ["create", "upload", "close", "poll", "list", "successful", "failed", "unprocessed"];
    for step in steps {
        for fault in [Fault::ReplyLost, Fault::NotSent] {
            let mut faults = vec![(step, fault.clone())];
            if step == "list" {
                faults.push(("create", Fault::ReplyLost));
            }
            let org = BulkStub::failing(faults);
            let mut ingest = bulk(org.clone(), 400).ingest(upsert(), rows(20)).unwrap();
            let told = carried_out(&mut ingest).await.unwrap();
            assert_eq!(told.len(), 20, "{step} {fault:?}");
            let state = org.state();
            assert!(state.faults.is_empty(), "{step} was not reached");
            assert_eq!(state.written, all_keys(20), "{step} {fault:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_creation_went_unanswered_is_found_in_the_list() {
    let org = BulkStub::failing(vec![("create", Fault::ReplyLost)]);
    let mut ingest = bulk(org.clone(), 100_000).ingest(upsert(), rows(5)).unwrap();
    carried_out(&mut ingest).await.unwrap();
    assert_eq!((org.count("create"), org.count("list")), (1, 1));
    assert_eq!(org.state().jobs.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn of_two_jobs_that_may_be_ours_none_is_taken() {
    let org = Arc::new(BulkStub::default());
    let other = bulk(org.clone(), 100_000);
    let mut theirs = other.ingest(upsert(), rows(1)).unwrap();
    let foreign = theirs.open().await.unwrap().unwrap();
    org.state().faults.push(("create", Fault::ReplyLost));
    let mut ingest = bulk(org.clone(), 100_000).ingest(upsert(), rows(5)).unwrap();
    carried_out(&mut ingest).await.unwrap();
    let state = org.state();
    assert_eq!(state.jobs.len(), 3);
    assert_eq!(
        state.jobs[foreign.job.id.as_str()].state,
        "Open",
        "the other one's job is left alone"
    );
    assert_eq!(state.written, all_keys(5));
}

#[tokio::test(start_paused = true)]
async fn a_cut_upload_is_thrown_away_with_its_job() {
    let org =
        BulkStub::failing(vec![("upload", Fault::UploadCut(10)), ("abort", Fault::ReplyLost)]);
    let mut ingest = bulk(org.clone(), 100_000).ingest(upsert(), rows(9)).unwrap();
    let open = ingest.open().await.unwrap().unwrap();
    let part = ingest.upload(open.clone()).await.unwrap();
    assert_ne!(part.job.id, open.job.id);
    assert_eq!(org.state().jobs[open.job.id.as_str()].state, "Aborted");
    ingest.close(&part).await.unwrap();
    let part = ingest.finish(part).await.unwrap();
    assert_eq!(part.upload.job.number_records_processed, 9);
    assert_eq!(org.state().written, all_keys(9));
}

#[tokio::test(start_paused = true)]
async fn a_line_that_stays_down_ends_the_upload_without_a_row_written() {
    let cut = ("upload", Fault::UploadCut(10));
    let org = BulkStub::failing(vec![cut.clone(), cut.clone(), cut.clone(), cut.clone(), cut]);
    let mut ingest = bulk(org.clone(), 100_000).ingest(upsert(), rows(9)).unwrap();
    assert!(ingest.next_part().await.is_err());
    let state = org.state();
    assert!(state.written.is_empty());
    assert!(state.jobs.values().all(|job| job.state == "Aborted"));
}

#[tokio::test(start_paused = true)]
async fn a_token_refused_at_the_upload_costs_a_second_upload_and_no_row() {
    // A session that nobody can refresh ends there; what matters is that the job is not closed.
    let expired = r#"[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]"#;
    let org = BulkStub::failing(vec![("upload", Fault::Answer(401, expired))]);
    let mut ingest = bulk(org.clone(), 100_000).ingest(upsert(), rows(3)).unwrap();
    let error = ingest.next_part().await.unwrap_err();
    assert_eq!(error.class(), ErrorClass::Stop);
    assert!(!error.outcome_unknown());
    assert_eq!(org.count("close"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_failed_job_tells_of_the_rows_it_did_before() {
    let org = Arc::new(BulkStub::default());
    org.state().ending =
        Some(("Failed", 6, "InternalServerError : Retried more than twenty times"));
    let mut ingest = bulk(org.clone(), 100_000).ingest(upsert(), rows(10)).unwrap();
    let part = ingest.next_part().await.unwrap().unwrap();
    assert_eq!(part.upload.job.state.as_str(), "Failed");
    let mut outcomes = ingest.outcomes(&part);
    let (mut done, mut left) = (0, 0);
    while let Some(outcome) = outcomes.next().await.unwrap() {
        match outcome.disposition {
            Disposition::Unprocessed => left += 1,
            _ => done += 1,
        }
    }
    assert_eq!((done, left), (6, 4));
}

#[tokio::test(start_paused = true)]
async fn a_refused_file_is_the_setups_fault_and_its_result_lists_are_not_asked_for() {
    let org = Arc::new(BulkStub::default());
    org.state().ending = Some(("Failed", 0, "InvalidBatch : Field name not found : Nmae"));
    let mut ingest = bulk(org.clone(), 100_000).ingest(upsert(), rows(10)).unwrap();
    let error = ingest.next_part().await.unwrap_err();
    assert!(matches!(error, Error::Bulk(BulkError::Ended { .. })), "{error:?}");
    assert_eq!((error.class(), error.outcome_unknown()), (ErrorClass::Configuration, false));
    assert!(error.to_string().contains("Nmae"), "{error}");
    assert_eq!(org.count("failed"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_misses_rows_leaves_them_unknown() {
    let org = Arc::new(BulkStub::default());
    org.state().ending = Some(("JobComplete", 8, ""));
    let mut ingest = bulk(org.clone(), 100_000).ingest(upsert(), rows(10)).unwrap();
    let part = ingest.next_part().await.unwrap().unwrap();
    org.state().faults.push(("unprocessed", Fault::Answer(200, "Ext__c,Name\n")));
    let mut outcomes = ingest.outcomes(&part);
    let error = loop {
        match outcomes.next().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("two rows are missing"),
            Err(error) => break error,
        }
    };
    assert!(error.outcome_unknown(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn rows_that_bulk_cannot_load_are_told_and_the_others_go_on() {
    let org = Arc::new(BulkStub::default());
    let source = MemoryRows::new(vec![
        vec![text("A"), text("one")],
        vec![text("B"), text("#N/A")],
        vec![text("C"), text(&"x".repeat(900))],
        vec![text("D"), Cell::Null],
        vec![text("E"), Cell::Untouched],
    ]);
    let mut ingest = bulk(org.clone(), 600).ingest(upsert(), Arc::new(source)).unwrap();
    let mut refusals = Vec::new();
    while let Some(part) = ingest.next_part().await.unwrap() {
        refusals.extend(part.upload.refusals);
    }
    let told: Vec<(u64, &Unloadable)> =
        refusals.iter().map(|refusal| (refusal.row, &refusal.reason)).collect();
    assert_eq!(told, [(1, &Unloadable::SaysNull { column: 1 }), (2, &Unloadable::LongRow)]);
    let state = org.state();
    assert_eq!(state.written, ["A", "D", "E"]);
    let sent: Vec<Vec<String>> = state.jobs.values().flat_map(|job| parsed(&job.csv).1).collect();
    assert_eq!(sent, [["A", "one"], ["D", "#N/A"], ["E", ""]]);
}

#[tokio::test(start_paused = true)]
async fn an_empty_source_and_one_of_unloadable_rows_start_no_job() {
    let org = Arc::new(BulkStub::default());
    let empty = Arc::new(MemoryRows::new(Vec::new()));
    assert!(
        bulk(org.clone(), 600)
            .ingest(upsert(), empty)
            .unwrap()
            .next_part()
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(org.count("create"), 0);
    let source = Arc::new(MemoryRows::new(vec![vec![text("A"), text("#N/A")]]));
    let mut ingest = bulk(org.clone(), 600).ingest(upsert(), source).unwrap();
    let part = ingest.next_part().await.unwrap().unwrap();
    assert_eq!((part.upload.rows, part.upload.refusals.len()), (0, 1));
    assert!(ingest.outcomes(&part).next().await.unwrap().is_none());
    assert!(ingest.next_part().await.unwrap().is_none());
    assert!(org.state().jobs.values().all(|job| job.state == "Aborted"));
}

#[tokio::test(start_paused = true)]
async fn an_insert_without_a_key_is_told_by_all_its_columns() {
    let org = Arc::new(BulkStub::default());
    let job = IngestJob::new("Account", Operation::Insert, columns(&["Name", "City__c"]), None);
    let sent = [vec![text("Acme\r\nInc"), Cell::Null], vec![text(""), Cell::Untouched]];
    let source = Arc::new(MemoryRows::new(sent.to_vec()));
    let mut ingest = bulk(org.clone(), 10_000).ingest(job.clone(), source).unwrap();
    let told = carried_out(&mut ingest).await.unwrap();
    let expected: Vec<RowKey> = sent.iter().map(|row| job.key_of(row).unwrap()).collect();
    assert!(expected.iter().all(|key| told.contains_key(key)), "{told:?}");
}

#[test]
fn columns_that_do_not_fit_the_operation_are_refused_before_anything_is_sent() {
    let org = bulk(Arc::new(BulkStub::default()), 1_000);
    let refused = |operation, names: &[&str], key: Option<&str>| {
        let job = IngestJob::new("Account", operation, columns(names), key.map(str::to_owned));
        org.ingest(job, rows(1)).err().is_some_and(|error| matches!(error, Error::Invalid { .. }))
    };
    assert!(refused(Operation::Update, &["Name"], None));
    assert!(refused(Operation::Upsert, &["Name"], Some("Ext__c")));
    assert!(refused(Operation::Upsert, &["Name"], None));
    assert!(refused(Operation::Delete, &["Id", "Name"], None));
    assert!(refused(Operation::Insert, &["Id", "Name"], None));
    assert!(refused(Operation::Insert, &["Name", "name"], None));
    assert!(refused(Operation::Insert, &["\u{feff}Name"], None));
    assert!(!refused(Operation::Upsert, &["Ext__c", "User:Owner.Username"], Some("Ext__c")));
    assert!(!refused(Operation::HardDelete, &["Id"], None));
}

#[tokio::test(start_paused = true)]
async fn calls_are_booked_under_what_they_are_for() {
    let org = BulkStub::failing(vec![("create", Fault::ReplyLost)]);
    org.state().polls = 3;
    let bulk = bulk(org, 100_000);
    let mut ingest = bulk.ingest(upsert(), rows(5)).unwrap();
    carried_out(&mut ingest).await.unwrap();
    let tallies = bulk.client().governor().tallies();
    // One of the four looks at the job was to find it again.
    assert_eq!(tallies[&CallCause::Poll].calls, 3);
    assert_eq!(tallies[&CallCause::Recover].calls, 2);
    // Create, upload, close, three lists.
    assert_eq!(tallies[&CallCause::Write].calls, 6);
    assert_eq!(tallies[&CallCause::Write].failed, 1);
}
