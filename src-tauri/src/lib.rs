//! The desktop shell: one window over the engine.
//!
//! The shell unpacks what the window asks, calls one use case on the engine's thread, and hands back the answer. It
//! decides nothing about records; it decides what the page may reach.

#[cfg(feature = "desktop")]
mod app;
#[cfg(feature = "desktop")]
mod commands;
#[cfg(feature = "desktop")]
mod engine;
#[cfg(feature = "desktop")]
mod instance;
#[cfg(feature = "desktop")]
mod link;
#[cfg(feature = "desktop")]
mod places;
#[cfg(feature = "desktop")]
mod window;

#[cfg(feature = "desktop")]
pub use app::run;
