//! `isthmus query` and `isthmus record`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use isthmus_model::ids::RecordId;

/// Rows of a query shown when nothing else is said.
const DEFAULT_QUERY_ROWS: u64 = 2_000;

#[derive(Debug, Args)]
#[command(after_long_help = "\
Queries only read: no statement can change anything.

Examples:
  isthmus query sales \"SELECT Id, Name, Industry FROM Account WHERE Industry != null LIMIT 10\"
  isthmus query sales \"SELECT COUNT() FROM Contact\" --json
  isthmus query sales \"SELECT Id, Account.Name FROM Contact\" --format csv --output contacts.csv")]
pub(crate) struct QueryArguments {
    /// The org's name.
    pub(crate) org: String,
    /// The query, in quotes.
    pub(crate) soql: String,
    /// How rows are printed; --json is the same as `--format json`.
    #[arg(long, default_value = "table")]
    pub(crate) format: QueryFormat,
    /// Most rows to read.
    #[arg(long, default_value_t = DEFAULT_QUERY_ROWS, value_name = "ROWS")]
    pub(crate) limit: u64,
    /// Write to this file instead of stdout.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum QueryFormat {
    /// For eyes.
    Table,
    /// For spreadsheets.
    Csv,
    /// For programs.
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RecordCommand {
    /// Show one record with every field the connected user may see, and what it is linked to.
    #[command(after_long_help = "Example:\n  isthmus record get sales Account 0015500001QdQWaAAN")]
    Get {
        /// The org's name.
        org: String,
        /// The object's API name.
        object: String,
        /// The record's id, 15 or 18 characters.
        id: RecordId,
    },
}
