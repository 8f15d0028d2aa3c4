//! The calls, one file per endpoint; each is a method of [`crate::Client`].

pub mod blobs;
pub mod changes;
pub mod collections;
pub mod composite;
pub mod describe;
pub mod identity;
pub mod limits;
pub mod picklists;
pub mod query;
pub mod record_count;
pub mod records;
pub mod retrieve;
pub mod search;
pub mod versions;
