//! The calls, one file per endpoint; each is a method of [`crate::Client`].

pub mod changes;
pub mod collections;
pub mod composite;
pub mod describe;
pub mod identity;
pub mod limits;
pub mod query;
pub mod records;
pub mod retrieve;
pub mod versions;
