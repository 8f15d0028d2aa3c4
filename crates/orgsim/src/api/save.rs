//! Insert, update and delete of one row.

use serde_json::{Map, Value};

use crate::api::error::ApiError;
use crate::api::input::{Changes, Intent, read};
use crate::api::journal::Change;
use crate::api::purge::purge;
use crate::api::transaction::Transaction;
use crate::api::{blobs, checks, currency, defaults, duplicates, people};
use crate::ids;
use crate::rows::{Row, RowId, Stored, text};
use crate::schema::{Field, FieldType, Object};
use crate::setup::RecycledLookup;

/// Inserts a row. `key` is what a row lock can name beside an id: the external id value of an upsert.
///
/// # Errors
/// Anything that is wrong with the fields, a duplicate value, a locked row. Nothing is changed then.
pub(crate) fn insert(
    transaction: &mut Transaction<'_>,
    object: &Object,
    body: &Map<String, Value>,
    key: Option<&str>,
) -> Result<RowId, ApiError> {
    if !object.createable {
        return Err(not_supported(object, "create"));
    }
    let changes = read(transaction, object, body, Intent::Insert)?;
    let mut row: Row = changes.clone();
    row.retain(|_, value| !value.is_null());
    people::shape(transaction, object, &changes, &mut row)?;
    defaults::fill(transaction, object, &changes, &mut row);
    checks::assign(transaction, object, &mut row);
    checks::automate(transaction, object, &mut row, None)?;
    currency::convert(transaction, object, &changes, &mut row, None)?;
    defaults::derive(transaction, object, &changes, &mut row);
    checks::check_rules(transaction, object, &changes, &row, None)?;
    duplicates::check(transaction, object, &row, None)?;
    check_unique(transaction, object, &row, None)?;
    transaction.lock(object, key)?;
    let id = transaction.table(object).next_id();
    row.insert("Id".to_owned(), Value::String(id.to_string()));
    let named_by_id = |field: &&Field| field.name_field && field.defaulted_on_create;
    if let Some(name) = object.fields.iter().find(named_by_id) {
        // Rows of custom objects that come without a name are named by their id.
        row.entry(name.name.clone()).or_insert_with(|| Value::String(id.to_string()));
    }
    blobs::store(transaction, object, &id, &changes, &mut row)?;
    transaction.put(object, &id, Stored { row, deleted_date: None }, Change::Inserted);
    people::follow(transaction, object, &id);
    blobs::follow(transaction, object, &id);
    Ok(id)
}

/// Updates a live row. Stamps move also when every value was there already.
///
/// # Errors
/// Like [`insert`]; `INVALID_CROSS_REFERENCE_KEY` and `ENTITY_IS_DELETED` (404) for the row itself.
pub(crate) fn update(
    transaction: &mut Transaction<'_>,
    object: &Object,
    id: &str,
    body: &Map<String, Value>,
) -> Result<RowId, ApiError> {
    if !object.updateable {
        return Err(not_supported(object, "update"));
    }
    let (id, before) = live_row(transaction, object, id)?;
    checks::check_access(transaction, object, &id, &before)?;
    let changes = read(transaction, object, body, Intent::Update)?;
    let mut row = before.clone();
    for (name, value) in &changes {
        if value.is_null() {
            row.remove(name);
        } else {
            row.insert(name.clone(), value.clone());
        }
    }
    people::shape(transaction, object, &changes, &mut row)?;
    checks::automate(transaction, object, &mut row, Some(&before))?;
    currency::convert(transaction, object, &changes, &mut row, Some(&before))?;
    defaults::derive(transaction, object, &changes, &mut row);
    checks::check_rules(transaction, object, &changes, &row, Some(&before))?;
    duplicates::check(transaction, object, &row, Some(&id))?;
    let touched = |field: &Field| row.get(&field.name) != before.get(&field.name);
    let unique: Row = object
        .fields
        .iter()
        .filter(|field| touched(field))
        .filter_map(|field| Some((field.name.clone(), row.get(&field.name)?.clone())))
        .collect();
    check_unique(transaction, object, &unique, Some(&id))?;
    transaction.lock(object, Some(&id))?;
    set_stamps(transaction, object, &mut row, &["LastModifiedDate", "SystemModstamp"]);
    if object.field("LastModifiedById").is_some() {
        row.insert("LastModifiedById".to_owned(), Value::String(transaction.user.id.clone()));
    }
    blobs::store(transaction, object, &id, &changes, &mut row)?;
    transaction.put(object, &id, Stored { row, deleted_date: None }, Change::Updated);
    people::follow(transaction, object, &id);
    Ok(id)
}

/// Moves a row to the recycle bin, its details with it; other lookups to it are cleared.
///
/// # Errors
/// `INVALID_CROSS_REFERENCE_KEY` and `ENTITY_IS_DELETED` (404) for the row itself, `DELETE_FAILED` where children
/// forbid it, a locked row.
pub(crate) fn delete(
    transaction: &mut Transaction<'_>,
    object: &Object,
    id: &str,
) -> Result<RowId, ApiError> {
    if !object.deletable {
        return Err(not_supported(object, "delete"));
    }
    let (id, row) = live_row(transaction, object, id)?;
    checks::check_access(transaction, object, &id, &row)?;
    check_children(transaction, object, &id, &row)?;
    transaction.lock(object, Some(&id))?;
    remove(transaction, object, &id, Change::Deleted);
    Ok(id)
}

/// Deletes a row for good: it does not go to the recycle bin, and queryAll does not find it. A row that lies in the bin
/// already is taken out of it.
///
/// # Errors
/// Like [`delete`], but a row in the recycle bin is no error.
pub(crate) fn hard_delete(
    transaction: &mut Transaction<'_>,
    object: &Object,
    id: &str,
) -> Result<RowId, ApiError> {
    let full = ids::to_18(id).ok_or_else(|| ApiError::no_row(404))?;
    let binned = transaction.stored(object, &full).is_some_and(|own| own.deleted_date.is_some());
    let id = if binned { RowId::from(full) } else { delete(transaction, object, &full)? };
    purge(transaction, object, &id);
    Ok(id)
}

/// A live row by an id as a caller sent it.
///
/// # Errors
/// 404 `INVALID_CROSS_REFERENCE_KEY` when there is none, 404 `ENTITY_IS_DELETED` when it was deleted.
pub(crate) fn live_row(
    transaction: &Transaction<'_>,
    object: &Object,
    id: &str,
) -> Result<(RowId, Row), ApiError> {
    let id = ids::to_18(id).ok_or_else(|| ApiError::no_row(404))?;
    match transaction.stored(object, &id) {
        None => Err(ApiError::no_row(404)),
        // Nobody learns from a write whether a row exists that sharing hides.
        Some(_) if transaction.is_concealed(object, &id) => Err(ApiError::no_row(404)),
        Some(stored) if stored.deleted_date.is_some() => Err(ApiError::is_deleted(404)),
        Some(stored) => Ok((RowId::from(id), stored.row.clone())),
    }
}

fn not_supported(object: &Object, what: &str) -> ApiError {
    let message = format!("entity type {} does not support {what}", object.name);
    ApiError::data("INVALID_TYPE_FOR_OPERATION", message, &[])
}

/// # Errors
/// `DUPLICATE_VALUE` when another live row holds a unique value of `row`.
pub(crate) fn check_unique(
    transaction: &Transaction<'_>,
    object: &Object,
    row: &Changes,
    own_id: Option<&str>,
) -> Result<(), ApiError> {
    for field in object.fields.iter().filter(|field| field.unique && field.kind != FieldType::Id) {
        let Some(value) = row.get(&field.name) else { continue };
        let holders = transaction.rows_holding(object, field, value);
        if let Some(other) = holders.iter().find(|id| Some(&***id) != own_id) {
            let hidden = transaction.is_concealed(object, other);
            let message = format!(
                "duplicate value found: {} duplicates value on record with id: {}",
                field.name,
                if hidden { "<unknown>" } else { other.get(..15).unwrap_or(other) }
            );
            return Err(ApiError::data("DUPLICATE_VALUE", message, &[]));
        }
    }
    Ok(())
}

/// Sets those of the named stamps that the object has to the moment of the transaction.
pub(crate) fn set_stamps(
    transaction: &Transaction<'_>,
    object: &Object,
    row: &mut Row,
    fields: &[&str],
) {
    for field in fields.iter().filter(|field| object.field(field).is_some()) {
        row.insert((*field).to_owned(), Value::String(transaction.stamp.clone()));
    }
}

fn remove(transaction: &mut Transaction<'_>, object: &Object, id: &RowId, change: Change) {
    let Some(stored) = transaction.stored(object, id).filter(|own| own.deleted_date.is_none())
    else {
        return;
    };
    let mut row = stored.row.clone();
    row.insert("IsDeleted".to_owned(), Value::Bool(true));
    set_stamps(transaction, object, &mut row, &["LastModifiedDate", "SystemModstamp"]);
    let deleted_date = Some(transaction.stamp.clone());
    transaction.put(object, id, Stored { row, deleted_date }, change);
    for (child, field) in pointing_at(transaction, object) {
        for child_id in transaction.rows_holding(child, field, &Value::String(id.to_string())) {
            if field.cascade_delete {
                remove(transaction, child, &child_id, Change::SideEffect);
            } else {
                clear(transaction, child, field, &child_id);
                let cleared = RecycledLookup {
                    object: child.name.clone(),
                    id: child_id.to_string(),
                    field: field.name.clone(),
                };
                let lookups = &mut transaction.setup.recycled_lookups;
                lookups.entry(id.to_string()).or_default().push(cleared);
            }
        }
    }
}

fn clear(transaction: &mut Transaction<'_>, object: &Object, field: &Field, id: &RowId) {
    let Some(stored) = transaction.stored(object, id) else { return };
    let mut row = stored.row.clone();
    row.remove(&field.name);
    // The system changed the row, not a user: only the system's stamp moves.
    set_stamps(transaction, object, &mut row, &["SystemModstamp"]);
    transaction.put(object, id, Stored { row, deleted_date: None }, Change::SideEffect);
}

fn check_children(
    transaction: &Transaction<'_>,
    object: &Object,
    id: &RowId,
    row: &Row,
) -> Result<(), ApiError> {
    for (child, field) in pointing_at(transaction, object) {
        if !field.restricted_delete {
            continue;
        }
        let held = transaction.rows_holding(child, field, &Value::String(id.to_string()));
        if held.is_empty() {
            continue;
        }
        let ids: Vec<&str> = held.iter().map(|id| &**id).collect();
        let message = format!(
            "Your attempt to delete {} could not be completed because it is associated with the following {}.: {}",
            text(row, "Name").unwrap_or(id),
            child.label_plural.to_lowercase(),
            ids.join(", ")
        );
        return Err(ApiError::data("DELETE_FAILED", message, &[]));
    }
    Ok(())
}

/// The fields of all objects that can hold an id of `object`.
pub(crate) fn pointing_at<'org>(
    transaction: &Transaction<'org>,
    object: &Object,
) -> Vec<(&'org Object, &'org Field)> {
    let fields = transaction
        .schema
        .objects
        .iter()
        .flat_map(|child| child.fields.iter().map(move |field| (child, field)));
    fields
        .filter(|(_, field)| field.kind == FieldType::Reference)
        .filter(|(_, field)| field.reference_to.contains(&object.name))
        .collect()
}
