//! What REST does not have: undelete and merge, with the OAuth session (SOAP API Developer Guide, "Core Calls").
//!
//! SOAP's own `login()` is going and is not used. The session stands in the body, so the body is made anew for each attempt.

mod merge;
mod undelete;
mod value;

use bytes::Bytes;
use http::Method;
use quick_xml::escape::escape;
use secrecy::{ExposeSecret, SecretString};

use crate::client::{Call, Client};
use crate::error::{ApiError, Error, OriginalBody};
use crate::transport::Response;
use crate::xml::Element;

pub use crate::soap::merge::{MAX_LOSERS, MAX_MERGES, MergeRequest, MergeResult};
pub use crate::soap::undelete::MAX_UNDELETES;

/// The partner WSDL: one for all orgs, values as text.
const PARTNER: &str = "urn:partner.soap.sforce.com";
/// Its records.
const RECORDS: &str = "urn:sobject.partner.soap.sforce.com";

impl Client {
    /// Sends one operation and gives its results in order.
    async fn soap(&self, operation: &str, inner: &str) -> Result<Vec<Element>, Error> {
        let route = format!("Soap/u ({operation})");
        let path = format!("/services/Soap/u/{}", self.version());
        let body = format!("<p:{operation}>{inner}</p:{operation}>");
        let call = Call::new(Method::POST, path, route.as_str())
            .soap(body)
            .header("content-type", "text/xml; charset=UTF-8")?
            .header("accept", "text/xml")?
            .header("soapaction", "\"\"")?;
        let response = self.send(call).await?;
        results(&route, operation, &response)
    }
}

/// The whole document, with session and client mark in its head.
pub(crate) fn envelope(body: &str, token: &SecretString, mark: &str) -> Bytes {
    let (token, mark) = (escape(token.expose_secret()), escape(mark));
    Bytes::from(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
        <e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:p=\"{PARTNER}\" xmlns:r=\"{RECORDS}\">\
        <e:Header><p:SessionHeader><p:sessionId>{token}</p:sessionId></p:SessionHeader>\
        <p:CallOptions><p:client>{mark}</p:client></p:CallOptions></e:Header>\
        <e:Body>{body}</e:Body></e:Envelope>"
    ))
}

fn results(route: &str, operation: &str, response: &Response) -> Result<Vec<Element>, Error> {
    let unreadable = |reason: String| Error::Decode {
        call: route.to_owned(),
        reason,
        body: OriginalBody::of(&response.body),
    };
    let text = String::from_utf8_lossy(&response.body);
    let mut envelope = Element::parse(&text).map_err(unreadable)?;
    let mut inside = |name: &str| {
        let found = envelope.children.iter_mut().find(|child| child.name == name);
        let found = found.map(std::mem::take);
        envelope = found.ok_or_else(|| unreadable(format!("it has no {name}")))?;
        Ok::<(), Error>(())
    };
    inside("Body")?;
    inside(&format!("{operation}Response"))?;
    Ok(envelope.children.into_iter().filter(|child| child.name == "result").collect())
}

/// The errors of one result; never empty.
fn errors_of(route: &str, result: &Element) -> Result<Vec<ApiError>, Error> {
    let errors: Vec<ApiError> = result
        .all("errors")
        .map(|error| {
            let text = |name: &str| error.text_of(name).unwrap_or_default().to_owned();
            let fields: Vec<String> =
                error.all("fields").map(|field| field.text.trim().to_owned()).collect();
            let raw = serde_json::json!({
                "statusCode": text("statusCode"), "message": text("message"), "fields": fields,
            });
            ApiError { code: text("statusCode"), message: text("message"), fields, raw }
        })
        .collect();
    if errors.is_empty() {
        return Err(Error::mismatch(route, "a refused record without an error"));
    }
    Ok(errors)
}

#[cfg(test)]
mod tests;
