//! How much is asked of an org, and what is asked again: the one place that decides it.
//!
//! | question | answered by |
//! | --- | --- |
//! | May this call leave now? | [`Budget`] (the org's requests of 24 hours) and the gate (how many at once, pauses the org asked for) |
//! | It failed: is it sent again, and when? | [`RetryPolicy`], by error class and by what the call allows ([`Repeat`]) |
//! | What were the requests spent on? | [`Governor::tallies`], by [`CallCause`] |
//!
//! One governor per org, shared by all clients of it. [`Governor::open`] counts and hinders nothing: the engine's own loop
//! decides then. The policy never repeats a call that the org may have carried out unless carrying it out twice is the same
//! as once: an insert that is sent twice makes two records.

mod budget;
mod cause;
mod gate;
mod retry;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::{Rng, RngExt};

use crate::client::ApiUsage;
use crate::error::{Error, ErrorClass};
use crate::governor::budget::Known;
use crate::governor::gate::Gate;

pub use crate::governor::budget::{Budget, Held};
pub use crate::governor::cause::{CallCause, Tally};
pub(crate) use crate::governor::gate::Permit;
pub(crate) use crate::governor::retry::Verdict;
pub use crate::governor::retry::{Repeat, RetryPolicy};

/// Calls on their way at once. An org refuses the 26th that takes 20 seconds (the sixth in a Developer Edition); Bulk and
/// collections reach their full speed with fewer.
pub const DEFAULT_CONCURRENCY: usize = 5;
/// How long all calls wait after the org said that too many run at once: it clears within seconds to minutes.
pub const CONCURRENCY_PAUSE: Duration = Duration::from_secs(10);
/// How long no call is tried after the org said that the day's requests are used up: they come back slowly, hour by hour.
pub const DAILY_PAUSE: Duration = Duration::from_secs(15 * 60);

/// What a governor allows.
#[derive(Debug, Clone)]
pub struct GovernorSettings {
    /// How much of the org's requests of 24 hours may be used; `None` for no budget of our own.
    pub budget: Option<Budget>,
    /// Calls on their way at once.
    pub concurrency: usize,
    /// How long all calls wait after a concurrency refusal.
    pub concurrency_pause: Duration,
    /// How long no call is tried after the daily limit was met.
    pub daily_pause: Duration,
}

impl Default for GovernorSettings {
    fn default() -> Self {
        Self {
            budget: Some(Budget::default()),
            concurrency: DEFAULT_CONCURRENCY,
            concurrency_pause: CONCURRENCY_PAUSE,
            daily_pause: DAILY_PAUSE,
        }
    }
}

/// The limits and the books of one org.
pub struct Governor {
    settings: GovernorSettings,
    gate: Gate,
    usage: Mutex<Option<Known>>,
    tallies: Mutex<BTreeMap<CallCause, Tally>>,
    random: Mutex<Option<Box<dyn Rng + Send>>>,
}

impl fmt::Debug for Governor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Governor").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Governor {
    /// Keeps books and hinders nothing.
    #[must_use]
    pub fn open() -> Self {
        let settings = GovernorSettings {
            budget: None,
            concurrency: Gate::UNLIMITED,
            concurrency_pause: Duration::ZERO,
            daily_pause: Duration::ZERO,
        };
        Self::build(settings, None)
    }

    /// Keeps books and limits. `random` spreads pauses, so that many clients do not come back in the same moment.
    #[must_use]
    pub fn new(settings: GovernorSettings, random: impl Rng + Send + 'static) -> Self {
        Self::build(settings, Some(Box::new(random)))
    }

    fn build(settings: GovernorSettings, random: Option<Box<dyn Rng + Send>>) -> Self {
        let gate = Gate::new(settings.concurrency);
        let (usage, tallies) = (Mutex::default(), Mutex::default());
        Self { settings, gate, usage, tallies, random: Mutex::new(random) }
    }

    /// What the requests were spent on so far.
    #[must_use]
    pub fn tallies(&self) -> BTreeMap<CallCause, Tally> {
        locked(&self.tallies).clone()
    }

    /// Lets a call leave, once there is room and no pause.
    ///
    /// # Errors
    /// [`Held`] when the budget or the org's own limit leaves nothing for this cause.
    pub(crate) async fn admit(&self, cause: CallCause) -> Result<Permit, Held> {
        let verdict = self.gate.daily_pause().and_then(|()| self.within_budget(cause));
        if let Err(held) = verdict {
            self.tally(cause, |tally| tally.held += 1);
            return Err(held);
        }
        Ok(self.gate.enter().await)
    }

    fn within_budget(&self, cause: CallCause) -> Result<(), Held> {
        let Some(budget) = &self.settings.budget else { return Ok(()) };
        match locked(&self.usage).as_mut() {
            Some(known) => budget.check(cause, known),
            None => Ok(()),
        }
    }

    pub(crate) fn sent(&self, cause: CallCause) {
        self.tally(cause, |tally| tally.calls += 1);
    }

    pub(crate) fn repeated(&self, cause: CallCause) {
        self.tally(cause, |tally| tally.repeated += 1);
    }

    pub(crate) fn learn(&self, usage: ApiUsage) {
        *locked(&self.usage) = Some(Known::now(usage));
    }

    /// Books a failure, and stops all calls for a while where the org said that there are too many.
    pub(crate) fn failed(&self, cause: CallCause, error: &Error) {
        self.tally(cause, |tally| tally.failed += 1);
        if !error.has_code("REQUEST_LIMIT_EXCEEDED") {
            return;
        }
        if error.class() == ErrorClass::Limit {
            self.gate.close_for(self.settings.daily_pause);
        } else {
            self.gate.pause_for(self.spread(self.settings.concurrency_pause));
        }
    }

    /// A pause, between three quarters and five quarters of it.
    pub(crate) fn spread(&self, pause: Duration) -> Duration {
        let share = match locked(&self.random).as_mut() {
            Some(random) => random.random_range(0.75..1.25),
            None => 1.0,
        };
        pause.mul_f64(share)
    }

    fn tally(&self, cause: CallCause, change: impl FnOnce(&mut Tally)) {
        change(locked(&self.tallies).entry(cause).or_default());
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
