//! Our own client against the simulated org, over real sockets.
//!
//! Client and simulator were written apart, each from the reference of the API; other people's clients judge the simulator
//! (`tests/clients`). What is tried here is that the two meet.

mod bulk;
mod files;
mod records;
mod rig;
mod sessions;
