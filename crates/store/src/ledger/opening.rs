//! The steps of creating and opening a ledger file, in the order that leaves nothing half done.

use std::fs::{self, OpenOptions};
use std::path::Path;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::connection;
use crate::error::{Error, Result};
use crate::key::LedgerKey;
use crate::ledger::{CreateInfo, PreviousStop, file};
use crate::migration;
use crate::owner::owner_only;
use crate::tables::meta;

/// Findings of an integrity check that are kept: the first ones name the damage, thousands would not help.
const FINDINGS_LIMIT: u32 = 10;

/// Builds the file under another name and renames it when it is whole and on disk.
pub(super) fn build_new_file(path: &Path, key: &LedgerKey, info: CreateInfo<'_>) -> Result<()> {
    let unfinished = file::unfinished_path(path);
    let built = fill_new_file(&unfinished, key, info)
        .and_then(|()| fs::rename(&unfinished, path).map_err(|error| Error::files(path, &error)));
    if built.is_err() {
        file::remove_left_overs(path);
    }
    file::sync_folder(path);
    built
}

fn fill_new_file(path: &Path, key: &LedgerKey, info: CreateInfo<'_>) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    owner_only(&mut options);
    options.open(path).map_err(|error| Error::files(path, &error))?;
    let mut connection = connection::open(path, key)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "application_id", connection::APPLICATION_ID)?;
    migration::migrate(&mut connection)?;
    meta::set_value(&connection, meta::WORKSPACE, info.workspace)?;
    meta::set_value(&connection, meta::CREATED_AT, &info.now.to_string())?;
    meta::set_value(&connection, meta::SCHEMA_BUILD, info.build)?;
    meta::set_value(&connection, meta::CLEAN_STOP, "1")?;
    connection.close().map_err(|(_, error)| error.into())
}

/// Opens, checks and migrates. A refusal leaves every file as it was: the log is not even merged.
pub(super) fn open_file(
    path: &Path,
    key: &LedgerKey,
    build: &str,
) -> Result<(Connection, PreviousStop)> {
    // A log of frames that was left or put there: after a clean stop there is none.
    let log_left = fs::metadata(file::log_path(path)).is_ok_and(|log| log.len() > 0);
    file::restrict(path)?;
    let mut connection = connection::open(path, key)?;
    checkpoint_on_close(&connection, false)?;
    refuse_foreign(&connection)?;
    migration::refuse_newer(&connection)?;
    set_switches(&connection)?;
    let previous_stop = previous_stop(&connection, log_left)?;
    if previous_stop == PreviousStop::Unclean {
        check_after_unclean_stop(&connection)?;
    }
    if migration::migrate(&mut connection)? {
        meta::set_value(&connection, meta::SCHEMA_BUILD, build)?;
    }
    meta::set_value(&connection, meta::CLEAN_STOP, "0")?;
    Ok((connection, previous_stop))
}

/// Merges the log into the main file and empties it.
pub(super) fn checkpoint(connection: &Connection) -> Result<()> {
    Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
}

/// Whether closing the connection may merge the log; not before file and log are known to belong together.
pub(super) fn checkpoint_on_close(connection: &Connection, allowed: bool) -> Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !allowed)?;
    Ok(())
}

/// Structure first, which reads through the log, then each page's authentication code in the main file.
pub(super) fn check_integrity(connection: &Connection) -> Result<()> {
    refuse_findings(connection, &format!("PRAGMA integrity_check({FINDINGS_LIMIT})"))?;
    refuse_findings(connection, "PRAGMA foreign_key_check")?;
    checkpoint(connection)?;
    refuse_findings(connection, "PRAGMA cipher_integrity_check")
}

fn check_after_unclean_stop(connection: &Connection) -> Result<()> {
    tracing::info!("the workspace was not closed cleanly; its file is checked");
    check_integrity(connection).inspect_err(|_| tracing::error!("the workspace file is damaged"))
}

fn refuse_foreign(connection: &Connection) -> Result<()> {
    let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if id == connection::APPLICATION_ID { Ok(()) } else { Err(Error::NotALedger) }
}

fn set_switches(connection: &Connection) -> Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;",
    )?;
    Ok(())
}

fn previous_stop(connection: &Connection, log_left: bool) -> Result<PreviousStop> {
    let clean = meta::value(connection, meta::CLEAN_STOP)?.as_deref() == Some("1");
    Ok(if clean && !log_left { PreviousStop::Clean } else { PreviousStop::Unclean })
}

/// A check answers `ok`, or nothing, or one row per finding.
fn refuse_findings(connection: &Connection, check: &str) -> Result<()> {
    let mut statement = connection.prepare(check)?;
    let mut rows = statement.query([])?;
    let mut findings = Vec::new();
    while let Some(row) = rows.next()? {
        let finding: String = row.get(0)?;
        if finding != "ok" && findings.len() < FINDINGS_LIMIT as usize {
            findings.push(finding);
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(Error::Damaged { findings }) }
}
