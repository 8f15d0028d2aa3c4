//! Bulk jobs against a small org of our own, which loses answers where it is told to.

mod csv;
mod cycle;
mod jobs;
mod memory;
mod query;
mod stub;
