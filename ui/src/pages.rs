//! The console's pages, one file each.

pub(crate) mod welcome;
