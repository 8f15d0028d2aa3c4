//! Deleting past the recycle bin, which only Bulk jobs offer (wire reference 7.1, `hardDelete`).

use serde_json::Value;

use crate::api::journal::Change;
use crate::api::save::pointing_at;
use crate::api::transaction::Transaction;
use crate::rows::RowId;
use crate::schema::Object;

/// Takes a row that [`crate::api::save::delete`] moved to the recycle bin out of the org, its details with it.
pub(crate) fn purge(transaction: &mut Transaction<'_>, object: &Object, id: &RowId) {
    let own = Value::from(&**id);
    for (child, field) in pointing_at(transaction, object) {
        if !field.cascade_delete {
            continue;
        }
        let table = transaction.table(child);
        for detail in table.find_for_org(&field.name, &own) {
            purge(transaction, child, &detail);
        }
    }
    transaction.erase(object, id, Change::SideEffect);
}
