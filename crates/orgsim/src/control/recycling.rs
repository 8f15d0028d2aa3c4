//! Undelete, merge and hard delete through the control endpoint, as a user of the org does them in its own pages.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Refused, read};
use crate::api::error::ApiError;
use crate::api::journal::Journal;
use crate::api::transaction::Transaction;
use crate::api::{merge, save, undelete};
use crate::ids;
use crate::org::Org;
use crate::router::request::Request;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ids {
    ids: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Merge {
    object: String,
    master: String,
    losers: Vec<String>,
    #[serde(default)]
    fields: Map<String, Value>,
}

/// Takes rows out of the recycle bin.
pub(super) fn undelete_rows(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let wanted: Ids = read(request)?;
    for id in &wanted.ids {
        undelete::undelete(org, &mut Journal::default(), id).map_err(|error| told(&error))?;
    }
    Ok(json!({ "ids": wanted.ids }))
}

/// Deletes rows for good.
pub(super) fn erase_rows(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let wanted: Ids = read(request)?;
    for id in &wanted.ids {
        let mut journal = Journal::default();
        let mut transaction = Transaction::begin(org, &mut journal);
        let schema = transaction.schema;
        let object = id.get(..3).and_then(|prefix| schema.by_key_prefix(prefix));
        let object = object.ok_or_else(|| format!("{id} is no id of this org"))?;
        save::hard_delete(&mut transaction, object, id).map_err(|error| told(&error))?;
    }
    Ok(json!({ "ids": wanted.ids }))
}

/// Merges rows.
pub(super) fn merge_rows(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let wanted: Merge = read(request)?;
    let losers: Option<Vec<String>> = wanted.losers.iter().map(|id| ids::to_18(id)).collect();
    let losers = losers.ok_or("a loser is no id")?;
    let master = (wanted.master.as_str(), &wanted.fields);
    let merged = merge::merge(org, &mut Journal::default(), &wanted.object, master, &losers);
    let merged = merged.map_err(|error| told(&error))?;
    let texts = |ids: &[crate::rows::RowId]| -> Vec<String> {
        ids.iter().map(|id| id.to_string()).collect()
    };
    Ok(json!({
        "id": &*merged.master,
        "merged": texts(&merged.merged),
        "updated_related": texts(&merged.updated_related),
    }))
}

fn told(error: &ApiError) -> Refused {
    format!("{} {}: {}", error.status, error.code, error.message)
}
