//! CSV as Bulk API 2.0 speaks it (wire reference 7.1): RFC 4180 with a null of its own, row by row in both directions.

mod decode;
mod encode;

pub use crate::bulk::csv::decode::{CsvDecoder, CsvRow};
pub(crate) use crate::bulk::csv::encode::normalized;
pub use crate::bulk::csv::encode::{Cell, CsvEncoder, NULL_CELL, Unloadable};

/// Characters of one record that the org takes.
pub const MAX_ROW_CHARACTERS: usize = 400_000;
/// Characters of one field that the org takes.
pub const MAX_CELL_CHARACTERS: usize = 131_072;
/// Characters of the header line that the org takes.
pub const MAX_HEADER_CHARACTERS: usize = 32_000;
/// Fields of one record that the org takes.
pub const MAX_COLUMNS: usize = 5_000;
/// The largest row of a result that is taken, in bytes: eighty long text fields, all full, of three bytes a character. What
/// is larger is broken (a quote that never closes) or hostile.
pub const MAX_ROW_BYTES: usize = 32 * 1024 * 1024;
