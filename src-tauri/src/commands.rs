//! What the window may ask, one file per domain. `build.rs` lists the same names, and a capability allows them.

pub(crate) mod about;
