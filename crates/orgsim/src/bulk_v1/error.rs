//! Refusals in the form of Bulk v1: an `error` with `exceptionCode` and `exceptionMessage`.

use crate::bulk_v1::message::{Format, Message};
use crate::router::reply::Reply;

/// The documented codes that this org uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    ClientInputError,
    ExceededQuota,
    FeatureNotEnabled,
    InvalidBatch,
    InvalidJob,
    InvalidJobState,
    InvalidSessionId,
    InvalidUrl,
    InvalidVersion,
}

/// One refusal; its status is 400, also for a dead session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AsyncError {
    code: Code,
    message: String,
}

impl AsyncError {
    /// A refusal.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// No job with this id.
    pub(crate) fn no_job(id: &str) -> Self {
        Self::new(Code::InvalidJob, format!("Unable to find job: {id}"))
    }

    /// No batch with this id in the job.
    pub(crate) fn no_batch(id: &str) -> Self {
        Self::new(Code::InvalidBatch, format!("Unable to find batch: {id}"))
    }

    /// The answer.
    pub(crate) fn into_reply(self, format: Format) -> Reply {
        Message::new("error")
            .with("exceptionCode", format!("{:?}", self.code))
            .with("exceptionMessage", self.message)
            .into_reply(400, format)
    }
}
