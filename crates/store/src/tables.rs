//! One file per table: its row type, its reads and its writes.

pub(crate) mod meta;

pub(crate) mod org;
pub(crate) mod sync;

pub(crate) mod operation;
pub(crate) mod run;

pub(crate) mod base;
pub(crate) mod link;

pub(crate) mod cursor;
pub(crate) mod outbox;
pub(crate) mod quarantine;

pub(crate) mod audit;
pub(crate) mod describe;

#[cfg(test)]
mod tests;
