//! Tests of the data API, without a socket.

mod aggregates;
mod collections;
mod composite;
pub(crate) mod fixtures;
mod queries;
mod query_resources;
mod recordings;
mod records;
mod recycling;
mod relationships;
mod replication;
mod validation;
