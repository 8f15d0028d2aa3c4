//! Bulk API 2.0: rows in and out, each outcome with its row, nothing twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::TryStreamExt as _;
use isthmus_model::ids::RecordId;
use isthmus_salesforce::bulk::{
    Bulk, BulkSettings, Cell, Disposition, IngestJob, MemoryRows, Operation, QueryJob, RowKey,
};
use isthmus_tests::window::tell;
use orgsim::faults::{Fault, Kind};
use orgsim::rows::text;

use crate::rig::{ORG, client, held, serve};

/// Small parts, so that a few hundred rows make several.
const PART_BYTES: u64 = 8_000;

const ROWS: usize = 400;

fn cell(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn key(number: usize) -> String {
    format!("W-{number:04}")
}

fn upsert() -> IngestJob {
    let columns = ["ERP_Key__c", "Name", "Phone"].map(str::to_owned).to_vec();
    IngestJob::new("Account", Operation::Upsert, columns, Some("ERP_Key__c".to_owned()))
}

/// Writes rows and answers what became of each, by its key.
async fn write(
    bulk: &Bulk,
    job: &IngestJob,
    rows: Vec<Vec<Cell>>,
) -> BTreeMap<RowKey, Disposition> {
    let mut ingest = bulk.ingest(job.clone(), Arc::new(MemoryRows::new(rows))).expect("a job");
    let mut told = BTreeMap::new();
    while let Some(part) = ingest.next_part().await.expect("a part") {
        let mut outcomes = ingest.outcomes(&part);
        while let Some(outcome) = outcomes.next().await.expect("an outcome") {
            assert!(told.insert(outcome.key, outcome.disposition).is_none(), "told once");
        }
    }
    told
}

/// The record of a row that was carried out.
fn id_of(told: &Disposition) -> RecordId {
    match told {
        Disposition::Succeeded { id, .. } => *id,
        other => panic!("it was not carried out: {other:?}"),
    }
}

#[test]
fn each_row_of_an_upsert_is_told_by_its_key_and_an_empty_cell_changes_nothing() {
    let orgs = serve(5);
    tell(async {
        let bulk =
            client(&orgs).bulk(BulkSettings { part_bytes: PART_BYTES, ..BulkSettings::default() });
        let job = upsert();
        let row = |number: usize| {
            // One row lacks what the org requires.
            let name = if number == 7 { Cell::Null } else { cell("Acme, \"west\"\nside") };
            vec![cell(&key(number)), name, cell("+49 30 1")]
        };
        let rows: Vec<Vec<Cell>> = (0..ROWS).map(row).collect();
        let keys: Vec<RowKey> = rows.iter().map(|row| job.key_of(row).expect("a key")).collect();
        let told = write(&bulk, &job, rows).await;
        assert_eq!(told.len(), ROWS);
        let refused = &told[&keys[7]];
        assert!(
            matches!(refused, Disposition::Failed { error, .. } if error.code == "REQUIRED_FIELD_MISSING"),
            "{refused:?}"
        );
        let created =
            told.values().filter(|one| matches!(one, Disposition::Succeeded { created: true, .. }));
        assert_eq!(created.count(), ROWS - 1);

        let again = vec![
            vec![cell(&key(1)), Cell::Untouched, Cell::Null],
            vec![cell(&key(2)), cell("Renamed"), Cell::Untouched],
        ];
        let told = write(&bulk, &job, again).await;
        assert!(
            told.values().all(|one| matches!(one, Disposition::Succeeded { created: false, .. }))
        );
    });
    let rows = orgs.by_key(ORG, "Account");
    assert_eq!(text(&rows[&key(1)], "Name"), Some("Acme, \"west\"\nside"));
    assert_eq!(text(&rows[&key(1)], "Phone"), None);
    assert_eq!(text(&rows[&key(2)], "Name"), Some("Renamed"));
    assert_eq!(text(&rows[&key(2)], "Phone"), Some("+49 30 1"));
    assert!(!rows.contains_key(&key(7)));
}

#[test]
fn an_answer_lost_at_any_step_writes_each_row_once() {
    let orgs = serve(5);
    for (method, path) in
        [("POST", "jobs/ingest"), ("PUT", "batches"), ("PATCH", "jobs/ingest"), ("GET", "Results")]
    {
        orgs.fault(ORG, Fault::new(Kind::ReplyLost).method(method).path_contains(path));
    }
    let columns = ["Name", "Site"].map(str::to_owned).to_vec();
    let job = IngestJob::new("Account", Operation::Insert, columns, None);
    let rows: Vec<Vec<Cell>> =
        (0..120).map(|number| vec![cell("Lost"), cell(&key(number))]).collect();
    let told = tell(async {
        let bulk = client(&orgs).bulk(BulkSettings::default());
        let mut ingest = bulk.ingest(job, Arc::new(MemoryRows::new(rows))).expect("a job");
        let part = ingest.next_part().await.expect("a part").expect("one part");
        // The list that was cut is read again from its start by whoever reads it.
        let first = ingest.outcomes(&part).into_stream().try_collect::<Vec<_>>().await;
        match first {
            Ok(told) => told,
            Err(_) => ingest.outcomes(&part).into_stream().try_collect().await.expect("outcomes"),
        }
    });
    assert_eq!(told.len(), 120);
    assert_eq!(orgs.counters(ORG).rows_written["Account"].inserted, 120);
}

#[test]
fn rows_are_deleted_in_bulk_and_brought_back_over_soap() {
    let orgs = serve(1);
    let ids = tell(async {
        let client = client(&orgs);
        // Accounts of our own: one with cases is not deleted.
        let bulk = client.bulk(BulkSettings::default());
        let job = IngestJob::new("Account", Operation::Insert, vec!["Name".to_owned()], None);
        let rows = (0..40).map(|number| vec![cell(&key(number))]).collect();
        let created = write(&bulk, &job, rows).await;
        let ids: Vec<RecordId> = created.values().map(id_of).collect();
        let job = IngestJob::new("Account", Operation::Delete, vec!["Id".to_owned()], None);
        let rows = ids.iter().map(|id| vec![cell(&id.to_string())]).collect();
        let told = write(&bulk, &job, rows).await;
        assert!(
            told.values().all(|one| matches!(one, Disposition::Succeeded { .. })),
            "each is deleted"
        );
        assert!(ids.iter().all(|id| held(&orgs, "Account", *id, "Id").is_none()));

        let back = client.undelete(&ids).await.expect("an answer");
        assert_eq!(back.len(), ids.len());
        ids
    });
    assert!(ids.iter().all(|id| held(&orgs, "Account", *id, "Id").is_some()));
}

#[test]
fn a_query_reads_every_row_once_by_locator_and_in_parallel() {
    let orgs = serve(2_345);
    tell(async {
        let bulk = client(&orgs).bulk(BulkSettings::default());
        let run = bulk.query(&QueryJob::new("SELECT Id, Name FROM Account")).await.expect("a job");
        let run = run.with_page_rows(200);
        let mut rows = run.rows();
        let mut in_turn = Vec::new();
        while let Some(row) = rows.next().await.expect("a row") {
            in_turn.push(row.get("Id").expect("an id").to_owned());
        }
        let at_once: BTreeSet<String> = run
            .parallel_rows(3)
            .map_ok(|row| row.get("Id").expect("an id").to_owned())
            .try_collect()
            .await
            .expect("rows");
        assert_eq!(in_turn.len(), 2_345);
        assert_eq!(in_turn.into_iter().collect::<BTreeSet<_>>(), at_once);

        let none = bulk.query(&QueryJob::new("SELECT Id FROM Account WHERE Name = 'nobody'")).await;
        assert!(none.expect("a job").rows().next().await.expect("an end").is_none());
        let refused = bulk.query(&QueryJob::new("SELECT Nope FROM Account")).await;
        let refused = refused.map(|_| ()).expect_err("no such field");
        assert!(!refused.to_string().is_empty());
    });
}
