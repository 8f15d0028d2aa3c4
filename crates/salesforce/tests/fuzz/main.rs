//! Readers of what comes from outside against arbitrary bytes: no panic, no endless loop, no unbounded memory.

// The attribute tells clippy that the helpers in these modules are tests too.
#[cfg(test)]
mod bulk_csv;
