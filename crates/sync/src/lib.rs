//! The engine: read, match, merge, plan, apply, settle.
//!
//! One way through: [`side`] reads rows, `read` stages them, [`plan`] turns staged rows into operations (pure),
//! `planning` stores them in order, `apply` carries them out with intent durable before the wire, `recover` settles
//! what a crash or a lost answer left open, `settle` learns from later reads what the orgs made of our writes.

pub mod plan;

mod engine;
mod error;
pub mod progress;
pub mod side;

mod agreement;
mod apply;
mod course;
mod order;
mod planning;
mod read;
mod recover;
mod run;
mod settle;

mod facts;
pub mod failpoint;
mod rows;

#[cfg(test)]
mod tests;

pub use engine::{
    BoundObject, BoundSync, CallCause, DEFAULT_SETTLE_WAIT, Engine, Options, PlanReport, RunReport,
    Sides,
};
pub use error::{Error, Result};
pub use run::end_shown_plans;
