//! A simulated org from outside: OAuth over sockets, data calls, faults, the control endpoint, the binary.

mod access;
mod control;
mod data;
mod disturbances;
mod faults;
mod flows;
mod jobs;
mod oauth;
mod process;
mod recordings;
mod repeatable;
mod rig;
mod server;
mod setup;
mod state;
mod support;
mod trees;
