//! Single records and collections.

use std::time::{Duration, SystemTime};

use cirrus::{BlobUploadSpec, Cirrus, CirrusError, SObjectCollection, SObjectCollectionResult};
use serde_json::json;

use crate::checks::{Failure, check, holds, refused};
use crate::control::Org;

const KEY: &str = "ERP_Key__c";
const LEGACY: &str = "Legacy_Code__c";

/// One record at a time.
pub async fn records(client: &Cirrus, org: &Org) {
    let account = client.sobject("Account");
    let made = check("record.create", async {
        let made = account.create(&json!({ "Name": "Made by cirrus" })).await?;
        holds(made.success && made.errors.is_empty(), &made)?;
        Ok(made.id)
    })
    .await
    .unwrap_or_default();
    check("record.update", async {
        Ok(account.update(&made, &json!({ "Phone": "+1 555" })).await?)
    })
    .await;
    check("record.read", async {
        let whole = account.retrieve(&made).await?;
        let some = account.retrieve_with_fields(&made, &["Phone"]).await?;
        holds(whole["Phone"] == "+1 555" && some.get("Name").is_none(), some)
    })
    .await;
    check("record.conditional", async {
        let body = json!({ "Phone": "+1 556" });
        let long_ago = SystemTime::now() - Duration::from_secs(3600);
        let error = refused(account.update_if_unmodified_since(&made, &body, long_ago).await)?;
        holds(matches!(error, CirrusError::Api { status: 412, .. }), error)?;
        let later = SystemTime::now() + Duration::from_secs(3600);
        Ok(account.update_if_unmodified_since(&made, &body, later).await?)
    })
    .await;
    check("record.delete", async {
        account.delete(&made).await?;
        holds(org.row("Account", &made).await?.is_none(), "it is still there")
    })
    .await;
    upserts(client).await;
    check("record.blob", blob(client, org)).await;
}

async fn upserts(client: &Cirrus) {
    let account = client.sobject("Account");
    check("record.upsert", async {
        let first = account.upsert(KEY, "CIRRUS-1", &json!({ "Name": "Upserted" })).await?;
        let second = account.upsert(KEY, "CIRRUS-1", &json!({ "Name": "Again" })).await?;
        let created = (first.created, second.created);
        holds(created == (Some(true), Some(false)) && first.id == second.id, created)
    })
    .await;
    check("record.read-by-key", async {
        let row = account.retrieve_by_external_id(KEY, "CIRRUS-1").await?;
        holds(row["Name"] == "Again", row)
    })
    .await;
    check("record.upsert-escaped", async {
        let key = "CI/RR US?#%";
        let made = account.upsert(KEY, key, &json!({ "Name": "Slashed" })).await?;
        let row = account.retrieve_by_external_id(KEY, key).await?;
        holds(row["Id"] == made.id.as_str() && row[KEY] == key, row)
    })
    .await;
    check("record.upsert-several", async {
        for name in ["Twin A", "Twin B"] {
            account.create(&json!({ "Name": name, LEGACY: "CIRRUS-TWIN" })).await?;
        }
        let error =
            refused(account.upsert(LEGACY, "CIRRUS-TWIN", &json!({ "Name": "Which" })).await)?;
        let several =
            matches!(&error, CirrusError::MultipleMatches { records, .. } if records.len() == 2);
        holds(several, error)
    })
    .await;
}

async fn blob(client: &Cirrus, org: &Org) -> Result<(), Failure> {
    org.control("setup", Some(json!({ "features": ["files"] }))).await?;
    let content: &[u8] = b"kept as it was\x00\xff";
    let version = client.sobject("ContentVersion");
    let spec = BlobUploadSpec {
        json_part_name: "entity_content",
        metadata: &json!({ "Title": "note", "PathOnClient": "note.bin" }),
        blob_field_name: "VersionData",
        filename: "note.bin",
        content_type: None,
        blob: content.into(),
    };
    let made = version.create_with_blob(spec).await?;
    let read = version.retrieve_blob(&made.id, "VersionData").await?;
    holds(read.as_ref() == content, read)
}

/// Up to 200 rows in one call.
pub async fn collections(client: &Cirrus, org: &Org) {
    let composite = client.composite();
    let collections = composite.sobjects();
    let rows = |rows: Vec<serde_json::Value>| SObjectCollection::new("Account", rows);
    let ids = check("collection.create", async {
        let two = rows(vec![json!({ "Name": "Row A" }), json!({ "Name": "Row B" })]);
        let made = collections.create(&two).await?;
        holds(made.iter().all(|one| one.success), &made)?;
        Ok(made.into_iter().filter_map(|one| one.id).collect::<Vec<String>>())
    })
    .await
    .unwrap_or_default();
    check("collection.update", async {
        let changed = ids.iter().map(|id| json!({ "Id": id, "Phone": "+1 557" })).collect();
        all_succeed(collections.update(&rows(changed)).await?)
    })
    .await;
    check("collection.read", async {
        let by_query = collections.retrieve("Account", &ids, &["Phone"]).await?;
        let by_body = collections.retrieve_with_body("Account", &ids, &["Phone"]).await?;
        let read = by_query.iter().chain(&by_body);
        holds(
            read.clone().count() == 4 && read.clone().all(|row| row["Phone"] == "+1 557"),
            by_body,
        )
    })
    .await;
    check("collection.delete", async { all_succeed(collections.delete(&ids, true).await?) }).await;
    check("collection.upsert", async {
        let keyed = rows(vec![
            json!({ "Name": "Many A", KEY: "CIRRUS-2" }),
            json!({ "Name": "Many B", KEY: "CIRRUS-3" }),
        ]);
        let done = collections.upsert("Account", KEY, &keyed).await?;
        holds(done.iter().all(|one| one.created == Some(true)), done)
    })
    .await;
    let mixed = || rows(vec![json!({ "Name": "Cirrus good" }), json!({ "Phone": "no name" })]);
    check("collection.partial", async {
        let done = collections.create(&mixed()).await?;
        holds(done[0].success && done[1].errors[0].status_code == "REQUIRED_FIELD_MISSING", done)
    })
    .await;
    check("collection.all-or-none", async {
        let before = org.stored("Account").await?.len();
        let done = collections.create(&mixed().all_or_none(true)).await?;
        let rolled_back = done[0].errors[0].status_code == "ALL_OR_NONE_OPERATION_ROLLED_BACK";
        holds(rolled_back && org.stored("Account").await?.len() == before, done)
    })
    .await;
}

fn all_succeed(results: Vec<SObjectCollectionResult>) -> Result<(), Failure> {
    holds(results.len() == 2 && results.iter().all(|one| one.success), results)
}
