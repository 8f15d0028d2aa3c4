//! A simulated org from outside: OAuth over sockets, data calls, faults, the control endpoint, the binary.

mod control;
mod data;
mod faults;
mod oauth;
mod repeatable;
mod server;
mod support;
