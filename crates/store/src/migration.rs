//! Schema migrations: numbered, never edited, upward only, each whole or not at all.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::error::{Error, Result};

const STEPS: &[M<'static>] = &[
    M::up(include_str!("migrations/0001_first_ledger.sql")),
    M::up(include_str!("migrations/0002_row_lists.sql")),
];

/// The newest schema this build knows.
pub const SCHEMA_VERSION: u32 = 2;

/// The file's schema, 0 before the first migration.
pub(crate) fn schema_of(connection: &Connection) -> Result<u32> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Refuses a file that a newer build has migrated, before anything in it is touched.
pub(crate) fn refuse_newer(connection: &Connection) -> Result<()> {
    let found = schema_of(connection)?;
    if found <= SCHEMA_VERSION {
        return Ok(());
    }
    let opened_by = crate::tables::meta::value(connection, crate::tables::meta::SCHEMA_BUILD);
    let opened_by = opened_by.ok().flatten().unwrap_or_else(|| "of a later version".to_owned());
    Err(Error::NewerSchema { found, known: SCHEMA_VERSION, opened_by })
}

/// Brings the file to the newest schema, and says whether anything had to be done.
pub(crate) fn migrate(connection: &mut Connection) -> Result<bool> {
    run_steps(connection, STEPS)
}

/// All pending steps in one transaction: a process killed midway leaves the earlier schema.
fn run_steps(connection: &mut Connection, steps: &[M<'_>]) -> Result<bool> {
    let before = schema_of(connection)?;
    Migrations::from_slice(steps).to_latest(connection).map_err(from_migration)?;
    Ok(schema_of(connection)? != before)
}

fn from_migration(error: rusqlite_migration::Error) -> Error {
    match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => match Error::from(err) {
            Error::Sqlite(text) => Error::Migration(text),
            other => other,
        },
        other => Error::Migration(other.to_string()),
    }
}

#[cfg(test)]
mod tests;
