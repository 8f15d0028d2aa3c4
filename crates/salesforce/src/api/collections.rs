//! Up to 200 records in one call: `/composite/sobjects` (REST API Developer Guide, "sObject Collections").
//!
//! Results come in the order of the rows (documented); count and ids are checked, so that no row gets another's result.

use http::Method;
use isthmus_model::ids::RecordId;
use isthmus_model::schema::{FieldName, ObjectName};
use isthmus_model::value::Value;
use serde::{Deserialize, Serialize};

use crate::client::{Call, Client, decode};
use crate::error::{ApiError, Error, errors_of_body};
use crate::row::EncodedFields;
use crate::soql::Name;

/// The most rows in one call.
pub const MAX_ROWS: usize = 200;
/// The most chunks in one call: a chunk is a stretch of rows of one object.
pub const MAX_CHUNKS: usize = 10;

/// A row to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateRow {
    /// The object.
    pub object: ObjectName,
    /// The values.
    pub values: Vec<(FieldName, Value)>,
}

/// A row to update by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateRow {
    /// The object.
    pub object: ObjectName,
    /// The record.
    pub id: RecordId,
    /// The values.
    pub values: Vec<(FieldName, Value)>,
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowResult {
    /// It was written.
    Written {
        /// The record.
        id: RecordId,
        /// It is new.
        created: bool,
    },
    /// It was refused; never empty.
    Refused(Vec<ApiError>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rows<'a> {
    all_or_none: bool,
    records: Vec<EncodedFields<'a>>,
}

#[derive(Deserialize)]
struct SaveResult {
    id: Option<String>,
    success: bool,
    #[serde(default)]
    created: Option<bool>,
    #[serde(default)]
    errors: serde_json::Value,
}

impl Client {
    /// Creates up to [`MAX_ROWS`] rows, each on its own (`allOrNone` false).
    ///
    /// # Errors
    /// [`Error::Invalid`] for too many rows or chunks; [`Error::Mismatch`] when the results do not fit the rows.
    pub async fn create_rows(&self, rows: &[CreateRow]) -> Result<Vec<RowResult>, Error> {
        let route = "composite/sobjects (create)";
        check_chunks(route, rows.iter().map(|row| row.object.as_str()))?;
        let records = rows.iter().map(|row| record(&row.object, &row.values, None));
        let records = records.collect::<Result<_, Error>>()?;
        let results = self.save(Method::POST, "composite/sobjects", route, records).await?;
        tie(route, results, rows.iter().map(|_| None), true)
    }

    /// Updates up to [`MAX_ROWS`] rows by id, each on its own.
    ///
    /// # Errors
    /// As [`Client::create_rows`]; [`Error::Invalid`] also when an id comes twice.
    pub async fn update_rows(&self, rows: &[UpdateRow]) -> Result<Vec<RowResult>, Error> {
        let route = "composite/sobjects (update)";
        check_chunks(route, rows.iter().map(|row| row.object.as_str()))?;
        check_distinct(route, rows.iter().map(|row| row.id))?;
        let records = rows.iter().map(|row| record(&row.object, &row.values, Some(row.id)));
        let records = records.collect::<Result<_, Error>>()?;
        let results = self.save(Method::PATCH, "composite/sobjects", route, records).await?;
        tie(route, results, rows.iter().map(|row| Some(row.id)), false)
    }

    /// Creates or updates up to [`MAX_ROWS`] rows of one object by an external id field. Each row's values hold the key.
    ///
    /// # Errors
    /// As [`Client::create_rows`]; [`Error::Invalid`] also for a row without key and for a key that comes twice.
    pub async fn upsert_rows(
        &self,
        object: &str,
        key_field: &str,
        rows: &[Vec<(FieldName, Value)>],
    ) -> Result<Vec<RowResult>, Error> {
        let route = "composite/sobjects (upsert)";
        let (name, key) = (Name::parse(object)?, Name::parse(key_field)?);
        check_chunks(route, rows.iter().map(|_| object))?;
        check_keys(route, key_field, rows)?;
        let records = rows.iter().map(|row| record(object, row, None));
        let records = records.collect::<Result<_, Error>>()?;
        let path = format!("composite/sobjects/{name}/{key}");
        let results = self.save(Method::PATCH, &path, route, records).await?;
        tie(route, results, rows.iter().map(|_| None), false)
    }

    /// Moves up to [`MAX_ROWS`] records to the recycle bin, each on its own.
    ///
    /// # Errors
    /// As [`Client::update_rows`].
    pub async fn delete_rows(&self, ids: &[RecordId]) -> Result<Vec<RowResult>, Error> {
        let route = "composite/sobjects (delete)";
        check_chunks(route, ids.iter().map(RecordId::key_prefix))?;
        check_distinct(route, ids.iter().copied())?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let joined = ids.iter().map(RecordId::as_str).collect::<Vec<_>>().join(",");
        let path = format!("composite/sobjects?ids={joined}&allOrNone=false");
        let call = Call::new(Method::DELETE, self.data_path(&path), route);
        let response = self.send(call.writing(self.write_options())?).await?;
        tie(route, decode(route, &response)?, ids.iter().copied().map(Some), false)
    }

    async fn save(
        &self,
        method: Method,
        path: &str,
        route: &str,
        records: Vec<EncodedFields<'_>>,
    ) -> Result<Vec<SaveResult>, Error> {
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let body = Rows { all_or_none: false, records };
        let call = Call::new(method, self.data_path(path), route).json(&body)?;
        let response = self.send(call.writing(self.write_options())?).await?;
        decode(route, &response)
    }
}

fn record<'a>(
    object: &'a str,
    values: &'a [(FieldName, Value)],
    id: Option<RecordId>,
) -> Result<EncodedFields<'a>, Error> {
    Name::parse(object)?;
    let encoded = EncodedFields::new(values)?.of_type(object);
    Ok(match id {
        Some(id) => encoded.with_id(id),
        None => encoded,
    })
}

/// Ties results to rows by position and refuses whatever does not fit.
fn tie(
    route: &str,
    results: Vec<SaveResult>,
    expected: impl ExactSizeIterator<Item = Option<RecordId>>,
    all_created: bool,
) -> Result<Vec<RowResult>, Error> {
    if results.len() != expected.len() {
        let reason = format!("{} rows were sent, {} results came", expected.len(), results.len());
        return Err(Error::mismatch(route, reason));
    }
    let pairs = results.into_iter().zip(expected);
    pairs.map(|(result, expected)| row_result(route, &result, expected, all_created)).collect()
}

fn row_result(
    route: &str,
    result: &SaveResult,
    expected: Option<RecordId>,
    all_created: bool,
) -> Result<RowResult, Error> {
    let id = result.id.as_deref().map(RecordId::parse).transpose();
    let id = id.map_err(|cause| Error::mismatch(route, cause))?;
    if let (Some(answered), Some(expected)) = (id, expected)
        && answered != expected
    {
        return Err(Error::mismatch(
            route,
            format!("{answered} answers in the place of {expected}"),
        ));
    }
    if result.success {
        let id =
            id.or(expected).ok_or_else(|| Error::mismatch(route, "a success without an id"))?;
        let created = result.created.unwrap_or(all_created);
        return Ok(RowResult::Written { id, created });
    }
    let errors = errors_of_body(&result.errors);
    if errors.is_empty() {
        return Err(Error::mismatch(route, "a refused row without an error"));
    }
    Ok(RowResult::Refused(errors))
}

/// At most 200 rows in at most 10 chunks of consecutive rows of one object.
fn check_chunks<'a>(route: &str, objects: impl Iterator<Item = &'a str>) -> Result<(), Error> {
    let (mut rows, mut chunks, mut last) = (0, 0, None);
    for object in objects {
        rows += 1;
        if last.is_none_or(|last: &str| !last.eq_ignore_ascii_case(object)) {
            chunks += 1;
        }
        last = Some(object);
    }
    if rows > MAX_ROWS || chunks > MAX_CHUNKS {
        let reason = format!("{rows} rows in {chunks} chunks, at most {MAX_ROWS} in {MAX_CHUNKS}");
        return Err(Error::invalid(route, reason));
    }
    Ok(())
}

fn check_distinct(route: &str, ids: impl Iterator<Item = RecordId>) -> Result<(), Error> {
    let mut seen = std::collections::BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(Error::invalid(route, format!("{id} comes twice in one call")));
        }
    }
    Ok(())
}

/// Each row names its key once, and no two rows the same: the org would refuse the second one or write it over the first.
fn check_keys(route: &str, key: &str, rows: &[Vec<(FieldName, Value)>]) -> Result<(), Error> {
    let mut seen = std::collections::BTreeSet::new();
    for row in rows {
        let found = row.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
        let value = found.map(|(_, value)| value).filter(|value| !value.is_blank());
        let value = value.ok_or_else(|| Error::invalid(route, format!("a row has no {key}")))?;
        if !seen.insert(value.display()) {
            return Err(Error::invalid(route, format!("two rows have the same {key}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
