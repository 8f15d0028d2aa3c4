//! One row of an ingest file written through the same path as every other write, and what became of it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::error::ApiError;
use crate::api::transaction::Transaction;
use crate::api::upsert::{Insertion, NotUpserted, key_field, upsert};
use crate::api::{purge, save, values};
use crate::bulk::layout::{Column, Layout, Line, value};
use crate::ids;
use crate::rows::RowId;
use crate::schema::{FieldType, Object};

/// What a job does with its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Operation {
    Insert,
    Update,
    /// By an external id, or by `Id`; the exact field name.
    Upsert(String),
    Delete,
    HardDelete,
}

impl Operation {
    /// The name in job bodies.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Upsert(_) => "upsert",
            Self::Delete => "delete",
            Self::HardDelete => "hardDelete",
        }
    }

    /// The column that a file must have.
    pub(crate) fn required_column(&self) -> Option<&str> {
        match self {
            Self::Insert => None,
            Self::Update | Self::Delete | Self::HardDelete => Some("Id"),
            Self::Upsert(key) => Some(key),
        }
    }
}

/// A row that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Written {
    pub(crate) id: RowId,
    pub(crate) created: bool,
}

/// A row that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refused {
    /// The row's id where it is known.
    pub(crate) id: Option<String>,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) fields: Vec<String>,
}

impl Refused {
    /// Why a line was refused.
    pub(crate) fn new(line: &Line, error: ApiError) -> Self {
        Self {
            id: line.id.as_deref().and_then(ids::to_18),
            code: error.code.to_owned(),
            message: error.message,
            fields: error.fields.unwrap_or_default(),
        }
    }

    /// The error as one CSV cell, `CODE:message:FIELD FIELD --` (wire reference 7.1).
    pub(crate) fn text(&self) -> String {
        let blank = if self.fields.is_empty() { "" } else { " " };
        format!("{}:{}:{}{blank}--", self.code, self.message, self.fields.join(" "))
    }
}

/// What one chunk has touched already, so that nothing is written twice in one call.
#[derive(Debug, Default)]
pub(crate) struct Seen(BTreeSet<String>);

/// Writes one line.
///
/// # Errors
/// Why the line is refused; nothing of it is written then.
pub(crate) fn write(
    transaction: &mut Transaction<'_>,
    object: &Object,
    operation: &Operation,
    line: &Line,
    seen: &mut Seen,
) -> Result<Written, ApiError> {
    let mark = transaction.journal.mark();
    let written = match operation {
        Operation::Insert => insert(transaction, object, line),
        Operation::Update => update(transaction, object, line, seen),
        Operation::Upsert(key) if key == "Id" => match &line.id {
            Some(_) => update(transaction, object, line, seen),
            None => insert(transaction, object, line),
        },
        Operation::Upsert(key) => upsert_one(transaction, object, key, line, seen),
        Operation::Delete => delete(transaction, object, line, seen),
        Operation::HardDelete => delete(transaction, object, line, seen).inspect(|written| {
            purge::purge(transaction, object, &written.id);
        }),
    };
    if written.is_err() {
        transaction.roll_back(mark);
    }
    written
}

fn insert(
    transaction: &mut Transaction<'_>,
    object: &Object,
    line: &Line,
) -> Result<Written, ApiError> {
    if line.id.is_some() {
        let message = "cannot specify Id in an insert call";
        return Err(ApiError::data("INVALID_FIELD_FOR_INSERT_UPDATE", message, &["Id"]));
    }
    let id = save::insert(transaction, object, &line.body, None)?;
    Ok(Written { id, created: true })
}

fn update(
    transaction: &mut Transaction<'_>,
    object: &Object,
    line: &Line,
    seen: &mut Seen,
) -> Result<Written, ApiError> {
    let id = own_id(object, line, "Id not specified in an update call", seen)?;
    let id = save::update(transaction, object, &id, &line.body)?;
    Ok(Written { id, created: false })
}

fn delete(
    transaction: &mut Transaction<'_>,
    object: &Object,
    line: &Line,
    seen: &mut Seen,
) -> Result<Written, ApiError> {
    let id = own_id(object, line, "Id not specified in a delete call", seen)?;
    let id = save::delete(transaction, object, &id)?;
    Ok(Written { id, created: false })
}

fn upsert_one(
    transaction: &mut Transaction<'_>,
    object: &Object,
    key: &str,
    line: &Line,
    seen: &mut Seen,
) -> Result<Written, ApiError> {
    let field = key_field(object, key)?;
    let mut body = line.body.clone();
    let value = body.remove(&field.name).unwrap_or(Value::Null);
    let shown = value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_owned());
    let compared = if field.case_sensitive { shown.clone() } else { shown.to_lowercase() };
    if !value.is_null() && !seen.0.insert(compared) {
        let message = format!("Duplicate external id specified: {shown}");
        return Err(ApiError::data("DUPLICATE_VALUE", message, &[&field.name]));
    }
    let saved = upsert(transaction, object, (field, &value), &body, Insertion::Allowed);
    saved.map(|saved| Written { id: saved.id, created: saved.created }).map_err(|not| match not {
        NotUpserted::Several(rows) => {
            let ids: Vec<&str> = rows.iter().map(|id| &**id).collect();
            let message =
                format!("more than one record found for external id field: [{}]", ids.join(", "));
            ApiError::data("DUPLICATE_EXTERNAL_ID", message, &[&field.name])
        }
        NotUpserted::NoRow => ApiError::no_row(404),
        NotUpserted::Refused(error) => error,
    })
}

fn own_id(
    object: &Object,
    line: &Line,
    missing: &str,
    seen: &mut Seen,
) -> Result<String, ApiError> {
    let Some(id) = &line.id else {
        return Err(ApiError::data("MISSING_ARGUMENT", missing, &[]));
    };
    let full = ids::to_18(id).filter(|full| full.starts_with(&object.key_prefix));
    let full =
        full.ok_or_else(|| ApiError::malformed_id(&format!("{} ID", object.label), id, "Id"))?;
    if !seen.0.insert(full.clone()) {
        let message = format!("duplicate id in list: {full}");
        return Err(ApiError::data("DUPLICATE_VALUE", message, &["Id"]));
    }
    Ok(full)
}

/// A cell that is no value of its field's type is named by its column, as the CSV reader of the service does.
pub(crate) fn worded(
    object: &Object,
    layout: &Layout,
    cells: &[Cow<'_, str>],
    error: ApiError,
) -> ApiError {
    if !error.ends_request() {
        return error;
    }
    let columns = layout.columns.iter().zip(cells).enumerate();
    let culprit = columns.into_iter().find_map(|(place, (column, cell))| {
        let Column::Field { name, kind } = column else { return None };
        let field = object.field(name)?;
        let unreadable = !cell.is_empty() && values::read(field, &value(*kind, cell)).is_err();
        unreadable.then_some((place, name, *kind, cell))
    });
    let Some((place, name, kind, cell)) = culprit else { return error };
    let message = format!(
        "Failed to deserialize field at col {place}. Due to, '{cell}' is not a valid value for the type {}",
        soap_type(kind)
    );
    ApiError::data("INVALID_FIELD", message, &[name])
}

/// Describe's `soapType` of what a cell can be.
fn soap_type(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Boolean => "xsd:boolean",
        FieldType::Int => "xsd:int",
        FieldType::Long => "xsd:long",
        FieldType::Double | FieldType::Currency | FieldType::Percent => "xsd:double",
        FieldType::Date => "xsd:date",
        FieldType::DateTime => "xsd:dateTime",
        FieldType::Time => "xsd:time",
        _ => "xsd:string",
    }
}
