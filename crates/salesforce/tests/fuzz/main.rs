//! Readers of what comes from outside against arbitrary bytes: no panic, no endless loop, no unbounded memory.
//!
//! Each target runs for some seconds; `cargo xtask fuzz --minutes N` runs them longer. Inputs to begin with lie in
//! `__fuzz__/<target>/corpus`.

// The attribute tells clippy that the helpers in these modules are tests too.
#[cfg(test)]
mod addresses;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod bulk_csv;
#[cfg(test)]
mod callback;

use std::time::Duration;

/// How long a target runs unless the environment says otherwise (`BOLERO_RANDOM_TEST_TIME_MS`).
pub(crate) const TEST_TIME: Duration = Duration::from_secs(10);
