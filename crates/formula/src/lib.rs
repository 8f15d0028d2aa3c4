//! What values become on their way from one field to another.
//!
//! [`convert`] holds the full matrix of Salesforce field-type pairs as data and carries it out.

pub mod convert;
