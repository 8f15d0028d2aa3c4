//! Records by id: one (`GET /sobjects/X/id`) or up to 2,000 (`POST /composite/sobjects/X`).
//!
//! REST API Developer Guide, "sObject Rows" and "Get Multiple Records with Fields (sObject Collections)".

use http::Method;
use isthmus_model::ids::RecordId;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::client::{Call, Client, decode, unreadable};
use crate::error::Error;
use crate::governor::{CallCause, Repeat};
use crate::row::{Row, RowShape};
use crate::soql::Name;

/// The most ids in one call.
pub const MAX_RETRIEVE: usize = 2000;

#[derive(Serialize)]
struct Wanted<'a> {
    ids: &'a [RecordId],
    fields: &'a [String],
}

impl Client {
    /// Up to [`MAX_RETRIEVE`] records of one object, in the order of `ids`; `None` for an id that does not exist or that
    /// the user may not see.
    ///
    /// # Errors
    /// [`Error::Invalid`] for too many ids; [`Error::Mismatch`] when the answer does not fit the ids.
    pub async fn retrieve(
        &self,
        object: &str,
        ids: &[RecordId],
        shape: &RowShape,
    ) -> Result<Vec<Option<Row>>, Error> {
        let route = "composite/sobjects (retrieve)";
        let object = Name::parse(object)?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        if ids.len() > MAX_RETRIEVE {
            return Err(Error::invalid(
                route,
                format!("{} ids, at most {MAX_RETRIEVE}", ids.len()),
            ));
        }
        let path = self.data_path(&format!("composite/sobjects/{object}"));
        let fields: Vec<String> = shape.fields().to_vec();
        let call = Call::new(Method::POST, path, route)
            .caused_by(CallCause::Read)
            .repeatable(Repeat::Freely)
            .json(&Wanted { ids, fields: &fields })?;
        let response = self.send(call).await?;
        let records: Vec<Option<&RawValue>> = serde_json::from_slice(&response.body)
            .map_err(|cause| unreadable(route, &response, &cause))?;
        if records.len() != ids.len() {
            let reason =
                format!("{} ids were asked for, {} records came", ids.len(), records.len());
            return Err(Error::mismatch(route, reason));
        }
        let in_place = records.into_iter().zip(ids);
        in_place
            .map(|(record, id)| record.map(|json| read_checked(shape, json, *id)).transpose())
            .collect()
    }

    /// One record.
    ///
    /// # Errors
    /// `NOT_FOUND` or `ENTITY_IS_DELETED` when it is not there.
    pub async fn get(&self, object: &str, id: RecordId, shape: &RowShape) -> Result<Row, Error> {
        let object = Name::parse(object)?;
        let fields = shape.fields().join(",");
        let path = self.data_path(&format!("sobjects/{object}/{id}?fields={fields}"));
        let response = self.send(Call::get(path, format!("sobjects/{object}/{{id}}"))).await?;
        let record: Box<RawValue> = decode("sobjects/{id}", &response)?;
        read_checked(shape, &record, id)
    }
}

/// Reads a record and makes sure that it is the one asked for.
fn read_checked(shape: &RowShape, json: &RawValue, id: RecordId) -> Result<Row, Error> {
    let row = shape.read(json)?;
    match row.id() {
        Some(answered) if answered != id => {
            Err(Error::mismatch("retrieve", format!("{id} was asked for, {answered} came")))
        }
        _ => Ok(row),
    }
}
