//! The OS keychain: secrets are set, used and cleared, never shown.
//!
//! [`Vault::get`] serves the engine's own process. Nothing that crosses to the window may carry what it gives; the
//! window is told [`Vault::is_set`]. There is no fallback into a file: without a keychain Isthmus stops.

mod entry;
mod error;
mod native;
mod timed;
mod vault;

pub use entry::{Entry, InvalidWorkspaceName, WorkspaceName};
pub use error::{Error, Result};
pub use timed::KEYCHAIN_TIMEOUT;
pub use vault::Vault;
