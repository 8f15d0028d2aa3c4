//! Updates with a condition, 25 in one composite call (REST API Developer Guide, "Composite", "Conditional Requests").

use std::collections::BTreeMap;

use http::Method;
use isthmus_model::ids::RecordId;
use isthmus_model::schema::{FieldName, ObjectName};
use isthmus_model::value::Value;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::client::{Call, Client, decode, http_date};
use crate::error::{ApiError, Error, errors_of_body};
use crate::row::EncodedFields;
use crate::soql::Name;

/// The most subrequests in one call.
pub const MAX_SUBREQUESTS: usize = 25;

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

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CompositeRequest<'a> {
    pub(crate) all_or_none: bool,
    pub(crate) composite_request: Vec<Subrequest<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subrequest<'a> {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) reference_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<EncodedFields<'a>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) http_headers: BTreeMap<&'static str, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CompositeAnswer {
    composite_response: Vec<Subresponse>,
}

/// One part's answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subresponse {
    #[serde(default)]
    pub(crate) body: serde_json::Value,
    pub(crate) http_status_code: u16,
    reference_id: String,
}

impl Client {
    /// Updates up to [`MAX_SUBREQUESTS`] records, each only if it was not changed since; each on its own, one API call.
    ///
    /// # Errors
    /// [`Error::Invalid`] for too many; [`Error::Mismatch`] when the results do not fit.
    pub async fn update_if_unmodified(
        &self,
        updates: &[ConditionalUpdate],
    ) -> Result<Vec<ConditionalResult>, Error> {
        let parts = updates.iter().enumerate().map(|(index, update)| self.part(index, update));
        let parts = parts.collect::<Result<Vec<_>, Error>>()?;
        let answers = self.composite("composite (conditional update)", parts).await?;
        answers.iter().map(conditional_result).collect()
    }

    fn part<'a>(
        &self,
        index: usize,
        update: &'a ConditionalUpdate,
    ) -> Result<Subrequest<'a>, Error> {
        let object = Name::parse(&update.object)?;
        let condition = http_date(update.unmodified_since)?;
        Ok(Subrequest {
            method: "PATCH",
            url: self.data_path(&format!("sobjects/{object}/{}", update.id)),
            reference_id: reference(index),
            body: Some(EncodedFields::new(&update.values)?),
            http_headers: BTreeMap::from([("If-Unmodified-Since", condition)]),
        })
    }

    /// Sends the parts in one call and gives their answers in the order of the parts, tied by reference id.
    pub(crate) async fn composite(
        &self,
        route: &str,
        parts: Vec<Subrequest<'_>>,
    ) -> Result<Vec<Subresponse>, Error> {
        if parts.is_empty() {
            return Ok(Vec::new());
        }
        if parts.len() > MAX_SUBREQUESTS {
            let reason = format!("{} parts, at most {MAX_SUBREQUESTS}", parts.len());
            return Err(Error::invalid(route, reason));
        }
        let count = parts.len();
        let body = CompositeRequest { all_or_none: false, composite_request: parts };
        let call = Call::new(Method::POST, self.data_path("composite"), route).json(&body)?;
        let response = self.send(call).await?;
        let answer: CompositeAnswer = decode(route, &response)?;
        in_order(route, answer.composite_response, count)
    }
}

/// The reference id of a part: letters and digits only, as the API demands.
pub(crate) fn reference(index: usize) -> String {
    format!("part{index}")
}

fn in_order(
    route: &str,
    answers: Vec<Subresponse>,
    count: usize,
) -> Result<Vec<Subresponse>, Error> {
    let total = answers.len();
    let mut by_reference: BTreeMap<String, Subresponse> =
        answers.into_iter().map(|answer| (answer.reference_id.clone(), answer)).collect();
    if total != count || by_reference.len() != count {
        let reason = format!("{count} parts were sent, {total} answers came");
        return Err(Error::mismatch(route, reason));
    }
    let missing = |index| Error::mismatch(route, format!("no answer to part {index}"));
    (0..count)
        .map(|index| by_reference.remove(&reference(index)).ok_or_else(|| missing(index)))
        .collect()
}

fn conditional_result(answer: &Subresponse) -> Result<ConditionalResult, Error> {
    match answer.http_status_code {
        200..300 => Ok(ConditionalResult::Written),
        412 => Ok(ConditionalResult::ChangedMeanwhile),
        status => {
            let errors = errors_of_body(&answer.body);
            if errors.is_empty() {
                let reason = format!("status {status} without an error");
                return Err(Error::mismatch("composite", reason));
            }
            Ok(ConditionalResult::Refused(errors))
        }
    }
}

#[cfg(test)]
mod tests;
