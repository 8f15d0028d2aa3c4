//! Salesforce API client, usable alone; the only crate that speaks HTTP to an org.
//!
//! Written from the public API reference. One [`Client`] per org, one file per endpoint under [`api`]:
//!
//! - [`transport`]: the port every request leaves by, and the reqwest implementation of it
//! - [`host`]: which hosts may ever be given a token
//! - [`oauth`]: browser login (code, PKCE, state, loopback listener), refresh, revoke
//! - [`session`]: the current token, refreshed by one caller at a time and stored before it is used
//! - [`client`]: one org: headers, one repeat after a refresh, usage, the org's clock
//! - [`governor`]: what is asked again, how much at once, how much a day, and the books of it
//! - [`bulk`]: Bulk API 2.0, in and out, at any size in constant memory
//! - [`row`]: records to [`isthmus_model::value::Value`] and back
//! - [`soap`]: undelete and merge, which REST lacks
//! - [`soql`]: queries built from checked names and encoded literals
//! - [`error`]: what went wrong, its class and its remedy

pub mod api;
pub mod bulk;
pub mod client;
pub mod error;
pub mod governor;
pub mod host;
pub mod oauth;
pub mod row;
pub mod session;
pub mod soap;
pub mod soql;
pub mod transport;
mod xml;

pub use crate::bulk::{Bulk, BulkSettings};
pub use crate::client::{Client, ClientSettings, WriteOptions};
pub use crate::error::{ApiError, Error, ErrorClass};
pub use crate::governor::{Budget, CallCause, Governor, GovernorSettings, RetryPolicy};
pub use crate::host::{LoginUrl, OrgUrl};
pub use crate::session::{Session, SessionStore, TokenSource, Tokens};
pub use crate::transport::{REQUEST_TIMEOUT, Transport, TransportError};

#[cfg(test)]
mod testing;
