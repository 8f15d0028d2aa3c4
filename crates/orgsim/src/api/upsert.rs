//! Insert or update by an external id.

use serde_json::{Map, Value};

use crate::api::error::ApiError;
use crate::api::transaction::Transaction;
use crate::api::{save, values};
use crate::rows::RowId;
use crate::schema::{Field, FieldType, Object};

/// A saved row and whether it is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Upserted {
    pub(crate) id: RowId,
    pub(crate) created: bool,
}

/// Whether an upsert may insert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Insertion {
    Allowed,
    /// `updateOnly=true`.
    Refused,
}

/// Why an upsert did not happen.
#[derive(Debug)]
pub(crate) enum NotUpserted {
    /// Several rows hold the value.
    Several(Vec<RowId>),
    /// Nothing is there to update and inserting is refused.
    NoRow,
    /// The row was refused.
    Refused(ApiError),
}

impl From<ApiError> for NotUpserted {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

/// The field that rows of `object` can be named by: an external id, or a standard field of that kind.
///
/// # Errors
/// 404 `NOT_FOUND` for every other field.
pub(crate) fn key_field<'object>(
    object: &'object Object,
    name: &str,
) -> Result<&'object Field, ApiError> {
    object
        .field(name)
        .filter(|field| (field.external_id || field.id_lookup) && field.kind != FieldType::Id)
        .ok_or_else(|| ApiError::no_external_id(name))
}

/// Live rows that hold a key's value.
///
/// # Errors
/// When the value does not fit the field.
pub(crate) fn find(
    transaction: &Transaction<'_>,
    object: &Object,
    field: &Field,
    value: &Value,
) -> Result<Vec<RowId>, ApiError> {
    let value = values::fit(field, &values::read(field, value)?)?;
    if value.is_null() {
        let message = format!("{} not specified", field.name);
        return Err(ApiError::data("MISSING_ARGUMENT", message, &[]));
    }
    Ok(transaction.rows_holding(object, field, &value))
}

/// Updates the one row that holds the key, or inserts a row with it. `body` comes without the key.
///
/// # Errors
/// See [`NotUpserted`].
pub(crate) fn upsert(
    transaction: &mut Transaction<'_>,
    object: &Object,
    (field, value): (&Field, &Value),
    body: &Map<String, Value>,
    insertion: Insertion,
) -> Result<Upserted, NotUpserted> {
    let found = find(transaction, object, field, value)?;
    match (found.as_slice(), insertion) {
        ([id], _) => {
            let id = save::update(transaction, object, id, body)?;
            Ok(Upserted { id, created: false })
        }
        ([], Insertion::Allowed) => {
            let mut body = body.clone();
            body.insert(field.name.clone(), value.clone());
            let id = save::insert(transaction, object, &body, value.as_str())?;
            Ok(Upserted { id, created: true })
        }
        ([], Insertion::Refused) => Err(NotUpserted::NoRow),
        _ => Err(NotUpserted::Several(found)),
    }
}
