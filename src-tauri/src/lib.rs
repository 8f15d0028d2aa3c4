//! The desktop shell: one window over the engine.
//!
//! The shell unpacks what the window asks, calls one use case, and converts the answer. It decides nothing.

#[cfg(feature = "desktop")]
mod app;
#[cfg(feature = "desktop")]
mod commands;

#[cfg(feature = "desktop")]
pub use app::run;
