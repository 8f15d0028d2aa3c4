//! Query jobs: pages by locator and side by side, cut pages, results that are gone.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::TryStreamExt;
use isthmus_model::schema::FieldType;
use isthmus_model::value::Value;

use super::stub::{BulkStub, Fault, StubPage, bulk};
use crate::bulk::{BulkError, QueryJob, QueryRun};
use crate::error::{Error, ErrorClass};

/// Three pages of ten rows; a name holds a NUL, quotes and a line break.
fn org(faults: Vec<(&'static str, Fault)>) -> Arc<BulkStub> {
    let org = BulkStub::failing(faults);
    let page = |locator: &'static str, first: usize| {
        let mut body = b"\"Id\",\"Name\",\"Amount\"\n".to_vec();
        for number in first..first + 10 {
            body.extend_from_slice(
                format!("\"{number}\",\"a\u{0}\"\"b\"\"\nc\",\"{number}.50\"\n").as_bytes(),
            );
        }
        StubPage { locator, body, rows: 10 }
    };
    org.state().pages = vec![page("MA", 0), page("MTA+w", 10), page("MjA", 20)];
    org
}

async fn run(org: &Arc<BulkStub>) -> QueryRun {
    bulk(org.clone(), 1_000)
        .query(&QueryJob::new("SELECT Id, Name, Amount FROM Opportunity"))
        .await
        .unwrap()
}

async fn ids(run: &QueryRun) -> Result<Vec<String>, Error> {
    let mut rows = run.rows();
    let mut ids = Vec::new();
    while let Some(row) = rows.next().await? {
        ids.push(row.get("id").unwrap().to_owned());
    }
    Ok(ids)
}

fn numbers() -> Vec<String> {
    (0..30).map(|number: usize| number.to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn all_pages_are_read_by_locator_and_values_are_typed() {
    let org = org(Vec::new());
    let run = run(&org).await.with_page_rows(10);
    let mut rows = run.rows();
    let row = rows.next().await.unwrap().unwrap();
    assert_eq!(rows.columns(), ["Id", "Name", "Amount"]);
    assert_eq!(row.get("Name"), Some("a\u{0}\"b\"\nc"));
    assert_eq!(
        row.value("Amount", &FieldType::Currency).unwrap(),
        Value::Number("0.5".parse().unwrap())
    );
    assert!(row.value("Amount", &FieldType::Date).is_err());
    assert_eq!(ids(&run).await.unwrap(), numbers());
    let state = org.state();
    let asked: Vec<_> = state.urls.iter().filter_map(|url| url.query()).collect();
    assert!(asked.contains(&"maxRecords=10&locator=MTA%2Bw"), "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn pages_side_by_side_give_the_same_rows() {
    let org = org(Vec::new());
    let rows: Vec<_> = run(&org).await.parallel_rows(3).try_collect().await.unwrap();
    let seen: BTreeSet<String> = rows.iter().map(|row| row.at(0).unwrap().to_owned()).collect();
    assert_eq!((rows.len(), seen.len()), (30, 30));
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_cut_anywhere_is_read_on_without_a_row_twice_or_missing() {
    for bytes in [0, 5, 22, 60, 150, 237] {
        let org = org(vec![
            ("page", Fault::AnswerCut(bytes)),
            ("page", Fault::AnswerCut(bytes + 30)),
            ("page", Fault::ReplyLost),
        ]);
        assert_eq!(ids(&run(&org).await).await.unwrap(), numbers(), "cut after {bytes}");
        assert!(org.state().faults.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_always_cut_at_the_same_place_ends_the_reading() {
    let faults = (0..20).map(|_| ("page", Fault::AnswerCut(60))).collect();
    let error = ids(&run(&org(faults)).await).await.unwrap_err();
    assert_eq!(error.class(), ErrorClass::Retry);
}

#[tokio::test(start_paused = true)]
async fn results_that_are_gone_say_to_run_the_query_again() {
    let gone = r#"[{"errorCode":"INVALID_QUERY_LOCATOR","message":"invalid query locator"}]"#;
    let org = org(vec![("page", Fault::Answer(400, gone))]);
    let error = ids(&run(&org).await).await.unwrap_err();
    assert!(matches!(error, Error::Bulk(BulkError::ResultsGone { .. })), "{error:?}");
    assert_eq!(error.code(), "bulk_results_gone");
    assert_eq!(org.count("page"), 1, "asking again brings nothing back");
}

#[tokio::test(start_paused = true)]
async fn a_page_with_fewer_rows_than_it_says_is_no_page() {
    let org = org(Vec::new());
    org.state().pages[1].rows = 11;
    let error = ids(&run(&org).await).await.unwrap_err();
    assert!(matches!(error, Error::Mismatch { .. }), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_page_of_other_columns_and_a_row_of_other_cells_are_refused() {
    let org_of_other_columns = org(Vec::new());
    org_of_other_columns.state().pages[1].body = b"\"Id\",\"Other\"\n\"1\",\"2\"\n".to_vec();
    assert!(matches!(ids(&run(&org_of_other_columns).await).await, Err(Error::Mismatch { .. })));
    let ragged = org(Vec::new());
    ragged.state().pages[0].body = b"\"Id\",\"Name\"\n\"1\"\n".to_vec();
    assert!(matches!(ids(&run(&ragged).await).await, Err(Error::Decode { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_query_without_rows_has_columns_and_no_rows() {
    let org = org(Vec::new());
    org.state().pages =
        vec![StubPage { locator: "MA", body: b"\"Id\",\"Name\"\n".to_vec(), rows: 0 }];
    let run = run(&org).await;
    let mut rows = run.rows();
    assert!(rows.next().await.unwrap().is_none());
    assert_eq!(rows.columns(), ["Id", "Name"]);
}

#[tokio::test(start_paused = true)]
async fn a_query_job_that_fails_has_no_rows() {
    let org = org(Vec::new());
    org.state().ending = Some(("Failed", 0, ""));
    let query = QueryJob::new("SELECT Id FROM Account");
    let error = bulk(org.clone(), 1_000).query(&query).await.unwrap_err();
    assert!(matches!(error, Error::Bulk(BulkError::Ended { .. })), "{error:?}");
    assert!(!error.outcome_unknown());
}
