//! Table `meta`: what the ledger says of itself.

use rusqlite::{Connection, OptionalExtension};

use crate::error::Result;

/// The workspace's own id.
pub(crate) const WORKSPACE: &str = "workspace";
/// When it was created.
pub(crate) const CREATED_AT: &str = "created_at";
/// The build that made the file's schema: this one or a newer one opens it.
pub(crate) const SCHEMA_BUILD: &str = "schema_build";
/// `1` from a clean close until the next open.
pub(crate) const CLEAN_STOP: &str = "clean_stop";
/// Counter and hash of the audit trail's last entry: a tail cut from the trail shows.
pub(crate) const AUDIT_HEAD: &str = "audit_head";

pub(crate) fn value(connection: &Connection, name: &str) -> Result<Option<String>> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

pub(crate) fn set_value(connection: &Connection, name: &str, value: &str) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO meta (name, value) VALUES (?1, ?2) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?;
    statement.execute([name, value])?;
    Ok(())
}
