//! The daily budget: how much of an org's requests of 24 hours we may use, and what for.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::client::ApiUsage;
use crate::governor::CallCause;

/// What other integrations of the org are left by default, in percent of its requests.
const KEPT_FREE_PERCENT: u8 = 10;
/// After this, what was learned of the org's usage is stale: requests of yesterday come free all the time, and a budget that
/// stops every call would never learn of it. One call then passes and tells.
const STALE_AFTER: Duration = Duration::from_secs(5 * 60);

/// How much of the org's rolling 24 hours may be used: a share stays free for everybody else, and some causes may go into it.
///
/// The numbers come from `Sforce-Limit-Info`, which counts all clients of the org together. Before the first answer nothing
/// is known and nothing is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    kept_free_percent: u8,
    reserves: BTreeMap<CallCause, u8>,
}

/// Why a call was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Held {
    /// Our own budget.
    #[error(
        "{used} of the org's {allowed} API requests of the last 24 hours are used, and the budget leaves none for {cause} calls; wait, or let Isthmus use more of them"
    )]
    Budget {
        /// What the call was for.
        cause: CallCause,
        /// Requests used, of all clients together.
        used: u64,
        /// Requests allowed.
        allowed: u64,
    },
    /// The org said that its day is used up.
    #[error(
        "the org's API requests of the last 24 hours are used up; the next call is tried in {wait_s} seconds"
    )]
    DailyLimit {
        /// Seconds until the next try.
        wait_s: u64,
    },
}

/// The usage, and when it was told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    usage: ApiUsage,
    told: Instant,
}

impl Known {
    pub(crate) fn now(usage: ApiUsage) -> Self {
        Self { usage, told: Instant::now() }
    }
}

impl Default for Budget {
    /// A tenth stays free. Polling, recovering and health may use half of that: what was begun is brought to its end, and
    /// what became of a lost call is found out.
    fn default() -> Self {
        let reserves = [CallCause::Login, CallCause::Poll, CallCause::Recover, CallCause::Health];
        let reserve = KEPT_FREE_PERCENT / 2;
        reserves.into_iter().fold(Self::keeping_free(KEPT_FREE_PERCENT), |budget, cause| {
            budget.with_reserve(cause, reserve)
        })
    }
}

impl Budget {
    /// Stops all calls when this share of the org's requests is all that is left, in percent (at most 100).
    #[must_use]
    pub fn keeping_free(percent: u8) -> Self {
        Self { kept_free_percent: percent.min(100), reserves: BTreeMap::new() }
    }

    /// Lets one cause go on into the share that is kept free, by so many percent of the org's requests.
    #[must_use]
    pub fn with_reserve(mut self, cause: CallCause, percent: u8) -> Self {
        self.reserves.insert(cause, percent.min(self.kept_free_percent));
        self
    }

    /// How many requests of the org may be used before calls of this cause stop.
    #[must_use]
    pub fn ceiling(&self, cause: CallCause, allowed: u64) -> u64 {
        let reserve = self.reserves.get(&cause).copied().unwrap_or_default();
        let usable = 100_u64 - u64::from(self.kept_free_percent - reserve);
        let ceiling = u128::from(allowed) * u128::from(usable) / 100;
        u64::try_from(ceiling).unwrap_or(u64::MAX)
    }

    pub(crate) fn check(&self, cause: CallCause, known: &mut Known) -> Result<(), Held> {
        let ApiUsage { used, allowed } = known.usage;
        if used < self.ceiling(cause, allowed) {
            return Ok(());
        }
        if known.told.elapsed() >= STALE_AFTER {
            known.told = Instant::now();
            return Ok(());
        }
        Err(Held::Budget { cause, used, allowed })
    }
}
