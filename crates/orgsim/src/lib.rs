//! A simulated Salesforce org, written from the public documentation of the API and from nothing of Isthmus's own client.
//!
//! One [`org::Org`] is one org: its schema, its rows, its OAuth state, its clock and its randomness, all in memory.
//! [`router`] serves it; the same router answers over a socket (the `orgsim` binary) and in-process (tests under a
//! paused clock). Time and randomness come from outside, so the same seed and the same requests give the same answers.

pub mod clock;
pub mod ids;
pub mod org;
pub mod schema;
pub mod setup;
pub mod wire;

pub mod api;
pub mod bulk;
pub mod bulk_v1;
pub mod describe;
pub mod rows;
pub mod seed;
pub mod soql;
mod sosl;

pub mod control;
pub mod faults;
pub mod limits;
pub mod oauth;
pub mod router;
pub mod serve;
pub mod soap;
pub mod state;
pub(crate) mod xml;
