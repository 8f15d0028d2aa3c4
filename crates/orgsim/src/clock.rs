//! Where an org's time comes from: a clock handed in, plus a shift that the control endpoint can set.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

/// A source of the present moment.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The machine's own clock; only the server binary uses it.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the machine's clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Follows tokio's clock from a fixed start, so that a test under a paused clock controls it.
#[derive(Debug, Clone, Copy)]
pub struct TokioClock {
    start: Timestamp,
    origin: tokio::time::Instant,
}

impl TokioClock {
    /// A clock that reads `start` now. Must be called inside a tokio runtime.
    #[must_use]
    pub fn starting_at(start: Timestamp) -> Self {
        Self { start, origin: tokio::time::Instant::now() }
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        let elapsed =
            SignedDuration::try_from(self.origin.elapsed()).unwrap_or(SignedDuration::MAX);
        self.start.saturating_add(elapsed).unwrap_or(Timestamp::MAX)
    }
}

/// One org's clock: stamps, token ages and `latestDateCovered` all follow it.
#[derive(Clone)]
pub struct OrgClock {
    source: Arc<dyn Clock>,
    /// How far this org's clock stands from its source.
    pub shift: SignedDuration,
}

impl OrgClock {
    /// A clock without a shift.
    #[must_use]
    pub fn new(source: Arc<dyn Clock>) -> Self {
        Self { source, shift: SignedDuration::ZERO }
    }

    /// The org's present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.source.now().saturating_add(self.shift).unwrap_or(Timestamp::MAX)
    }
}
