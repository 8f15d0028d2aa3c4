//! Bulk API 2.0 both ways.

use cirrus::{
    BulkIngestSpec, BulkJobListOptions, BulkJobState, BulkOperation, BulkQuerySpec, Cirrus,
    CirrusError,
};

use serde_json::json;

use crate::checks::{Failure, check, column, holds, refused, sorted};
use crate::control::{Org, until_done};

const KEY: &str = "ERP_Key__c";

/// The lists of a job that is done.
struct Done {
    successful: String,
    failed: String,
}

async fn load(client: &Cirrus, spec: BulkIngestSpec, csv: &str) -> Result<Done, Failure> {
    let bulk = client.bulk();
    let ingest = bulk.ingest();
    let job = ingest.create(&spec).await?.id;
    ingest.upload(&job, csv.to_owned().into()).await?;
    ingest.close(&job).await?;
    let state = until_done(async || {
        let state = ingest.get(&job).await?.state;
        let done = !matches!(state, BulkJobState::UploadComplete | BulkJobState::InProgress);
        Ok::<_, CirrusError>((state, done))
    })
    .await?;
    holds(matches!(state, BulkJobState::JobComplete), state)?;
    holds(
        ingest.unprocessed_records(&job).await?.iter().filter(|byte| **byte == b'\n').count() <= 1,
        "rows are left",
    )?;
    Ok(Done {
        successful: String::from_utf8(ingest.successful_results(&job).await?.to_vec())?,
        failed: String::from_utf8(ingest.failed_results(&job).await?.to_vec())?,
    })
}

fn spec(operation: BulkOperation) -> BulkIngestSpec {
    BulkIngestSpec::new("Account", operation)
}

/// Jobs that write.
pub async fn ingest(client: &Cirrus, org: &Org) {
    let ids = check("ingest.insert", async {
        let done =
            load(client, spec(BulkOperation::Insert), "Name,Phone\nCirrus A,1\nCirrus B,2\n")
                .await?;
        holds(sorted(&done.successful, "Name")? == ["Cirrus A", "Cirrus B"], &done.successful)?;
        holds(column(&done.successful, "sf__Created")? == ["true", "true"], &done.successful)?;
        column(&done.successful, "sf__Id")
    })
    .await
    .unwrap_or_default();
    let id = |position: usize| ids.get(position).cloned().unwrap_or_default();
    check("ingest.update", async {
        let csv = format!("Id,Name,Phone\n{},Cirrus changed,#N/A\n", id(0));
        load(client, spec(BulkOperation::Update), &csv).await?;
        let row = org.row("Account", &id(0)).await?.ok_or("the row is gone")?;
        holds(row["Name"] == "Cirrus changed" && row["Phone"].is_null(), row)
    })
    .await;
    check("ingest.upsert", async {
        for created in ["true", "false"] {
            let upsert = spec(BulkOperation::Upsert).external_id_field_name(KEY);
            let done =
                load(client, upsert, "ERP_Key__c,Name\nBULK-CIRRUS,Cirrus in bulk\n").await?;
            holds(column(&done.successful, "sf__Created")? == [created], done.successful)?;
        }
        Ok(())
    })
    .await;
    check("ingest.failed-rows", async {
        let done =
            load(client, spec(BulkOperation::Insert), "Name,Phone\nCirrus good,1\n,2\n").await?;
        let errors = column(&done.failed, "sf__Error")?;
        holds(errors.len() == 1 && errors[0].starts_with("REQUIRED_FIELD_MISSING:"), done.failed)
    })
    .await;
    check("ingest.delete", async {
        load(client, spec(BulkOperation::Delete), &format!("Id\n{}\n", id(0))).await?;
        holds(org.row("Account", &id(0)).await?.is_none(), "it is still there")
    })
    .await;
    check("ingest.hard-delete", async {
        org.control("bulk", Some(json!({ "hard_delete": "allowed" }))).await?;
        load(client, spec(BulkOperation::HardDelete), &format!("Id\n{}\n", id(1))).await?;
        let soql = format!("SELECT Id FROM Account WHERE Id = '{}'", id(1));
        let found = client.query_all(&soql).await?.total_size;
        holds(found == 0, found)
    })
    .await;
    ingest_jobs(client).await;
}

async fn ingest_jobs(client: &Cirrus) {
    let bulk = client.bulk();
    let ingest = bulk.ingest();
    let job = check("ingest.abort", async {
        let job = ingest.create(&spec(BulkOperation::Insert)).await?.id;
        ingest.abort(&job).await?;
        let state = ingest.get(&job).await?.state;
        holds(matches!(state, BulkJobState::Aborted), state)?;
        Ok(job)
    })
    .await
    .unwrap_or_default();
    check("ingest.list", async {
        let jobs = ingest.list(&BulkJobListOptions::new()).await?.records;
        holds(jobs.iter().any(|one| one.id == job), jobs.len())
    })
    .await;
    check("ingest.remove", async {
        ingest.delete(&job).await?;
        let error = refused(ingest.get(&job).await)?;
        holds(matches!(error, CirrusError::Api { status: 404, .. }), error)
    })
    .await;
}

async fn finished(
    client: &Cirrus,
    soql: &str,
    operation: BulkOperation,
) -> Result<String, Failure> {
    let bulk = client.bulk();
    let query = bulk.query();
    let job = query.create(&BulkQuerySpec::new(soql, operation)).await?.id;
    let state = until_done(async || {
        let state = query.get(&job).await?.state;
        let done = !matches!(state, BulkJobState::UploadComplete | BulkJobState::InProgress);
        Ok::<_, CirrusError>((state, done))
    })
    .await?;
    holds(matches!(state, BulkJobState::JobComplete), state)?;
    Ok(job)
}

/// Jobs that read.
pub async fn extract(client: &Cirrus) {
    let bulk = client.bulk();
    let query = bulk.query();
    check("extract.page", async {
        let soql = "SELECT Name FROM Account WHERE ERP_Key__c = 'BULK-CIRRUS'";
        let job = finished(client, soql, BulkOperation::Query).await?;
        let page = query.results(&job, None, None).await?;
        holds(page.locator.is_none() && page.number_of_records == Some(1), &page)?;
        let csv = String::from_utf8(page.csv.to_vec())?;
        holds(column(&csv, "Name")? == ["Cirrus in bulk"], csv)
    })
    .await;
    let job = check("extract.pages", async {
        let job = finished(client, "SELECT Id FROM Account", BulkOperation::Query).await?;
        let (mut ids, mut locator) = (Vec::new(), None);
        loop {
            let page = query.results(&job, locator.as_deref(), Some(1000)).await?;
            ids.extend(column(&String::from_utf8(page.csv.to_vec())?, "Id")?);
            locator = page.locator;
            if locator.is_none() {
                break;
            }
        }
        ids.sort_unstable();
        ids.dedup();
        holds(ids.len() >= 2500, ids.len())?;
        Ok(job)
    })
    .await
    .unwrap_or_default();
    check("extract.parallel", async {
        let pages = query.result_pages(&job, None).await?;
        let mut rows = 0;
        for page in &pages.result_pages {
            let locator = page.locator().ok_or("a page without locator")?;
            rows += query.results(&job, Some(&locator), None).await?.number_of_records.unwrap_or(0);
        }
        holds(rows >= 2500, rows)
    })
    .await;
    check("extract.deleted", async {
        let soql = "SELECT Name, IsDeleted FROM Account WHERE Name = 'Cirrus changed'";
        let job = finished(client, soql, BulkOperation::QueryAll).await?;
        let csv = String::from_utf8(query.results(&job, None, None).await?.csv.to_vec())?;
        holds(column(&csv, "IsDeleted")? == ["true"], csv)
    })
    .await;
    check("extract.refused", async {
        let wrong = BulkQuerySpec::new("SELECT Nothing FROM Account", BulkOperation::Query);
        let error = refused(query.create(&wrong).await)?;
        holds(matches!(error, CirrusError::Api { status: 400, .. }), error)
    })
    .await;
    check("extract.list", async {
        let jobs = query.list(&BulkJobListOptions::new()).await?.records;
        holds(jobs.iter().any(|one| one.id == job), jobs.len())
    })
    .await;
    check("extract.remove", async {
        query.delete(&job).await?;
        let error = refused(query.get(&job).await)?;
        holds(matches!(error, CirrusError::Api { status: 404, .. }), error)
    })
    .await;
}
