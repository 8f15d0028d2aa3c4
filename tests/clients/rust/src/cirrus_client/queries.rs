//! Queries and search.

use cirrus::{Cirrus, QueryOptions};
use futures_util::TryStreamExt as _;
use serde_json::{Value, json};

use crate::checks::{Failure, check, holds};

const ACCOUNTS: &str = "SELECT Id, Name, Owner.Name FROM Account ORDER BY Id";

/// Every kind of query that this client has a call for.
pub async fn queries(client: &Cirrus) {
    let first = check("query.page", async {
        let first = client.query(ACCOUNTS).await?;
        holds(!first.done && first.next_records_url.is_some(), first.total_size)?;
        Ok(first)
    })
    .await;
    check("query.parent", async {
        let row = first.as_ref().and_then(|page| page.records.first()).ok_or("no row")?;
        holds(row["Owner"]["Name"].is_string(), row)
    })
    .await;
    check("query.pages", async {
        let rows: Vec<Value> = client.query_stream(ACCOUNTS).try_collect().await?;
        holds(rows.len() >= 2500, rows.len())
    })
    .await;
    check("query.page-size", async {
        let options = QueryOptions::new().batch_size(200);
        let page = client.query_with_options(ACCOUNTS, &options).await?;
        holds(page.records.len() == 200, page.records.len())
    })
    .await;
    check("query.deleted", deleted(client)).await;
    check("query.children", children(client)).await;
    check("query.count", async {
        let count = client.query("SELECT COUNT() FROM Account").await?;
        holds(count.total_size >= 2500 && count.records.is_empty(), count.total_size)
    })
    .await;
    check("query.aggregate", async {
        let soql = "SELECT Industry, COUNT(Id) total FROM Account GROUP BY Industry";
        let groups = client.query(soql).await?.records;
        holds(groups.len() > 1 && groups[0]["total"].is_u64(), groups)
    })
    .await;
    check("query.search", async {
        client.sobject("Account").create(&json!({ "Name": "Kamchatka Fish" })).await?;
        let sosl = "FIND {Kamchatka} IN NAME FIELDS RETURNING Account(Id, Name)";
        let found = client.search(sosl).await?.search_records;
        holds(found.len() == 1 && found[0]["Name"] == "Kamchatka Fish", found)
    })
    .await;
    check("query.parameterized-search", async {
        let body =
            json!({ "q": "Kamchatka", "sobjects": [{ "name": "Account", "fields": ["Name"] }] });
        let found = client.parameterized_search(&body).await?.search_records;
        holds(found.len() == 1 && found[0]["Name"] == "Kamchatka Fish", found)
    })
    .await;
}

async fn deleted(client: &Cirrus) -> Result<(), Failure> {
    let account = client.sobject("Account");
    let made = account.create(&json!({ "Name": "Cirrus deleted" })).await?.id;
    account.delete(&made).await?;
    let soql = format!("SELECT Id, IsDeleted FROM Account WHERE Id = '{made}'");
    let live = client.query(&soql).await?.records;
    let all = client.query_all(&soql).await?.records;
    holds(live.is_empty() && all.len() == 1 && all[0]["IsDeleted"] == true, all)
}

async fn children(client: &Cirrus) -> Result<(), Failure> {
    let made = client.sobject("Account").create(&json!({ "Name": "Cirrus people" })).await?.id;
    client.sobject("Contact").create(&json!({ "LastName": "Child", "AccountId": made })).await?;
    let soql =
        format!("SELECT Id, (SELECT LastName FROM Contacts) FROM Account WHERE Id = '{made}'");
    let rows = client.query(&soql).await?.records;
    holds(rows[0]["Contacts"]["records"][0]["LastName"] == "Child", rows)
}
