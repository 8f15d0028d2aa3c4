//! What changed and what is gone: getUpdated and getDeleted (REST API Developer Guide, "sObject Get Updated", "sObject Get Deleted").

use std::collections::BTreeMap;

use isthmus_model::ids::RecordId;
use jiff::Timestamp;
use serde::Deserialize;
use url::form_urlencoded;

use crate::api::composite::{Subrequest, Together, reference, refusal};
use crate::client::{Call, Client};
use crate::error::{ApiError, Error};
use crate::row::timestamp_of;
use crate::soql::Name;

/// Ids of one object that changed within a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdatedIds {
    /// The records, new ones included.
    pub ids: Vec<RecordId>,
    /// Everything up to here is complete: the start of the oldest transaction still running. Can lie before the window's end.
    pub latest_date_covered: Timestamp,
}

/// Records of one object that went away within a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedIds {
    /// The records and when they were deleted.
    pub records: Vec<(RecordId, Timestamp)>,
    /// Deletions before this are forgotten; if it lies after the window's start, only a full compare is safe.
    pub earliest_date_available: Timestamp,
    /// Everything up to here is complete.
    pub latest_date_covered: Timestamp,
}

/// One object's answer of [`Client::updated_of_many`].
pub type UpdatedAnswer = Result<UpdatedIds, Vec<ApiError>>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UpdatedBody {
    ids: Vec<RecordId>,
    latest_date_covered: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeletedBody {
    deleted_records: Vec<DeletedRecord>,
    earliest_date_available: String,
    latest_date_covered: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeletedRecord {
    id: RecordId,
    deleted_date: String,
}

impl Client {
    /// The ids that changed from `start` to `end` (30 days back at most, more than a minute apart, seconds ignored).
    ///
    /// # Errors
    /// `INVALID_REPLICATION_DATE` for a bad window, `EXCEEDED_ID_LIMIT` above 600,000 ids.
    pub async fn updated(
        &self,
        object: &str,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<UpdatedIds, Error> {
        let object = Name::parse(object)?;
        let path = self.window_path(&object, "updated", start, end);
        let body: UpdatedBody =
            self.fetch(Call::get(path, format!("sobjects/{object}/updated"))).await?;
        body.try_into()
    }

    /// The ids that were deleted from `start` to `end` (15 days back at most).
    ///
    /// # Errors
    /// As [`Client::updated`].
    pub async fn deleted(
        &self,
        object: &str,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<DeletedIds, Error> {
        let object = Name::parse(object)?;
        let path = self.window_path(&object, "deleted", start, end);
        let body: DeletedBody =
            self.fetch(Call::get(path, format!("sobjects/{object}/deleted"))).await?;
        body.try_into()
    }

    /// [`Client::updated`] for up to 25 objects (and their windows) in one API call, in the order given.
    ///
    /// # Errors
    /// [`Error`] for the call as a whole; an object's own refusal stands in its place.
    pub async fn updated_of_many(
        &self,
        windows: &[(&str, Timestamp, Timestamp)],
    ) -> Result<Vec<UpdatedAnswer>, Error> {
        let route = "composite (updated)";
        let part = |(index, (object, start, end)): (usize, &(&str, Timestamp, Timestamp))| {
            let object = Name::parse(object)?;
            let url = self.window_path(&object, "updated", *start, *end);
            let (reference_id, http_headers) = (reference(index), BTreeMap::new());
            Ok(Subrequest { method: "GET", url, reference_id, body: None, http_headers })
        };
        let parts = windows.iter().enumerate().map(part).collect::<Result<Vec<_>, Error>>()?;
        let mut answers = Vec::with_capacity(windows.len());
        for answer in self.composite(route, &parts, Together::Independent).await? {
            if (200..300).contains(&answer.http_status_code) {
                let body: UpdatedBody = serde_json::from_value(answer.body).map_err(|cause| {
                    Error::decode(route, format!("{:?} error", cause.classify()))
                })?;
                answers.push(Ok(body.try_into()?));
            } else {
                answers.push(Err(refusal(route, answer.http_status_code, &answer.body)?));
            }
        }
        Ok(answers)
    }

    fn window_path(&self, object: &Name, kind: &str, start: Timestamp, end: Timestamp) -> String {
        let encode = |moment: Timestamp| -> String {
            let text = moment.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string();
            form_urlencoded::byte_serialize(text.as_bytes()).collect()
        };
        let (start, end) = (encode(start), encode(end));
        self.data_path(&format!("sobjects/{object}/{kind}/?start={start}&end={end}"))
    }
}

fn moment(text: &str) -> Result<Timestamp, Error> {
    timestamp_of(text).ok_or_else(|| Error::decode("changes", "a date that is none"))
}

impl TryFrom<UpdatedBody> for UpdatedIds {
    type Error = Error;

    fn try_from(body: UpdatedBody) -> Result<Self, Error> {
        Ok(Self { ids: body.ids, latest_date_covered: moment(&body.latest_date_covered)? })
    }
}

impl TryFrom<DeletedBody> for DeletedIds {
    type Error = Error;

    fn try_from(body: DeletedBody) -> Result<Self, Error> {
        let record = |record: DeletedRecord| Ok((record.id, moment(&record.deleted_date)?));
        Ok(Self {
            records: body.deleted_records.into_iter().map(record).collect::<Result<_, Error>>()?,
            earliest_date_available: moment(&body.earliest_date_available)?,
            latest_date_covered: moment(&body.latest_date_covered)?,
        })
    }
}
