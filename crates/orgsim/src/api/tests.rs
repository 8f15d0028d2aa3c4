//! Tests of the data API, without a socket.

mod collections;
mod composite;
pub(crate) mod fixtures;
mod queries;
mod recordings;
mod records;
mod recycling;
mod replication;
mod validation;
