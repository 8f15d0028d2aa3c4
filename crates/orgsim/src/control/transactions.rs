//! Transactions that stay open: their rows are written with the stamps of their start and seen only after the release.
//!
//! `POST /__orgsim/transaction` `{"since":"2026-11-20T10:00:00Z"}` or `{"since":null}` only holds `latestDateCovered`
//! back. `POST /__orgsim/transaction/hold` `{"object","rows":[…],"user_id"?}` writes rows as `POST /__orgsim/rows` does
//! and keeps them unseen; `POST /__orgsim/transaction/release` makes the rows of every held transaction visible, with
//! their old stamps, and lets `latestDateCovered` go on.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Refused, read, rows};
use crate::api::moments::stamp;
use crate::org::Org;
use crate::router::request::Request;
use crate::rows::{RowId, Stored};

/// Rows that were written in a transaction which is still open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// The start of the transaction.
    pub since: Timestamp,
    /// Object, id and the row as it will be.
    pub rows: Vec<(String, String, Stored)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Since {
    since: Option<Timestamp>,
}

/// Holds `latestDateCovered` back, or lets it go.
pub(super) fn set(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let transaction: Since = read(request)?;
    org.faults.open_transaction_since = transaction.since;
    Ok(json!({ "since": transaction.since.map(|since| since.to_string()) }))
}

/// Writes rows in a transaction that stays open.
pub(super) fn hold(org: &mut Org, request: &Request) -> Result<Value, Refused> {
    let before = org.tables.clone();
    let written = rows::write(org, request);
    let after = std::mem::replace(&mut org.tables, before);
    let written = written?;
    let mut held = Held { since: org.clock.now(), rows: Vec::new() };
    for (object, table) in &after {
        let known = org.tables.get(object);
        let changed = table.all().filter(|(id, stored)| {
            known.and_then(|known| known.stored(id)).is_none_or(|own| own != *stored)
        });
        held.rows.extend(changed.map(|(id, own)| (object.clone(), id.to_string(), own.clone())));
    }
    for (object, table) in &mut org.tables {
        // The ids that the open transaction used up are not given out again.
        if let Some((next, erased)) = after.get(object).map(crate::rows::Table::remains) {
            table.restore(next, erased);
        }
    }
    let since = org.faults.open_transaction_since.map_or(held.since, |own| own.min(held.since));
    org.faults.open_transaction_since = Some(since);
    org.faults.held_transactions.push(held);
    Ok(json!({ "since": stamp(since), "results": written["results"] }))
}

/// Commits every transaction that is held.
pub(super) fn release(org: &mut Org) -> Value {
    let held = std::mem::take(&mut org.faults.held_transactions);
    let mut count = 0;
    for (object, id, stored) in held.into_iter().flat_map(|own| own.rows) {
        if let Some(table) = org.tables.get_mut(&object) {
            table.put(&RowId::from(id), Some(stored));
            count += 1;
        }
    }
    org.faults.open_transaction_since = None;
    json!({ "released": count })
}
