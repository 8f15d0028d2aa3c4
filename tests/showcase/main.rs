//! The console over fixed answers, in the web view that the window uses: every page in every state, every component.
//!
//! What needs an engine behind it is told in `tests/desktop`.

#![cfg(target_os = "linux")]

mod places;

mod accessible;
mod connect;
mod frame;
mod hostile;
mod large;
mod map;
mod reflow;
