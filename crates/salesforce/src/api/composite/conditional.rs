//! Updates with a condition, 25 in one composite call ("Conditional Requests").

use std::collections::BTreeMap;

use isthmus_model::ids::RecordId;
use isthmus_model::schema::{FieldName, ObjectName};
use isthmus_model::value::Value;
use jiff::Timestamp;

use crate::api::composite::{Subrequest, Subresponse, Together, raw, reference, refusal};
use crate::client::{Client, http_date};
use crate::error::{ApiError, Error};
use crate::row::EncodedFields;
use crate::soql::Name;

const ROUTE: &str = "composite (conditional update)";

/// One update that is to happen only if nobody changed the record meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionalUpdate {
    /// The object.
    pub object: ObjectName,
    /// The record.
    pub id: RecordId,
    /// The values.
    pub values: Vec<(FieldName, Value)>,
    /// The LastModifiedDate that was read; compared in whole seconds.
    pub unmodified_since: Timestamp,
}

/// What became of a conditional update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConditionalResult {
    /// The record holds the new values.
    Written,
    /// 412: the record was changed; nothing was written.
    ChangedMeanwhile,
    /// It was refused; never empty.
    Refused(Vec<ApiError>),
}

impl Client {
    /// Updates up to [`super::MAX_SUBREQUESTS`] records, each only if it was not changed since; each on its own, one API
    /// call.
    ///
    /// # Errors
    /// [`Error::Invalid`] for too many; [`Error::Mismatch`] when the results do not fit.
    pub async fn update_if_unmodified(
        &self,
        updates: &[ConditionalUpdate],
    ) -> Result<Vec<ConditionalResult>, Error> {
        let parts = updates.iter().enumerate().map(|(index, update)| self.part(index, update));
        let parts = parts.collect::<Result<Vec<_>, Error>>()?;
        let answers = self.composite(ROUTE, &parts, Together::Independent).await?;
        answers.iter().map(conditional_result).collect()
    }

    fn part(&self, index: usize, update: &ConditionalUpdate) -> Result<Subrequest, Error> {
        let object = Name::parse(&update.object)?;
        let mut http_headers =
            BTreeMap::from([("If-Unmodified-Since", http_date(update.unmodified_since)?)]);
        http_headers.extend(self.write_options().headers());
        Ok(Subrequest {
            method: "PATCH",
            url: self.data_path(&format!("sobjects/{object}/{}", update.id)),
            reference_id: reference(index),
            body: Some(raw(ROUTE, &EncodedFields::new(&update.values)?)?),
            http_headers,
        })
    }
}

fn conditional_result(answer: &Subresponse) -> Result<ConditionalResult, Error> {
    match answer.http_status_code {
        200..300 => Ok(ConditionalResult::Written),
        412 => Ok(ConditionalResult::ChangedMeanwhile),
        status => Ok(ConditionalResult::Refused(refusal(ROUTE, status, &answer.body)?)),
    }
}
