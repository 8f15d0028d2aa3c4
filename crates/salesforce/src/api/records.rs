//! Single records: create, update (with condition), upsert by external id, delete.
//!
//! REST API Developer Guide, "sObject Basic Information", "sObject Rows", "sObject Rows by External ID".

use http::Method;
use isthmus_model::ids::RecordId;
use isthmus_model::schema::FieldName;
use isthmus_model::value::Value;
use jiff::Timestamp;
use serde::Deserialize;

use crate::client::{Call, Client, decode, http_date};
use crate::error::Error;
use crate::row::{EncodedFields, path_segment};
use crate::soql::Name;

/// What a single upsert did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upserted {
    /// A new record.
    Created(RecordId),
    /// The record that had the key.
    Updated(RecordId),
}

/// What became of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Updated {
    /// The record holds the new values.
    Written,
    /// 412: somebody changed the record after the given moment; nothing was written.
    ChangedMeanwhile,
}

#[derive(Deserialize)]
struct Saved {
    id: RecordId,
    #[serde(default)]
    created: Option<bool>,
}

impl Client {
    /// Creates a record. If the answer is lost nobody can tell whether it exists: prefer [`Client::upsert_record`].
    ///
    /// # Errors
    /// [`Error::Api`] when the org refuses it.
    pub async fn create_record(
        &self,
        object: &str,
        values: &[(FieldName, Value)],
    ) -> Result<RecordId, Error> {
        let object = Name::parse(object)?;
        let route = format!("sobjects/{object}");
        let call = Call::new(Method::POST, self.data_path(&route), route.as_str());
        let response = self.send(call.json(&EncodedFields::new(values)?)?).await?;
        Ok(decode::<Saved>(&route, &response)?.id)
    }

    /// Updates a record, with `unmodified_since` only if it was not changed after that moment (whole seconds).
    ///
    /// # Errors
    /// [`Error::Api`] when the org refuses it.
    pub async fn update_record(
        &self,
        object: &str,
        id: RecordId,
        values: &[(FieldName, Value)],
        unmodified_since: Option<Timestamp>,
    ) -> Result<Updated, Error> {
        let object = Name::parse(object)?;
        let path = self.data_path(&format!("sobjects/{object}/{id}"));
        let mut call = Call::new(Method::PATCH, path, format!("sobjects/{object}/{{id}}"))
            .json(&EncodedFields::new(values)?)?;
        if let Some(moment) = unmodified_since {
            call = call.header("if-unmodified-since", &http_date(moment)?)?;
        }
        match self.send(call).await {
            Ok(_) => Ok(Updated::Written),
            Err(Error::Api { status: 412, .. }) if unmodified_since.is_some() => {
                Ok(Updated::ChangedMeanwhile)
            }
            Err(error) => Err(error),
        }
    }

    /// Creates or updates the record that holds `key` in the external id field `key_field`. The key field is left out of
    /// `values` if it is there, as the API demands.
    ///
    /// # Errors
    /// `DUPLICATE_EXTERNAL_ID` (300) when several records hold the key.
    pub async fn upsert_record(
        &self,
        object: &str,
        key_field: &str,
        key: &str,
        values: &[(FieldName, Value)],
    ) -> Result<Upserted, Error> {
        let (object, key_field) = (Name::parse(object)?, Name::parse(key_field)?);
        let path = self.data_path(&format!("sobjects/{object}/{key_field}/{}", path_segment(key)?));
        let route = format!("sobjects/{object}/{key_field}/{{key}}");
        let body = EncodedFields::without(values, key_field.as_str())?;
        let call = Call::new(Method::PATCH, path, route.as_str()).json(&body)?;
        let response = self.send(call).await?;
        let saved: Saved = decode(&route, &response)?;
        let created = saved.created.unwrap_or(response.status == http::StatusCode::CREATED);
        Ok(if created { Upserted::Created(saved.id) } else { Upserted::Updated(saved.id) })
    }

    /// Moves a record to the recycle bin.
    ///
    /// # Errors
    /// `ENTITY_IS_DELETED` when it is there already.
    pub async fn delete_record(&self, object: &str, id: RecordId) -> Result<(), Error> {
        let object = Name::parse(object)?;
        let path = self.data_path(&format!("sobjects/{object}/{id}"));
        self.send(Call::new(Method::DELETE, path, format!("sobjects/{object}/{{id}}"))).await?;
        Ok(())
    }
}
