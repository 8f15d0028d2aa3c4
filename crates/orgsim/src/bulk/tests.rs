//! Whole jobs through the router, under a clock that stands until a test moves it.

pub(crate) mod fixtures;
mod ingest;
mod messages;
mod query;
mod round_trip;
mod states;
