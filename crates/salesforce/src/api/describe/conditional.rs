//! Describes that are sent again only when they have changed (REST API Developer Guide, "Conditional Requests").

use http::header::{ETAG, LAST_MODIFIED};
use http::{HeaderName, StatusCode};
use isthmus_model::schema::ObjectSchema;
use serde::{Deserialize, Serialize};

use crate::api::describe::{Described, GlobalDescribe, ObjectSummary};
use crate::client::{Call, Client, decode};
use crate::error::Error;
use crate::soql::Name;
use crate::transport::Response;

/// What an answer said of its own age: given back with the next question. Empty, it asks for the whole answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Validators {
    /// `Last-Modified`, as it came. Describes are compared by it.
    pub last_modified: Option<String>,
    /// `ETag`, as it came; the API compares it for account rows alone.
    pub etag: Option<String>,
}

/// An answer to a question that named what is known already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conditional<T> {
    /// 304: what is known is still true.
    Unchanged,
    /// It is new, or nothing was known.
    Changed {
        /// The answer.
        answer: T,
        /// What to name the next time.
        validators: Validators,
    },
}

impl Client {
    /// One object with its fields, unless it is as it was.
    ///
    /// # Errors
    /// As [`Client::describe`].
    pub async fn describe_if_changed(
        &self,
        object: &str,
        known: &Validators,
    ) -> Result<Conditional<ObjectSchema>, Error> {
        let object = Name::parse(object)?;
        let route = format!("sobjects/{object}/describe");
        let answer = self.if_changed::<Described>(&route, known).await?;
        Ok(answer.map(ObjectSchema::from))
    }

    /// All objects, unless they are as they were.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn describe_global_if_changed(
        &self,
        known: &Validators,
    ) -> Result<Conditional<Vec<ObjectSummary>>, Error> {
        let answer = self.if_changed::<GlobalDescribe>("sobjects", known).await?;
        Ok(answer.map(|global| global.sobjects))
    }

    async fn if_changed<T: serde::de::DeserializeOwned>(
        &self,
        route: &str,
        known: &Validators,
    ) -> Result<Conditional<T>, Error> {
        let mut call = Call::get(self.data_path(route), route);
        if let Some(moment) = &known.last_modified {
            call = call.header("if-modified-since", moment)?;
        }
        let response = self.send(call).await?;
        if response.status == StatusCode::NOT_MODIFIED && known.last_modified.is_some() {
            return Ok(Conditional::Unchanged);
        }
        let answer = decode(route, &response)?;
        Ok(Conditional::Changed { answer, validators: Validators::of(&response) })
    }
}

impl Validators {
    fn of(response: &Response) -> Self {
        let text = |name: HeaderName| {
            response.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        Self { last_modified: text(LAST_MODIFIED), etag: text(ETAG) }
    }
}

impl<T> Conditional<T> {
    /// The same with another answer.
    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Conditional<U> {
        match self {
            Self::Unchanged => Conditional::Unchanged,
            Self::Changed { answer, validators } => {
                Conditional::Changed { answer: change(answer), validators }
            }
        }
    }
}
