//! Single calls on jobs, and how long a job is waited for.

use std::sync::Arc;
use std::time::Duration;

use super::stub::{BulkStub, Fault, bulk, rows, upsert};
use crate::bulk::{BulkError, JobKind, JobState, Polling};
use crate::error::Error;

#[tokio::test(start_paused = true)]
async fn a_running_job_is_asked_for_often_at_first_and_seldom_later() {
    let org = Arc::new(BulkStub::default());
    org.state().polls = 45;
    let mut ingest = bulk(org.clone(), 100_000).ingest(upsert(), rows(2)).unwrap();
    ingest.next_part().await.unwrap();
    let polls: Vec<_> =
        org.state().steps.iter().filter(|(step, _)| step == "poll").map(|(_, at)| *at).collect();
    let pauses: Vec<Duration> = polls.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let near = |pause: Duration, seconds: f64| (pause.as_secs_f64() / seconds - 1.0).abs() <= 0.25;
    assert!(near(pauses[0], 1.0) && near(pauses[20], 5.0) && near(pauses[44], 30.0), "{pauses:?}");
    let spread: std::collections::BTreeSet<Duration> = pauses[..5].iter().copied().collect();
    assert_eq!(spread.len(), 5, "no two pauses are the same");
}

#[tokio::test(start_paused = true)]
async fn a_job_that_does_not_end_is_left_running_and_its_rows_unknown() {
    let org = Arc::new(BulkStub::default());
    org.state().polls = u32::MAX;
    let mut bulk = bulk(org.clone(), 100_000);
    bulk.settings.polling = Polling { patience: Duration::from_secs(600), ..Polling::default() };
    let mut ingest = bulk.ingest(upsert(), rows(2)).unwrap();
    let error = ingest.next_part().await.unwrap_err();
    assert!(matches!(error, Error::Bulk(BulkError::StillRunning { .. })), "{error:?}");
    assert!(error.outcome_unknown());
    assert_eq!(org.count("abort"), 0);
}

#[tokio::test(start_paused = true)]
async fn polls_that_fail_for_a_passing_reason_are_asked_again_and_others_leave_the_job_out_of_sight()
 {
    let busy = Fault::Answer(503, "<html>maintenance</html>");
    let org = BulkStub::failing(vec![
        ("poll", busy.clone()),
        ("poll", busy.clone()),
        ("poll", busy.clone()),
        ("poll", busy.clone()),
        ("poll", busy.clone()),
        ("poll", busy),
    ]);
    let mut ingest = bulk(org.clone(), 100_000).ingest(upsert(), rows(2)).unwrap();
    assert!(ingest.next_part().await.unwrap().is_some());
    let gone = r#"[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]"#;
    let org = BulkStub::failing(vec![("poll", Fault::Answer(404, gone))]);
    let mut ingest = bulk(org.clone(), 100_000).ingest(upsert(), rows(2)).unwrap();
    let error = ingest.next_part().await.unwrap_err();
    assert!(matches!(error, Error::Bulk(BulkError::OutOfSight { .. })), "{error:?}");
    assert!(error.outcome_unknown());
}

#[tokio::test(start_paused = true)]
async fn jobs_are_listed_looked_at_aborted_and_deleted() {
    let org = Arc::new(BulkStub::default());
    let bulk = bulk(org.clone(), 100_000);
    let mut ingest = bulk.ingest(upsert(), rows(2)).unwrap();
    let open = ingest.open().await.unwrap().unwrap();
    let id = &open.job.id;
    let mut pages = bulk.jobs(JobKind::Ingest);
    let listed = pages.next().await.unwrap().unwrap();
    assert!(listed.iter().any(|job| job.id == *id));
    let old = listed.iter().find(|job| job.job_type.as_deref() == Some("Classic")).unwrap();
    assert_eq!(old.state, JobState::Other("Closed".to_owned()));
    assert!(pages.next().await.unwrap().is_none());
    assert_eq!(bulk.job(JobKind::Ingest, id).await.unwrap().state, JobState::Open);
    assert_eq!(bulk.abort(JobKind::Ingest, id).await.unwrap().state, JobState::Aborted);
    org.state().faults.push(("delete", Fault::ReplyLost));
    bulk.delete(JobKind::Ingest, id).await.unwrap();
    assert!(bulk.job(JobKind::Ingest, id).await.unwrap_err().has_code("NOT_FOUND"));
}
