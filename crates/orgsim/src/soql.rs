//! SOQL: text to a checked query over an org's schema, and its rows (wire reference 5.1).
//!
//! `parse` reads the text, `check` resolves names and types against the schema and an org's present moment, and the
//! [`CheckedQuery`] is run and shown row by row. Dates without an offset mean UTC: simulated users live there.

mod aggregate;
mod ast;
mod candidates;
mod check;
mod checked;
mod dates;
mod error;
mod evaluate;
mod explain;
mod functions;
mod lexer;
mod literal;
mod metadata;
mod operand;
mod order;
mod parser;
mod render;
mod run;
mod selection;
mod world;

#[cfg(test)]
mod tests;

pub use checked::CheckedQuery;
pub use error::SoqlError;
pub use run::Deleted;
pub use selection::Selection;

pub(crate) use ast::Query;
pub(crate) use check::{Context, check, shape};
pub(crate) use checked::Columns;
pub(crate) use metadata::metadata;
pub(crate) use operand::{Family, family, type_name};
pub(crate) use parser::{Parser, parse};
pub(crate) use render::{ChildPages, Reader, record_url};
pub(crate) use run::Answer;
pub(crate) use world::World;

/// Reads a query's text without looking its names up.
///
/// # Errors
/// `MALFORMED_QUERY` or `NUMBER_OUTSIDE_VALID_RANGE`, with the place.
pub fn check_syntax(source: &str) -> Result<(), SoqlError> {
    parse(source).map(|_| ())
}
