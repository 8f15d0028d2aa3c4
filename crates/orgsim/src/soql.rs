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
mod lexer;
mod literal;
mod operand;
mod parser;
mod render;
mod run;
mod selection;

#[cfg(test)]
mod tests;

pub use checked::CheckedQuery;
pub use error::SoqlError;
pub use run::Deleted;
pub use selection::Selection;

pub(crate) use check::{check, shape};
pub(crate) use checked::Columns;
pub(crate) use operand::{Family, family, type_name};
pub(crate) use parser::parse;
pub(crate) use render::{Reader, record_url};
pub(crate) use run::{Answer, World};
