//! Metadata, queries and single records.

use salesforce_core::chrono::{TimeDelta, Utc};
use salesforce_core::restapi::Client;
use salesforce_core::soql;
use serde_json::json;

use crate::checks::{Failure, check, holds};
use crate::control::Org;

/// Describe and basic information.
pub async fn metadata(client: &Client) {
    check("metadata.describe", async {
        let account = client.describe("Account").send().await?;
        holds(
            account.queryable && account.fields.iter().any(|field| field.name == "Name"),
            account.name,
        )
    })
    .await;
    check("metadata.basic", async {
        let account = client.basic_info("Account").send().await?;
        holds(account.object_describe.name == "Account", account.object_describe.name)
    })
    .await;
}

/// Queries and search.
pub async fn queries(client: &Client) {
    let all = "SELECT Id, Name, Owner.Name FROM Account ORDER BY Id";
    let first = check("query.page", async {
        let first = client.query(all).send().await?;
        holds(!first.done && first.records.len() < 2500, first.total_size)?;
        Ok(first)
    })
    .await;
    check("query.parent", async {
        let row = first.as_ref().and_then(|page| page.records.first()).ok_or("no row")?;
        holds(row["Owner"]["Name"].is_string(), row)
    })
    .await;
    check("query.pages", async {
        let mut page = client.query(all).send().await?;
        let mut rows = page.records.len();
        while let Some(next) = page.next_records_url.clone() {
            page = client.query_more(next).send().await?;
            rows += page.records.len();
        }
        holds(page.done && i64::try_from(rows)? == page.total_size, rows)
    })
    .await;
    check("query.page-size", async {
        let page = client.query(all).header("Sforce-Query-Options", "batchSize=200").send().await?;
        holds(page.records.len() == 200, page.records.len())
    })
    .await;
    check("query.deleted", deleted(client)).await;
    check("query.children", children(client)).await;
    check("query.count", async {
        let count = client.query("SELECT COUNT() FROM Account").send().await?;
        holds(count.total_size >= 2500, count.total_size)
    })
    .await;
    check("query.aggregate", async {
        let soql = "SELECT Industry, COUNT(Id) total FROM Account GROUP BY Industry";
        let groups = client.query(soql).send().await?.records;
        holds(groups.len() > 1 && groups[0]["total"].is_u64(), groups)
    })
    .await;
    check("query.escaped", async {
        let name = "It's \\ \"quoted\" by core";
        client.create("Account", json!({ "Name": name })).send().await?;
        let soql = format!("SELECT Name FROM Account WHERE Name = {}", soql::quote(name));
        let found = client.query(soql).send().await?.records;
        holds(found.len() == 1 && found[0]["Name"] == name, found)
    })
    .await;
    check("query.search", async {
        client.create("Account", json!({ "Name": "Samarkand Silk" })).send().await?;
        let sosl = "FIND {Samarkand} IN NAME FIELDS RETURNING Account(Id, Name)";
        let found = client.search(sosl).await?.search_records;
        holds(found.len() == 1 && found[0].attributes.type_ == "Account", found)
    })
    .await;
}

async fn deleted(client: &Client) -> Result<(), Failure> {
    let made = client.create("Account", json!({ "Name": "Core deleted" })).send().await?.id;
    client.delete("Account", &made).send().await?;
    let soql = format!("SELECT Id, IsDeleted FROM Account WHERE Id = '{made}'");
    let live = client.query(&soql).send().await?.records;
    let all = client.query_all(&soql).send().await?.records;
    holds(live.is_empty() && all.len() == 1 && all[0]["IsDeleted"] == true, all)
}

async fn children(client: &Client) -> Result<(), Failure> {
    let made = client.create("Account", json!({ "Name": "Core people" })).send().await?.id;
    client.create("Contact", json!({ "LastName": "Child", "AccountId": made })).send().await?;
    let soql =
        format!("SELECT Id, (SELECT LastName FROM Contacts) FROM Account WHERE Id = '{made}'");
    let rows = client.query(soql).send().await?.records;
    holds(rows[0]["Contacts"]["records"][0]["LastName"] == "Child", rows)
}

/// One record at a time, and what was deleted in a window.
pub async fn records(client: &Client, org: &Org) {
    let made = check("record.create", async {
        let made = client.create("Account", json!({ "Name": "Made by core" })).send().await?;
        holds(made.success && made.errors.is_empty(), &made)?;
        Ok(made.id)
    })
    .await
    .unwrap_or_default();
    check("record.update", async {
        Ok(client.update("Account", &made, json!({ "Phone": "+1 555" })).send().await?)
    })
    .await;
    check("record.read", async {
        let whole = client.get("Account", &made).send().await?;
        let some = client.get("Account", &made).fields("Id,Phone").send().await?;
        holds(whole["Name"] == "Made by core" && some["Phone"] == "+1 555", &some)?;
        holds(some.get("Name").is_none(), some)
    })
    .await;
    check("record.read-by-key", async {
        let keyed = json!({ "Name": "Core keyed", "ERP_Key__c": "CO/RE 1" });
        let made = client.create("Account", keyed).send().await?.id;
        let row = client.get_by_external_id("Account", "ERP_Key__c", "CO/RE 1").send().await?;
        holds(row["Id"] == made.as_str(), row)
    })
    .await;
    check("record.delete", async {
        client.delete("Account", &made).send().await?;
        holds(org.row("Account", &made).await?.is_none(), "it is still there")
    })
    .await;
    check("replication.deleted", async {
        let window = Utc::now() - TimeDelta::hours(1)..Utc::now() + TimeDelta::minutes(2);
        let answer = client.get_deleted("Account", window).send().await?;
        let ids: Vec<&str> = answer.deleted_records.iter().map(|row| row.id.as_str()).collect();
        holds(ids.contains(&made.as_str()), ids)
    })
    .await;
}
