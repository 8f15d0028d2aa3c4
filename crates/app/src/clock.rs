//! The machine's clock and randomness: the single place where the real world's time and chance enter.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use isthmus_model::clock::Clock;
use jiff::Timestamp;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

/// The machine's clock. In debug builds `ISTHMUS_CLOCK_SHIFT_SECONDS` shifts it, so that tests see a clock that is off.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock {
    shift_seconds: i64,
}

impl SystemClock {
    /// The clock as the environment sets it.
    #[must_use]
    pub fn from_environment() -> Self {
        Self { shift_seconds: shift_from_environment() }
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        now.checked_add(jiff::SignedDuration::from_secs(self.shift_seconds)).unwrap_or(now)
    }
}

#[cfg(debug_assertions)]
fn shift_from_environment() -> i64 {
    std::env::var("ISTHMUS_CLOCK_SHIFT_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or_default()
}

#[cfg(not(debug_assertions))]
fn shift_from_environment() -> i64 {
    0
}

/// Where keys, states and jitter come from. Clones draw from one stream, so that nothing is ever drawn twice.
#[derive(Clone)]
pub struct Randomness(Arc<Mutex<ChaCha20Rng>>);

impl Randomness {
    /// Seeded by the operating system.
    ///
    /// # Errors
    /// [`crate::Error::NoRandomness`] when the operating system gives none: nothing may go on then.
    pub fn of_this_system() -> crate::Result<Self> {
        let random = ChaCha20Rng::try_from_rng(&mut rand::rngs::SysRng);
        random.map(Self::from).map_err(|_| crate::Error::NoRandomness)
    }

    /// A generator of its own for one piece of work: one seed gives one trace, whatever others draw meanwhile.
    #[must_use]
    pub fn draw(&self) -> ChaCha20Rng {
        ChaCha20Rng::from_rng(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl From<ChaCha20Rng> for Randomness {
    fn from(random: ChaCha20Rng) -> Self {
        Self(Arc::new(Mutex::new(random)))
    }
}

/// Shows nothing of what is to be drawn.
impl fmt::Debug for Randomness {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Randomness")
    }
}
