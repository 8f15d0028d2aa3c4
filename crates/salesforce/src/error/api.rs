//! One error in the org's own words, and what lies behind it.

use isthmus_model::cause::Cause;
use isthmus_model::schema::FieldName;
use serde::{Deserialize, Serialize};

#[cfg(doc)]
use crate::error::MAX_KEPT_BYTES;
use crate::error::duplicates::{ALERTED, BLOCKED};
use crate::error::trigger::is_wrapper;
use crate::error::{ErrorClass, TriggerFailure, codes};

/// One error as the org reported it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// `errorCode` (or `statusCode`, or OAuth's `error`), kept as sent.
    pub code: String,
    /// The org's text; can quote record values.
    pub message: String,
    /// The fields at fault; often empty.
    #[serde(default)]
    pub fields: Vec<FieldName>,
    /// The error as it came, for what has no field here (`duplicateResult`); beyond [`MAX_KEPT_BYTES`] the beginning of
    /// its text.
    #[serde(default)]
    pub raw: serde_json::Value,
}

impl ApiError {
    /// What to do about it; looks into the text where the code alone does not tell.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        codes::class(&self.code, &self.message)
    }

    /// The next step for an admin; like the class, it depends on the text where the code stands for several causes.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self.duplicates() {
            Some(found) if found.allow_save => ALERTED,
            Some(_) => BLOCKED,
            None => codes::remedy(&self.code, &self.message),
        }
    }

    /// What happened in a trigger or flow of the org; `None` for other errors.
    #[must_use]
    pub fn trigger_failure(&self) -> Option<TriggerFailure> {
        let wraps = is_wrapper(&self.code);
        wraps.then(|| TriggerFailure::read(&self.code, &self.message))
    }

    /// The error as a row's cause.
    #[must_use]
    pub fn cause(&self) -> Cause {
        Cause {
            code: self.code.clone(),
            message: self.message.clone(),
            fields: self.fields.clone(),
            remedy: self.remedy().to_owned(),
        }
    }
}
