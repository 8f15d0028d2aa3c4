//! The use cases that window and command share: connect, import, plan, run, report, health.
//!
//! One file per use case. Each takes an open [`workspace::Workspace`] and a request of `isthmus-contract`, and gives a
//! view of it; [`diagnose()`] turns every [`Error`] into a problem with code, text and hint.

pub mod workspace;

pub mod org;
pub mod suggest;
pub mod sync_file;
pub mod syncs;

pub mod plan;
pub mod report;
pub mod run;

pub mod audit;
pub mod health;
pub mod overview;
pub mod query;
pub mod record;
pub mod search;

pub mod cells;
pub mod clock;
pub mod files;
pub mod keychain;
pub mod logs;

mod alerts;
mod causes;
mod diagnose;
mod engine;
mod error;
mod progress;

#[cfg(test)]
mod testing;

pub use diagnose::diagnose;
pub use error::{Error, Result};
