//! Bulk API 2.0 both ways.

use std::num::NonZeroU64;

use futures_util::TryStreamExt as _;
use salesforce_core::bulkapi::{ByteStream, Client, JobState};
use serde_json::{Value, json};

use crate::checks::{Failure, check, column, holds, refused, sorted};
use crate::control::{Org, until_done};

const PAGE: NonZeroU64 = NonZeroU64::new(1000).unwrap();

async fn text(body: ByteStream) -> Result<String, Failure> {
    let chunks: Vec<_> = body.into_inner().try_collect().await?;
    Ok(String::from_utf8(chunks.concat())?)
}

fn is_done(state: JobState) -> bool {
    !matches!(state, JobState::Open | JobState::UploadComplete | JobState::InProgress)
}

/// The lists of a job that is done: what succeeded and what failed.
async fn load(client: &Client, spec: Value, csv: &str) -> Result<(String, String), Failure> {
    let ingest = client.ingest();
    let job = ingest.create_job(&serde_json::from_value(spec)?).await?.id;
    ingest.upload_data(&job, csv.as_bytes()).await?;
    ingest.mark_upload_complete(&job).await?;
    let state = until_done(async || {
        let state = ingest.get_job(&job).await?.state;
        Ok::<_, Failure>((state, is_done(state)))
    })
    .await?;
    holds(matches!(state, JobState::JobComplete), state)?;
    let left = text(ingest.get_unprocessed_results(&job).await?).await?;
    holds(left.lines().count() <= 1, left)?;
    let successful = text(ingest.get_successful_results(&job).await?).await?;
    Ok((successful, text(ingest.get_failed_results(&job).await?).await?))
}

fn spec(operation: &str) -> Value {
    json!({ "object": "Account", "operation": operation })
}

/// Jobs that write, then jobs that read what they wrote.
pub async fn both_ways(client: &Client, org: &Org) {
    let ids = check("ingest.insert", async {
        let (done, _) = load(client, spec("insert"), "Name,Phone\nCore A,1\nCore B,2\n").await?;
        holds(sorted(&done, "Name")? == ["Core A", "Core B"], &done)?;
        column(&done, "sf__Id")
    })
    .await
    .unwrap_or_default();
    let id = |position: usize| ids.get(position).cloned().unwrap_or_default();
    check("ingest.update", async {
        let csv = format!("Id,Name,Phone\n{},Core changed,#N/A\n", id(0));
        load(client, spec("update"), &csv).await?;
        let row = org.row("Account", &id(0)).await?.ok_or("the row is gone")?;
        holds(row["Name"] == "Core changed" && row["Phone"].is_null(), row)
    })
    .await;
    check("ingest.upsert", async {
        for created in ["true", "false"] {
            let mut upsert = spec("upsert");
            upsert["externalIdFieldName"] = json!("ERP_Key__c");
            let (done, _) =
                load(client, upsert, "ERP_Key__c,Name\nBULK-CORE,Core in bulk\n").await?;
            holds(column(&done, "sf__Created")? == [created], done)?;
        }
        Ok(())
    })
    .await;
    check("ingest.failed-rows", async {
        let (_, failed) = load(client, spec("insert"), "Name,Phone\nCore good,1\n,2\n").await?;
        let errors = column(&failed, "sf__Error")?;
        holds(errors.len() == 1 && errors[0].starts_with("REQUIRED_FIELD_MISSING:"), failed)
    })
    .await;
    check("ingest.delete", async {
        load(client, spec("delete"), &format!("Id\n{}\n", id(0))).await?;
        holds(org.row("Account", &id(0)).await?.is_none(), "it is still there")
    })
    .await;
    check("ingest.hard-delete", async {
        org.control("bulk", Some(json!({ "hard_delete": "allowed" }))).await?;
        load(client, spec("hardDelete"), &format!("Id\n{}\n", id(1))).await?;
        holds(org.row("Account", &id(1)).await?.is_none(), "it is still there")
    })
    .await;
    ingest_jobs(client).await;
    extract(client).await;
}

async fn ingest_jobs(client: &Client) {
    let ingest = client.ingest();
    let job = check("ingest.abort", async {
        let job = ingest.create_job(&serde_json::from_value(spec("insert"))?).await?.id;
        let state = ingest.abort_job(&job).await?.state;
        holds(matches!(state, JobState::Aborted), state)?;
        Ok(job)
    })
    .await
    .unwrap_or_default();
    check("ingest.list", async {
        let jobs = ingest.get_all_jobs(None, None, None).await?.records;
        holds(jobs.iter().any(|one| one.id == job), jobs.len())
    })
    .await;
    check("ingest.remove", async {
        ingest.delete_job(&job).await?;
        let error = format!("{:?}", refused(ingest.get_job(&job).await)?);
        holds(error.contains("404"), error)
    })
    .await;
}

async fn finished(client: &Client, soql: &str, operation: &str) -> Result<String, Failure> {
    let query = client.query();
    let body = json!({ "operation": operation, "query": soql });
    let job = query.create_job(&serde_json::from_value(body)?).await?.id;
    let state = until_done(async || {
        let state = query.get_job(&job).await?.state;
        Ok::<_, Failure>((state, is_done(state)))
    })
    .await?;
    holds(matches!(state, JobState::JobComplete), state)?;
    Ok(job)
}

async fn extract(client: &Client) {
    let query = client.query();
    check("extract.page", async {
        let soql = "SELECT Name FROM Account WHERE ERP_Key__c = 'BULK-CORE'";
        let job = finished(client, soql, "query").await?;
        let page = query.get_results(&job, None, None).await?;
        holds(page.locator.is_none() && page.number_of_records == Some(1), &page)?;
        let csv = text(page.body).await?;
        holds(column(&csv, "Name")? == ["Core in bulk"], csv)
    })
    .await;
    let job = check("extract.pages", async {
        let job = finished(client, "SELECT Id FROM Account", "query").await?;
        let mut pages = query.result_pages(&job, Some(PAGE));
        let mut ids = Vec::new();
        while let Some(page) = pages.next_page().await {
            ids.extend(column(&text(page?.body).await?, "Id")?);
        }
        ids.sort_unstable();
        ids.dedup();
        holds(ids.len() >= 2500, ids.len())?;
        Ok(job)
    })
    .await
    .unwrap_or_default();
    check("extract.parallel", async {
        let pages = query.get_result_pages(&job, None).await?;
        holds(!pages.result_pages.is_empty(), pages)
    })
    .await;
    check("extract.deleted", async {
        let soql = "SELECT Name, IsDeleted FROM Account WHERE Name = 'Core changed'";
        let job = finished(client, soql, "queryAll").await?;
        let csv = text(query.get_results(&job, None, None).await?.body).await?;
        holds(column(&csv, "IsDeleted")? == ["true"], csv)
    })
    .await;
    check("extract.refused", async {
        let error = format!(
            "{:?}",
            refused(finished(client, "SELECT Nothing FROM Account", "query").await)?
        );
        holds(error.contains("400"), error)
    })
    .await;
    check("extract.list", async {
        let jobs = query.get_all_jobs(None, None, None, None).await?.records;
        holds(jobs.iter().any(|one| one.id == job), jobs.len())
    })
    .await;
    check("extract.remove", async {
        query.delete_job(&job).await?;
        let error = format!("{:?}", refused(query.get_job(&job).await)?);
        holds(error.contains("404"), error)
    })
    .await;
}
