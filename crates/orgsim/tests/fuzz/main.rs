//! Input that nobody wrote on purpose. Each target runs for some seconds; `cargo xtask fuzz --minutes N` runs them longer.
//!
//! Inputs that found something, and one for each clause to begin with, lie in `__fuzz__/<target>/corpus`.

// The attribute tells clippy that the helpers in this module are tests too.
#[cfg(test)]
mod soql;
