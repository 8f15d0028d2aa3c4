//! What crosses the window: requests, views, events, problems. The command prints the same views as JSON.
//!
//! No view holds a secret, and none has a field for one: the keychain's content never comes this way.

pub mod about;
pub mod command;
pub mod console;
pub mod problem;

pub mod request;

pub mod file;
pub mod health;
pub mod map;
pub mod org;
pub mod overview;
pub mod plan;
pub mod progress;
pub mod query;
pub mod record;
pub mod run;
pub mod sync;
pub mod workspace;
