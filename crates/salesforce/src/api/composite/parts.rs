//! Any requests together, each with headers of its own ("Composite").
//!
//! A later part may use an earlier one's answer (`@{ref.id}`). One call of the API's daily limit, however many parts.

use std::collections::BTreeMap;
use std::fmt;

use http::Method;
use isthmus_model::schema::FieldName;
use isthmus_model::value::Value;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::api::composite::{
    MAX_LARGE_SUBREQUESTS, Subrequest, Subresponse, Together, raw, refusal,
};
use crate::client::Client;
use crate::error::{ApiError, Error};
use crate::row::EncodedFields;

const ROUTE: &str = "composite";

/// Headers that belong to the call as a whole (documented).
const NOT_PER_PART: [&str; 3] = ["accept", "authorization", "content-type"];

/// One request of several. `Debug` shows neither body nor headers.
#[derive(Clone)]
pub struct Part {
    method: &'static str,
    path: String,
    reference: String,
    body: Option<Box<RawValue>>,
    headers: BTreeMap<&'static str, String>,
}

/// What a part answered.
#[derive(Debug, Clone, PartialEq)]
pub struct PartAnswer {
    /// The part's own status.
    pub status: u16,
    /// Its headers (`Location`, `ETag`).
    pub headers: BTreeMap<String, String>,
    /// Its body; null where there is none.
    pub body: Json,
}

impl fmt::Debug for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Part({} {})", self.method, self.path)
    }
}

impl Part {
    /// A request below `/services/data/vXX.X/`; `path` begins without a slash and is encoded already.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a method that no part may have, a reference that is not of letters, digits and `_`, or a path
    /// that leaves the API.
    pub fn new(method: &Method, path: &str, reference: &str) -> Result<Self, Error> {
        let method = match *method {
            Method::GET => "GET",
            Method::POST => "POST",
            Method::PATCH => "PATCH",
            Method::DELETE => "DELETE",
            _ => return Err(Error::invalid(ROUTE, format!("{method} is no method of a part"))),
        };
        let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        if reference.is_empty() || !reference.chars().all(plain) {
            let reason = format!("{reference:?} is no reference: letters, digits and _ only");
            return Err(Error::invalid(ROUTE, reason));
        }
        if path.starts_with('/') || path.contains("..") || path.contains("://") {
            return Err(Error::invalid(ROUTE, "a part's path stays below the API's own"));
        }
        let (path, reference) = (path.to_owned(), reference.to_owned());
        Ok(Self { method, path, reference, body: None, headers: BTreeMap::new() })
    }

    /// The same part with a record's values as its body.
    ///
    /// # Errors
    /// [`Error::Invalid`] for values that cannot be written.
    pub fn with_values(mut self, values: &[(FieldName, Value)]) -> Result<Self, Error> {
        self.body = Some(raw(ROUTE, &EncodedFields::new(values)?)?);
        Ok(self)
    }

    /// The same part with any body.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a body that cannot be written.
    pub fn with_body(mut self, body: &Json) -> Result<Self, Error> {
        self.body = Some(raw(ROUTE, body)?);
        Ok(self)
    }

    /// The same part with a header of its own; such a part is not collated with its neighbours.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a header that belongs to the whole call.
    pub fn with_header(mut self, name: &'static str, value: &str) -> Result<Self, Error> {
        if NOT_PER_PART.iter().any(|fixed| fixed.eq_ignore_ascii_case(name)) {
            return Err(Error::invalid(ROUTE, format!("{name} belongs to the whole call")));
        }
        self.headers.insert(name, value.to_owned());
        Ok(self)
    }

    /// True for an address below `sobjects`: all that a graph may hold.
    pub(super) fn is_of_a_record(&self) -> bool {
        self.path.starts_with("sobjects/")
    }

    fn is_large(&self) -> bool {
        ["query", "composite/sobjects"].iter().any(|front| self.path.starts_with(front))
    }
}

impl Client {
    /// Sends up to 25 parts, of which 5 may be queries or collections, in one call; answers in the order of the parts.
    ///
    /// # Errors
    /// [`Error::Invalid`] for too many parts or a reference that comes twice; [`Error::Mismatch`] when the answers do not
    /// fit the parts. A part's own refusal stands in its answer ([`PartAnswer::refusal`]).
    pub async fn composite_of(
        &self,
        parts: &[Part],
        together: Together,
    ) -> Result<Vec<PartAnswer>, Error> {
        check(parts)?;
        let parts: Vec<Subrequest> = parts.iter().map(|part| self.subrequest(part)).collect();
        let answers = self.composite(ROUTE, &parts, together).await?;
        Ok(answers.into_iter().map(PartAnswer::from).collect())
    }

    /// A part as it is sent: a write carries this client's write options, unless it says otherwise itself.
    pub(super) fn subrequest(&self, part: &Part) -> Subrequest {
        let mut http_headers = part.headers.clone();
        if part.method != "GET" {
            for (name, value) in self.write_options().headers() {
                let own = http_headers.keys().any(|own| own.eq_ignore_ascii_case(name));
                if !own {
                    http_headers.insert(name, value);
                }
            }
        }
        Subrequest {
            method: part.method,
            url: self.data_path(&part.path),
            reference_id: part.reference.clone(),
            body: part.body.clone(),
            http_headers,
        }
    }
}

impl PartAnswer {
    /// Why the part was refused; empty for one that was carried out.
    ///
    /// # Errors
    /// [`Error::Mismatch`] for a refusal without an error.
    pub fn refusal(&self) -> Result<Vec<ApiError>, Error> {
        if self.status < 400 {
            return Ok(Vec::new());
        }
        refusal(ROUTE, self.status, &self.body)
    }
}

impl From<Subresponse> for PartAnswer {
    fn from(answer: Subresponse) -> Self {
        let text = |value: Json| match value {
            Json::String(text) => text,
            other => other.to_string(),
        };
        let headers = answer.http_headers.into_iter().map(|(name, value)| (name, text(value)));
        Self { status: answer.http_status_code, headers: headers.collect(), body: answer.body }
    }
}

pub(super) fn check(parts: &[Part]) -> Result<(), Error> {
    let large = parts.iter().filter(|part| part.is_large()).count();
    if large > MAX_LARGE_SUBREQUESTS {
        let reason = format!("{large} queries and collections, at most {MAX_LARGE_SUBREQUESTS}");
        return Err(Error::invalid(ROUTE, reason));
    }
    let mut seen = std::collections::BTreeSet::new();
    match parts.iter().find(|part| !seen.insert(part.reference.as_str())) {
        Some(twice) => {
            Err(Error::invalid(ROUTE, format!("the reference {} comes twice", twice.reference)))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
