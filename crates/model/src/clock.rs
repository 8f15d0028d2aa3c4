//! The one source of time that every part takes from outside.

use jiff::Timestamp;

/// The present moment, as the machine (or a test) tells it.
///
/// Implemented at the rim only: by the system clock in `isthmus-app` and by shifted or paused clocks in tests.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}
