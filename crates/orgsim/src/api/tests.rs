//! Tests of the data API, without a socket.

mod collections;
mod composite;
mod fixtures;
mod queries;
mod recordings;
mod records;
mod replication;
mod validation;
