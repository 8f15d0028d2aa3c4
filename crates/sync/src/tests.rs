//! The engine as a whole, between two orgs in memory and a real ledger, under a paused clock.

mod ledger;
pub(crate) mod world;

mod crash;
mod edits;
mod faults;
mod kept;
mod plans;
mod seeded;
mod whole;
