//! What went wrong, whether the org may have acted all the same, its class and its remedy.

mod api;
mod auth;
mod body;
pub mod codes;
mod duplicates;
mod fault;
mod original;
mod trigger;

use isthmus_model::cause::Cause;
use serde::{Deserialize, Serialize};

use crate::bulk::BulkError;
pub use crate::error::api::ApiError;
pub use crate::error::auth::AuthError;
pub(crate) use crate::error::body::{error_of_response, errors_of_body, excerpt};
pub use crate::error::duplicates::{DuplicateMatch, DuplicateRecord, DuplicateResult};
pub use crate::error::original::{MAX_KEPT_BYTES, OriginalBody};
pub use crate::error::trigger::{TriggerFailure, Underneath};
use crate::governor::Held;
use crate::host::HostError;
use crate::transport::TransportError;

/// Everything a call can end with other than its answer.
///
/// The texts of [`Error::Api`] are the org's own and can quote record values: show them, never log them.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// No answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The org refused, in its own words.
    #[error("{}", first_text(.errors, *.status))]
    Api {
        /// The HTTP status.
        status: u16,
        /// One or more errors; never empty.
        errors: Vec<ApiError>,
    },
    /// Something before the API answered: a maintenance page, an edge server, a proxy.
    #[error(
        "the org answered {status} without readable JSON ({excerpt}); it may be down for maintenance"
    )]
    NotJson {
        /// The HTTP status.
        status: u16,
        /// The beginning of the text, tags removed; "empty" where there is none.
        excerpt: String,
        /// What came, bounded.
        body: OriginalBody,
    },
    /// There is no session, and none can be had without a person.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// An address on another host; nothing was sent there.
    #[error(transparent)]
    ForeignHost(#[from] HostError),
    /// Not sent: the budget or the org's own daily limit leaves nothing for it.
    #[error(transparent)]
    Held(#[from] Held),
    /// A Bulk job that did not end as it should.
    #[error(transparent)]
    Bulk(#[from] BulkError),
    /// A JSON answer of another shape than documented.
    #[error("the answer of {call} could not be read: {reason}; report this with the API version")]
    Decode {
        /// Which call.
        call: String,
        /// What was wrong; names fields and positions, no values.
        reason: String,
        /// What came, bounded.
        body: OriginalBody,
    },
    /// The results cannot be tied to the rows that were sent: what became of them is unknown.
    #[error(
        "the results of {call} do not fit the rows sent: {reason}; each row is read back before anything is sent again"
    )]
    Mismatch {
        /// Which call.
        call: String,
        /// What does not fit.
        reason: String,
    },
    /// The call cannot be sent as it is (too many rows, a name that is none); nothing was sent.
    #[error("{call} cannot be sent: {reason}")]
    Invalid {
        /// Which call.
        call: String,
        /// What is wrong, and what would be right.
        reason: String,
    },
}

/// What to do about an error (wire reference 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorClass {
    /// It may pass by itself: try again after a pause, with fewer rows where there are several.
    Retry,
    /// The session is over: a new token, then once more.
    Reauthenticate,
    /// This row's data: hold the row, go on with the others.
    RowData,
    /// Permissions or set-up of the org: the object cannot go on before an admin acts.
    Configuration,
    /// A limit of the org is used up: pause.
    Limit,
    /// The run cannot go on.
    Stop,
    /// An error this build does not know.
    Unknown,
}

impl Error {
    /// The class of the (first) error.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::Transport(cause) if cause.is_permanent() => ErrorClass::Stop,
            Self::Transport(_) => ErrorClass::Retry,
            Self::Api { errors, .. } => errors.first().map_or(ErrorClass::Unknown, ApiError::class),
            // 406 and 420 come from the edge and pass; any other 4xx page means that something else answers.
            Self::NotJson { status: 406 | 420 | 429 | 500.., .. } => ErrorClass::Retry,
            Self::NotJson { status: ..300, .. } => ErrorClass::Retry,
            Self::NotJson { status: 401, .. } => ErrorClass::Reauthenticate,
            Self::NotJson { .. } => ErrorClass::Stop,
            Self::Auth(cause) if cause.is_terminal() => ErrorClass::Stop,
            Self::Auth(_) => ErrorClass::Retry,
            Self::Held(_) => ErrorClass::Limit,
            Self::Bulk(cause) => cause.class(),
            Self::ForeignHost(_) | Self::Invalid { .. } => ErrorClass::Stop,
            Self::Decode { .. } | Self::Mismatch { .. } => ErrorClass::Unknown,
        }
    }

    /// True when trying the same again cannot help before somebody changes something.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        !matches!(self.class(), ErrorClass::Retry | ErrorClass::Limit | ErrorClass::Reauthenticate)
    }

    /// True when the org may have acted although there is no proper answer: read back before sending again.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        match self {
            Self::Transport(cause) => cause.outcome_unknown(),
            Self::NotJson { status, .. } => *status < 300 || *status >= 500,
            Self::Decode { .. } | Self::Mismatch { .. } => true,
            Self::Bulk(cause) => cause.outcome_unknown(),
            Self::Api { .. }
            | Self::Auth(_)
            | Self::ForeignHost(_)
            | Self::Held(_)
            | Self::Invalid { .. } => false,
        }
    }

    /// The code to show: the org's own, or one of ours in lower case.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Transport(TransportError::NotSent { .. }) => "org_unreachable",
            Self::Transport(TransportError::Unknown { .. }) => "connection_lost",
            Self::Transport(TransportError::TooLarge { .. }) => "answer_too_large",
            Self::Api { errors, .. } => errors.first().map_or("unknown", |error| &error.code),
            Self::NotJson { .. } => "org_unavailable",
            Self::Auth(cause) => cause.code(),
            Self::ForeignHost(_) => "foreign_host",
            Self::Held(_) => "budget_used_up",
            Self::Bulk(cause) => cause.code(),
            Self::Decode { .. } => "answer_unreadable",
            Self::Mismatch { .. } => "answer_mismatch",
            Self::Invalid { .. } => "request_invalid",
        }
    }

    /// The next step for an admin.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Transport(TransportError::NotSent { reason, .. }) => reason.remedy().to_owned(),
            Self::Transport(TransportError::Unknown { .. }) => {
                "run again; Isthmus reads back what the org did before it sends anything twice"
                    .to_owned()
            }
            Self::Transport(TransportError::TooLarge { .. }) => {
                "map fewer long text fields, or split the sync".to_owned()
            }
            Self::Api { errors, .. } => {
                errors.first().map_or(codes::UNKNOWN_REMEDY, ApiError::remedy).to_owned()
            }
            Self::NotJson { .. } => "look at status.salesforce.com, then run again".to_owned(),
            Self::Auth(cause) => cause.remedy().to_owned(),
            Self::Held(_) => {
                "wait until requests of yesterday come free, or let Isthmus use more of the org's"
                    .to_owned()
            }
            Self::Bulk(cause) => cause.remedy().to_owned(),
            Self::ForeignHost(_) => {
                "check the org's My Domain address, then connect it again".to_owned()
            }
            Self::Decode { .. } | Self::Mismatch { .. } => {
                "run again; if it comes back, report it with the API version and the object"
                    .to_owned()
            }
            Self::Invalid { .. } => "correct the request".to_owned(),
        }
    }

    /// The error as a row's cause.
    #[must_use]
    pub fn cause(&self) -> Cause {
        match self {
            Self::Api { errors, .. } if !errors.is_empty() => errors[0].cause(),
            _ => Cause {
                code: self.code().to_owned(),
                message: self.to_string(),
                fields: Vec::new(),
                remedy: self.remedy(),
            },
        }
    }

    /// What the org sent, bounded; `None` where nothing came or nothing was kept. It can hold record values.
    #[must_use]
    pub fn original(&self) -> Option<String> {
        match self {
            Self::Api { errors, .. } => {
                let parts: Vec<String> = errors.iter().map(|error| error.raw.to_string()).collect();
                Some(format!("[{}]", parts.join(",")))
            }
            Self::NotJson { body, .. } | Self::Decode { body, .. } => {
                body.text().map(str::to_owned)
            }
            _ => None,
        }
    }

    /// True when the org said this code.
    #[must_use]
    pub fn has_code(&self, code: &str) -> bool {
        matches!(self, Self::Api { errors, .. } if errors.iter().any(|error| error.code == code))
    }

    /// True for a 412: the record was changed after the moment that the request named, and nothing was written.
    #[must_use]
    pub fn is_precondition_failed(&self) -> bool {
        matches!(self, Self::Api { status: 412, .. })
    }

    pub(crate) fn decode(call: &str, reason: impl std::fmt::Display) -> Self {
        let (call, reason) = (call.to_owned(), reason.to_string());
        Self::Decode { call, reason, body: OriginalBody::none() }
    }

    pub(crate) fn invalid(call: &str, reason: impl std::fmt::Display) -> Self {
        Self::Invalid { call: call.to_owned(), reason: reason.to_string() }
    }

    pub(crate) fn mismatch(call: &str, reason: impl std::fmt::Display) -> Self {
        Self::Mismatch { call: call.to_owned(), reason: reason.to_string() }
    }
}

fn first_text(errors: &[ApiError], status: u16) -> String {
    match errors {
        [] => format!("the org answered {status}"),
        [error] => format!("{}: {}", error.code, error.message),
        [error, rest @ ..] => {
            format!("{}: {} (and {} more)", error.code, error.message, rest.len())
        }
    }
}

#[cfg(test)]
mod tests;
