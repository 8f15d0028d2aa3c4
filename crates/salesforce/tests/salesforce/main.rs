//! The client from outside: recorded answers of the real service, and the network as it misbehaves.

// The attribute tells clippy that the helpers in these modules are tests too.
#[cfg(test)]
mod network;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod streams;
