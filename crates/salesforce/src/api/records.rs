//! Single records: create, update (with condition), upsert, get and delete by id or external id.
//!
//! REST API Developer Guide, "sObject Basic Information", "sObject Rows", "sObject Rows by External ID".

use http::{Method, StatusCode};
use isthmus_model::ids::RecordId;
use isthmus_model::schema::FieldName;
use isthmus_model::value::Value;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::client::{Call, Client, decode, http_date};
use crate::error::Error;
use crate::governor::Repeat;
use crate::row::{EncodedFields, Row, RowShape, path_segment};
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

/// What an upsert does where no record holds the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyMissing {
    /// It creates one.
    #[default]
    Create,
    /// It is refused (`updateOnly`).
    Refuse,
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
        let call = call.json(&EncodedFields::new(values)?)?.writing(self.write_options())?;
        let response = self.send(call).await?;
        Ok(decode::<Saved>(&route, &response)?.id)
    }

    /// Creates a record by the address that upserts use (`/sobjects/X/Id`): the answer is that of an upsert.
    ///
    /// # Errors
    /// As [`Client::create_record`].
    pub async fn create_by_id_path(
        &self,
        object: &str,
        values: &[(FieldName, Value)],
    ) -> Result<RecordId, Error> {
        let object = Name::parse(object)?;
        let route = format!("sobjects/{object}/Id");
        let call = Call::new(Method::POST, self.data_path(&route), route.as_str());
        let call = call.json(&EncodedFields::new(values)?)?.writing(self.write_options())?;
        let response = self.send(call).await?;
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
            .json(&EncodedFields::new(values)?)?
            .writing(self.write_options())?;
        if let Some(moment) = unmodified_since {
            call = call.header("if-unmodified-since", &http_date(moment)?)?;
        }
        match self.send(call).await {
            Ok(_) => Ok(Updated::Written),
            Err(error) if error.is_precondition_failed() && unmodified_since.is_some() => {
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
        self.upsert_record_or(KeyMissing::Create, object, key_field, key, values).await
    }

    /// As [`Client::upsert_record`], and says what happens where no record holds the key.
    ///
    /// # Errors
    /// As [`Client::upsert_record`]; `NOT_FOUND` when the key is missing and [`KeyMissing::Refuse`] was chosen.
    pub async fn upsert_record_or(
        &self,
        missing: KeyMissing,
        object: &str,
        key_field: &str,
        key: &str,
        values: &[(FieldName, Value)],
    ) -> Result<Upserted, Error> {
        let key_field = Name::parse(key_field)?;
        let (mut path, route) = self.by_key(object, &key_field, key)?;
        if missing == KeyMissing::Refuse {
            path.push_str("?updateOnly=true");
        }
        let body = EncodedFields::without(values, key_field.as_str())?;
        let call = Call::new(Method::PATCH, path, route.as_str()).repeatable(Repeat::Freely);
        let response = self.send(call.json(&body)?.writing(self.write_options())?).await?;
        let saved: Saved = decode(&route, &response)?;
        let created = saved.created.unwrap_or(response.status == StatusCode::CREATED);
        Ok(if created { Upserted::Created(saved.id) } else { Upserted::Updated(saved.id) })
    }

    /// The record that holds `key` in the external id field `key_field`.
    ///
    /// # Errors
    /// `NOT_FOUND` when there is none; `DUPLICATE_EXTERNAL_ID` (300) when several records hold the key.
    pub async fn get_by_key(
        &self,
        object: &str,
        key_field: &str,
        key: &str,
        shape: &RowShape,
    ) -> Result<Row, Error> {
        let (path, route) = self.by_key(object, &Name::parse(key_field)?, key)?;
        let path = format!("{path}?fields={}", shape.fields().join(","));
        let response = self.send(Call::get(path, route.as_str())).await?;
        let record: Box<RawValue> = decode(&route, &response)?;
        shape.read(&record)
    }

    /// Moves a record to the recycle bin.
    ///
    /// # Errors
    /// `ENTITY_IS_DELETED` when it is there already.
    pub async fn delete_record(&self, object: &str, id: RecordId) -> Result<(), Error> {
        let object = Name::parse(object)?;
        let path = self.data_path(&format!("sobjects/{object}/{id}"));
        let call = Call::new(Method::DELETE, path, format!("sobjects/{object}/{{id}}"));
        let call = call.repeatable(Repeat::UntilGone);
        self.send(call.writing(self.write_options())?).await?;
        Ok(())
    }

    /// Moves the record that holds `key` in the external id field `key_field` to the recycle bin.
    ///
    /// # Errors
    /// As [`Client::get_by_key`].
    pub async fn delete_by_key(
        &self,
        object: &str,
        key_field: &str,
        key: &str,
    ) -> Result<(), Error> {
        let (path, route) = self.by_key(object, &Name::parse(key_field)?, key)?;
        let call = Call::new(Method::DELETE, path, route);
        self.send(call.writing(self.write_options())?).await?;
        Ok(())
    }

    /// Address and route of the record that holds a key.
    fn by_key(&self, object: &str, key_field: &Name, key: &str) -> Result<(String, String), Error> {
        let object = Name::parse(object)?;
        let path = self.data_path(&format!("sobjects/{object}/{key_field}/{}", path_segment(key)?));
        Ok((path, format!("sobjects/{object}/{key_field}/{{key}}")))
    }
}

#[cfg(test)]
mod tests;
