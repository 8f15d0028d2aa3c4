//! The words every part of Isthmus shares: ids, values, schemas, mappings, plans, outcomes.
//!
//! No I/O, no clock, no randomness; compiles to wasm, so that window and engine speak of the same things.

pub mod clock;
pub mod ids;

pub mod canonical;
pub mod schema;
pub mod value;

pub mod document;
pub mod mapping;

pub mod audit;
pub mod base;
pub mod cause;
pub mod cursor;
pub mod link;
pub mod plan;
pub mod run;
pub mod snapshot;
