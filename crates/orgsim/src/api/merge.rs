//! Merging two or three rows into one; only SOAP offers it to clients (SOAP API Developer Guide, `merge()`).

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::api::error::ApiError;
use crate::api::journal::{Change, Journal};
use crate::api::save::{live_row, pointing_at, set_stamps, update};
use crate::api::transaction::Transaction;
use crate::describe::Traits;
use crate::org::Org;
use crate::rows::{RowId, Stored};
use crate::schema::Object;

/// Rows that one merge may take in beside the master.
const LOSERS_MAX: usize = 2;

/// What a merge did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Merged {
    /// The row that stays.
    pub(crate) master: RowId,
    /// The rows that went to the recycle bin; their `MasterRecordId` names the master.
    pub(crate) merged: Vec<RowId>,
    /// Rows that pointed to a merged one and point to the master now.
    pub(crate) updated_related: Vec<RowId>,
}

/// Merges `losers` into `master` and writes `fields` to it: everything that points to a loser is hung under the master,
/// and the losers go to the recycle bin with their `MasterRecordId` set.
///
/// # Errors
/// `INVALID_TYPE_FOR_OPERATION` for objects that cannot be merged, `INVALID_OPERATION` for a wrong number of rows or a
/// row merged with itself, and whatever reading or writing one of the rows answers. Nothing is changed then.
pub(crate) fn merge(
    org: &mut Org,
    journal: &mut Journal,
    object: &str,
    (master, fields): (&str, &Map<String, Value>),
    losers: &[String],
) -> Result<Merged, ApiError> {
    let mark = journal.mark();
    let mut transaction = Transaction::begin(org, journal);
    let schema = transaction.schema;
    let object = schema.object(object).ok_or_else(ApiError::no_resource)?;
    if !Traits::of(object).mergeable {
        let message = format!("entity type {} does not support merge", object.name);
        return Err(ApiError::data("INVALID_TYPE_FOR_OPERATION", message, &[]));
    }
    let outcome = carry_out(&mut transaction, object, (master, fields), losers);
    if outcome.is_err() {
        transaction.roll_back(mark);
    }
    outcome
}

fn carry_out(
    transaction: &mut Transaction<'_>,
    object: &Object,
    (master, fields): (&str, &Map<String, Value>),
    losers: &[String],
) -> Result<Merged, ApiError> {
    if losers.is_empty() || losers.len() > LOSERS_MAX {
        let message =
            format!("One or two records can be merged with a master, not {}", losers.len());
        return Err(ApiError::data("INVALID_OPERATION", message, &[]));
    }
    let (master, _) = live_row(transaction, object, master)?;
    let mut merged: Vec<RowId> = Vec::new();
    for loser in losers {
        let (loser, _) = live_row(transaction, object, loser)?;
        if loser == master || merged.contains(&loser) {
            let message = "A record cannot be merged with itself";
            return Err(ApiError::data("INVALID_OPERATION", message, &[]));
        }
        merged.push(loser);
    }
    let mut related = BTreeSet::new();
    for loser in &merged {
        reparent(transaction, object, loser, &master, &mut related);
        retire(transaction, object, loser, &master);
    }
    update(transaction, object, &master, fields)?;
    let updated_related = related.into_iter().filter(|id| !merged.contains(id)).collect();
    Ok(Merged { master, merged, updated_related })
}

/// Hangs everything that points to `loser` under `master`. A row is never hung under itself.
fn reparent(
    transaction: &mut Transaction<'_>,
    object: &Object,
    loser: &RowId,
    master: &RowId,
    related: &mut BTreeSet<RowId>,
) {
    for (child, field) in pointing_at(transaction, object) {
        if field.name == "MasterRecordId" {
            continue;
        }
        for id in transaction.rows_holding(child, field, &Value::from(&**loser)) {
            let Some(stored) = transaction.stored(child, &id) else { continue };
            let mut row = stored.row.clone();
            if id == *master {
                row.remove(&field.name);
            } else {
                row.insert(field.name.clone(), Value::from(&**master));
                related.insert(id.clone());
            }
            set_stamps(transaction, child, &mut row, &["SystemModstamp"]);
            let stored = Stored { row, deleted_date: None };
            transaction.put(child, &id, stored, Change::SideEffect);
        }
    }
}

fn retire(transaction: &mut Transaction<'_>, object: &Object, loser: &RowId, master: &RowId) {
    let Some(stored) = transaction.stored(object, loser) else { return };
    let mut row = stored.row.clone();
    row.insert("IsDeleted".to_owned(), Value::Bool(true));
    row.insert("MasterRecordId".to_owned(), Value::from(&**master));
    set_stamps(transaction, object, &mut row, &["LastModifiedDate", "SystemModstamp"]);
    let deleted_date = Some(transaction.stamp.clone());
    transaction.put(object, loser, Stored { row, deleted_date }, Change::Deleted);
}
