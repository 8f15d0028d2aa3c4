//! Several requests in one call (REST API Developer Guide, "Composite", "Composite Graph", "sObject Tree").

pub mod conditional;
pub mod graph;
pub mod parts;
pub mod tree;

use std::collections::BTreeMap;

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::client::{Call, Client, decode};
use crate::error::{ApiError, Error, errors_of_body};
use crate::governor::{CallCause, Repeat};

/// The most subrequests in one call.
pub const MAX_SUBREQUESTS: usize = 25;
/// The most subrequests of one call that are queries or collections.
pub const MAX_LARGE_SUBREQUESTS: usize = 5;

/// What happens to the other parts when one fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Together {
    /// Each stands for itself.
    #[default]
    Independent,
    /// All or none are carried out (`allOrNone`).
    AllOrNone,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CompositeRequest<'a> {
    pub(crate) all_or_none: bool,
    pub(crate) composite_request: &'a [Subrequest],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subrequest {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) reference_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) http_headers: BTreeMap<&'static str, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CompositeAnswer {
    pub(crate) composite_response: Vec<Subresponse>,
}

/// One part's answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subresponse {
    #[serde(default)]
    pub(crate) body: serde_json::Value,
    pub(crate) http_status_code: u16,
    #[serde(default)]
    pub(crate) http_headers: BTreeMap<String, serde_json::Value>,
    pub(crate) reference_id: String,
}

impl Client {
    /// Sends the parts in one call and gives their answers in the order of the parts, tied by reference id.
    pub(crate) async fn composite(
        &self,
        route: &str,
        parts: &[Subrequest],
        together: Together,
    ) -> Result<Vec<Subresponse>, Error> {
        if parts.is_empty() {
            return Ok(Vec::new());
        }
        if parts.len() > MAX_SUBREQUESTS {
            let reason = format!("{} parts, at most {MAX_SUBREQUESTS}", parts.len());
            return Err(Error::invalid(route, reason));
        }
        let all_or_none = together == Together::AllOrNone;
        let body = CompositeRequest { all_or_none, composite_request: parts };
        let mut call = Call::new(Method::POST, self.data_path("composite"), route).json(&body)?;
        if parts.iter().all(|part| part.method == "GET") {
            call = call.caused_by(CallCause::Read).repeatable(Repeat::Freely);
        }
        let response = self.send(call).await?;
        let answer: CompositeAnswer = decode(route, &response)?;
        in_order(route, answer.composite_response, parts)
    }
}

/// The body of a part, written once.
pub(crate) fn raw(route: &str, body: &impl Serialize) -> Result<Box<RawValue>, Error> {
    serde_json::value::to_raw_value(body).map_err(|cause| Error::invalid(route, cause))
}

/// The reference id of a part: letters and digits only, as the API demands.
pub(crate) fn reference(index: usize) -> String {
    format!("part{index}")
}

/// The answers in the order of the parts; with collating the org answers in another one.
pub(crate) fn in_order(
    route: &str,
    answers: Vec<Subresponse>,
    parts: &[Subrequest],
) -> Result<Vec<Subresponse>, Error> {
    let (count, total) = (parts.len(), answers.len());
    let mut by_reference: BTreeMap<String, Subresponse> =
        answers.into_iter().map(|answer| (answer.reference_id.clone(), answer)).collect();
    if total != count || by_reference.len() != count {
        let reason = format!("{count} parts were sent, {total} answers came");
        return Err(Error::mismatch(route, reason));
    }
    let answer_to = |(index, part): (usize, &Subrequest)| {
        let answer = by_reference.remove(&part.reference_id);
        answer.ok_or_else(|| Error::mismatch(route, format!("no answer to part {index}")))
    };
    parts.iter().enumerate().map(answer_to).collect()
}

/// The errors of a part that was refused; never empty.
pub(crate) fn refusal(
    route: &str,
    status: u16,
    body: &serde_json::Value,
) -> Result<Vec<ApiError>, Error> {
    let errors = errors_of_body(body);
    if errors.is_empty() {
        return Err(Error::mismatch(route, format!("status {status} without an error")));
    }
    Ok(errors)
}

#[cfg(test)]
mod tests;
