//! Taking rows out of the recycle bin again; only SOAP offers it to clients (SOAP API Developer Guide, `undelete()`).

use jiff::SignedDuration;
use serde_json::Value;

use crate::api::error::ApiError;
use crate::api::journal::{Change, Journal};
use crate::api::moments::read_datetime;
use crate::api::save::{check_unique, pointing_at, set_stamps};
use crate::api::transaction::Transaction;
use crate::describe::Traits;
use crate::ids;
use crate::org::Org;
use crate::rows::{RowId, Stored};
use crate::schema::{FieldType, Object};

/// How long a deleted row can be taken back (wire reference 5.2).
pub(crate) const RECYCLE_BIN: SignedDuration = SignedDuration::from_hours(15 * 24);

/// Takes a row out of the recycle bin, with the details that were deleted with it and the lookups that pointed to it.
///
/// # Errors
/// `INVALID_ID_FIELD` for a text that is no id of this org's objects, `INVALID_TYPE_FOR_OPERATION` for objects that
/// know no recycle bin, `UNDELETE_FAILED` for a row that does not lie there any more or whose master does, and
/// `DUPLICATE_VALUE` when another row took a unique value meanwhile. Nothing is changed then.
pub(crate) fn undelete(org: &mut Org, journal: &mut Journal, id: &str) -> Result<RowId, ApiError> {
    let mark = journal.mark();
    let now = org.clock.now();
    let mut transaction = Transaction::begin(org, journal);
    let object = id.get(..3).and_then(|prefix| transaction.schema.by_key_prefix(prefix));
    let (Some(object), Some(id)) = (object, ids::to_18(id)) else {
        return Err(ApiError::data("INVALID_ID_FIELD", format!("invalid ID field: {id}"), &["Id"]));
    };
    if !Traits::of(object).undeletable {
        let message = format!("entity type {} does not support undelete", object.name);
        return Err(ApiError::data("INVALID_TYPE_FOR_OPERATION", message, &[]));
    }
    let date = transaction.stored(object, &id).and_then(|stored| stored.deleted_date.clone());
    let deleted = date.as_deref().and_then(read_datetime);
    let Some(date) =
        date.filter(|_| deleted.is_some_and(|deleted| now.duration_since(deleted) < RECYCLE_BIN))
    else {
        return Err(failed("Entity is not in the recycle bin"));
    };
    let id = RowId::from(id);
    let restored = restore(&mut transaction, object, &id, &date, Change::Undeleted);
    if let Err(error) = restored {
        transaction.roll_back(mark);
        return Err(error);
    }
    Ok(id)
}

/// Puts one deleted row back and goes on with the details that were deleted in the same moment.
fn restore(
    transaction: &mut Transaction<'_>,
    object: &Object,
    id: &RowId,
    date: &str,
    change: Change,
) -> Result<(), ApiError> {
    let Some(stored) = transaction.stored(object, id) else { return Ok(()) };
    let mut row = stored.row.clone();
    check_masters(transaction, object, &row)?;
    check_unique(transaction, object, &row, Some(id))?;
    row.insert("IsDeleted".to_owned(), Value::Bool(false));
    row.remove("MasterRecordId");
    set_stamps(transaction, object, &mut row, &["LastModifiedDate", "SystemModstamp"]);
    transaction.put(object, id, Stored { row, deleted_date: None }, change);
    for (child, field) in pointing_at(transaction, object) {
        if !field.cascade_delete {
            continue;
        }
        for child_id in transaction.deleted_holding(child, field, id, date) {
            restore(transaction, child, &child_id, date, Change::SideEffect)?;
        }
    }
    restore_lookups(transaction, id);
    Ok(())
}

/// A detail cannot come back while its master is gone.
fn check_masters(
    transaction: &Transaction<'_>,
    object: &Object,
    row: &crate::rows::Row,
) -> Result<(), ApiError> {
    let masters = object.fields.iter().filter(|field| field.cascade_delete && !field.nillable);
    for field in masters.filter(|field| field.kind == FieldType::Reference) {
        let Some(master) = row.get(&field.name).and_then(Value::as_str) else { continue };
        let target = master.get(..3).and_then(|prefix| transaction.schema.by_key_prefix(prefix));
        let live = target.and_then(|target| transaction.stored(target, master));
        if live.is_none_or(|stored| stored.deleted_date.is_some()) {
            return Err(failed("The master record of this detail record is deleted"));
        }
    }
    Ok(())
}

/// Lookups that the deletion cleared point to the row again where nothing else was put in them.
fn restore_lookups(transaction: &mut Transaction<'_>, id: &RowId) {
    for cleared in transaction.setup.recycled_lookups.remove(&**id).unwrap_or_default() {
        let Some(object) = transaction.schema.object(&cleared.object) else { continue };
        let Some(stored) = transaction.stored(object, &cleared.id) else { continue };
        if stored.deleted_date.is_some() || stored.row.contains_key(&cleared.field) {
            continue;
        }
        let mut row = stored.row.clone();
        row.insert(cleared.field.clone(), Value::from(&**id));
        set_stamps(transaction, object, &mut row, &["SystemModstamp"]);
        let child = RowId::from(cleared.id.as_str());
        transaction.put(object, &child, Stored { row, deleted_date: None }, Change::SideEffect);
    }
}

fn failed(message: &str) -> ApiError {
    ApiError::data("UNDELETE_FAILED", message, &[])
}
