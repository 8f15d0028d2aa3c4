//! What is sent again after a failure, and after how long.

use std::time::Duration;

use crate::error::{Error, ErrorClass};

/// Attempts at one call, the first included.
const ATTEMPTS: u32 = 5;
/// The first pause; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// No pause is longer: an org that is down for longer is met by the caller's own schedule.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// An internal error of the org comes back more often than not: it is tried again this often and no more.
const INTERNAL_ERROR_ATTEMPTS: u32 = 2;

/// Errors of class `Retry` that the same call meets again: the caller has to ask for less, or from the start.
const NEEDS_ANOTHER_CALL: [&str; 3] =
    ["INVALID_QUERY_LOCATOR", "QUERY_TIMEOUT", "REQUEST_RUNNING_TOO_LONG"];
/// Codes behind which an internal error of the org stands.
const INTERNAL_ERRORS: [&str; 2] = ["UNKNOWN_EXCEPTION", "INTERNAL_ERROR"];

/// What happens when a call is carried out twice: it decides whether it may be sent again when its answer was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Twice is the same as once: reads, an upsert by external id, a change of a job's state.
    Freely,
    /// A delete by id: the second time the record is gone already, which is what was wanted.
    UntilGone,
    /// Twice is not the same as once (an insert makes two records; a conditional update meets its own change), so it is
    /// sent again only when the org certainly did not act.
    OnlyIfNotActed,
}

/// How often and how soon a failed call is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts, the first included; 1 for none again.
    pub attempts: u32,
    /// The first pause; each further one is twice as long.
    pub first_pause: Duration,
    /// No pause is longer.
    pub longest_pause: Duration,
}

/// What to do about a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Send it again after this pause (to be spread).
    Again(Duration),
    /// The record to be deleted is gone: an earlier attempt whose answer was lost did it.
    Gone,
    /// Hand the error to the caller.
    GiveUp,
}

impl RetryPolicy {
    /// Nothing is sent again: the caller has its own loop.
    #[must_use]
    pub fn never() -> Self {
        Self { attempts: 1, ..Self::standard() }
    }

    /// Five attempts within about a quarter of a minute of pauses.
    #[must_use]
    pub fn standard() -> Self {
        Self { attempts: ATTEMPTS, first_pause: FIRST_PAUSE, longest_pause: LONGEST_PAUSE }
    }

    /// The pause before the attempt after `attempt` (from 1).
    #[must_use]
    pub fn pause_after(&self, attempt: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1).min(20));
        self.first_pause.saturating_mul(doubled).min(self.longest_pause)
    }

    /// Decides about attempt number `attempt` (from 1). `lost_before`: the answer of an earlier attempt was lost.
    pub(crate) fn verdict(
        &self,
        repeat: Repeat,
        attempt: u32,
        lost_before: bool,
        error: &Error,
    ) -> Verdict {
        if repeat == Repeat::UntilGone && lost_before && error.has_code("ENTITY_IS_DELETED") {
            return Verdict::Gone;
        }
        let allowed = if INTERNAL_ERRORS.iter().any(|code| error.has_code(code)) {
            self.attempts.min(INTERNAL_ERROR_ATTEMPTS)
        } else {
            self.attempts
        };
        let harmless = repeat != Repeat::OnlyIfNotActed || !error.outcome_unknown();
        let helps = error.class() == ErrorClass::Retry
            && !NEEDS_ANOTHER_CALL.iter().any(|code| error.has_code(code));
        if helps && harmless && attempt < allowed {
            Verdict::Again(self.pause_after(attempt))
        } else {
            Verdict::GiveUp
        }
    }
}
