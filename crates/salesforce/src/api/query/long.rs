//! A query too long for an address travels in the body of a composite call (wire reference 3).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::api::query::{PageHead, QueryOptions, QueryPage};
use crate::client::{Call, Client, unreadable};
use crate::error::{Error, errors_of_body};
use crate::governor::{CallCause, Repeat};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LongQuery<'a> {
    all_or_none: bool,
    composite_request: [Subrequest<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Subrequest<'a> {
    method: &'a str,
    url: &'a str,
    reference_id: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    http_headers: BTreeMap<&'a str, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    #[serde(borrow)]
    composite_response: Vec<Subresponse<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Subresponse<'a> {
    #[serde(borrow)]
    body: &'a RawValue,
    http_status_code: u16,
}

impl Client {
    pub(super) async fn long_query(
        &self,
        path: String,
        options: QueryOptions,
    ) -> Result<(QueryPage, Option<String>), Error> {
        let header = options.header().map(|value| ("Sforce-Query-Options", value));
        let subrequest = Subrequest {
            method: "GET",
            url: &path,
            reference_id: "query",
            http_headers: header.into_iter().collect(),
        };
        let body = LongQuery { all_or_none: false, composite_request: [subrequest] };
        let route = "composite(query)";
        let call = Call::new(http::Method::POST, self.data_path("composite"), route)
            .caused_by(CallCause::Read)
            .repeatable(Repeat::Freely)
            .json(&body)?;
        let response = self.send(call).await?;
        let answer: Answer<'_> = serde_json::from_slice(&response.body)
            .map_err(|cause| unreadable(route, &response, &cause))?;
        let [only] = answer.composite_response.as_slice() else {
            return Err(Error::mismatch(
                route,
                "one query was sent, another number of answers came",
            ));
        };
        let text = only.body.get();
        if !(200..300).contains(&only.http_status_code) {
            let errors = serde_json::from_str(text).map(|json| errors_of_body(&json));
            return match errors {
                Ok(errors) if !errors.is_empty() => {
                    Err(Error::Api { status: only.http_status_code, errors })
                }
                _ => Err(Error::decode(route, format!("status {}", only.http_status_code))),
            };
        }
        let head: PageHead = serde_json::from_str(text)
            .map_err(|cause| Error::decode(route, format!("{:?} error", cause.classify())))?;
        let start = text.as_ptr() as usize - response.body.as_ptr() as usize;
        let range = start..start + text.len();
        Ok(QueryPage::from_head(head, response.body.clone(), range))
    }
}
