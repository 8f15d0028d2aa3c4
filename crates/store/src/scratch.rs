//! The scratch file: a run's rows staged, sorted and joined on disk, so that memory stays flat.
//!
//! Encrypted with a key that exists only in memory; without journal and syncs, because a crash makes it worthless.
//! After an error the file's content is undefined: drop it and begin the run's reading again.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};

use isthmus_model::ids::{LinkId, RecordId, Side};
use isthmus_model::mapping::MappingName;
use isthmus_model::snapshot::SnapshotRow;
use rand::CryptoRng;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use crate::column::{Json, Moment, Parsed};
use crate::connection;
use crate::error::{Error, Result};
use crate::key::LedgerKey;
use crate::ledger::Ledger;
use crate::owner::{beside, owner_only};

mod join;

pub use join::{CANDIDATE_LIMIT, Candidate, DuplicateKey, JoinedRow, Linked};

/// Scratch files are named after their ledger, so that its next owner finds the ones of a killed process.
pub(crate) const SUFFIX: &str = ".scratch-";
/// Pages kept in memory, in KiB: the indexes' inner pages of a million rows.
const CACHE_KIBIBYTES: i32 = 24 * 1024;

const TABLES: &str = "
    CREATE TABLE left_row (
        mapping TEXT NOT NULL, id TEXT NOT NULL, key TEXT, modstamp INTEGER, last_modified INTEGER,
        field_values TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX left_by_id ON left_row (mapping, id);
    CREATE INDEX left_by_key ON left_row (mapping, key, id) WHERE key IS NOT NULL;
    CREATE TABLE right_row (
        mapping TEXT NOT NULL, id TEXT NOT NULL, key TEXT, modstamp INTEGER, last_modified INTEGER,
        field_values TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX right_by_id ON right_row (mapping, id);
    CREATE INDEX right_by_key ON right_row (mapping, key, id) WHERE key IS NOT NULL;
    CREATE TABLE link_row (
        mapping TEXT NOT NULL, left_id TEXT NOT NULL, right_id TEXT NOT NULL, link_id INTEGER NOT NULL,
        PRIMARY KEY (mapping, left_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX link_by_right ON link_row (mapping, right_id);";

/// One staged row: the record and the text it is matched by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagedRow {
    /// The record as read.
    pub row: SnapshotRow,
    /// The match key, made by the engine so that equal keys are equal texts; `None` for a row without one.
    pub key: Option<String>,
}

/// One link of the ledger, staged beside the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StagedLink {
    /// The ledger's link.
    pub link: LinkId,
    /// Its left record.
    pub left: RecordId,
    /// Its right record.
    pub right: RecordId,
}

/// A run's scratch file, deleted when dropped.
#[derive(Debug)]
pub struct Scratch {
    // `None` only while dropping: the connection must be closed before the file goes.
    connection: Option<Connection>,
    path: PathBuf,
}

impl Scratch {
    /// Makes a scratch file beside a ledger. The random source gives its name and its key.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::Files`].
    pub fn create(ledger: &Ledger, random: &mut (impl CryptoRng + ?Sized)) -> Result<Self> {
        Self::create_beside(ledger.path(), random)
    }

    fn create_beside(ledger: &Path, random: &mut (impl CryptoRng + ?Sized)) -> Result<Self> {
        let key = LedgerKey::generate(random);
        let path = beside(ledger, &format!("{SUFFIX}{:016x}", random.next_u64()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        owner_only(&mut options);
        options.open(&path).map_err(|error| Error::files(&path, &error))?;
        // From here on dropping removes the file, also when the next steps fail.
        let mut scratch = Self { connection: None, path };
        let connection = connection::open(&scratch.path, &key)?;
        connection.pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(()))?;
        connection.execute_batch(&format!(
            "PRAGMA synchronous = OFF; PRAGMA cache_size = -{CACHE_KIBIBYTES}; {TABLES}"
        ))?;
        scratch.connection = Some(connection);
        Ok(scratch)
    }

    /// Stages rows of one side; a row that was staged before is replaced, since paging may meet one twice.
    ///
    /// # Errors
    /// [`Error::DiskFull`]; the scratch file is worthless then.
    pub fn insert_rows(&self, side: Side, mapping: &MappingName, rows: &[StagedRow]) -> Result<()> {
        let table = table(side);
        let sql = format!(
            "INSERT INTO {table} (mapping, id, key, modstamp, last_modified, field_values) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (mapping, id) DO UPDATE SET key = excluded.key, \
             modstamp = excluded.modstamp, last_modified = excluded.last_modified, \
             field_values = excluded.field_values"
        );
        self.in_transaction(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            for staged in rows {
                statement.execute(params![
                    mapping.as_str(),
                    staged.row.id.as_str(),
                    staged.key,
                    staged.row.modstamp.map(Moment),
                    staged.row.last_modified.map(Moment),
                    Json(&staged.row.values),
                ])?;
            }
            Ok(())
        })
    }

    /// Stages links of a mapping.
    ///
    /// # Errors
    /// [`Error::DiskFull`]; the scratch file is worthless then.
    pub fn insert_links(&self, mapping: &MappingName, links: &[StagedLink]) -> Result<()> {
        let sql = "INSERT INTO link_row (mapping, left_id, right_id, link_id) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT (mapping, left_id) DO UPDATE SET right_id = excluded.right_id, \
                   link_id = excluded.link_id";
        self.in_transaction(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            for staged in links {
                statement.execute(params![
                    mapping.as_str(),
                    staged.left.as_str(),
                    staged.right.as_str(),
                    staged.link.0
                ])?;
            }
            Ok(())
        })
    }

    /// Takes a row out, when a later read shows that it is gone.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn remove_row(&self, side: Side, mapping: &MappingName, id: RecordId) -> Result<()> {
        let sql = format!("DELETE FROM {} WHERE mapping = ?1 AND id = ?2", table(side));
        self.connection()?.prepare_cached(&sql)?.execute((mapping.as_str(), id.as_str()))?;
        Ok(())
    }

    /// How many rows of a side are staged.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn count(&self, side: Side, mapping: &MappingName) -> Result<u64> {
        let sql = format!("SELECT count(*) FROM {} WHERE mapping = ?1", table(side));
        let mut statement = self.connection()?.prepare_cached(&sql)?;
        Ok(statement.query_row([mapping.as_str()], |row| row.get(0))?)
    }

    /// One staged row by its id.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn row(
        &self,
        side: Side,
        mapping: &MappingName,
        id: RecordId,
    ) -> Result<Option<StagedRow>> {
        let sql = format!("SELECT {ROW} FROM {} WHERE mapping = ?1 AND id = ?2", table(side));
        let mut statement = self.connection()?.prepare_cached(&sql)?;
        Ok(statement
            .query_row((mapping.as_str(), id.as_str()), |row| read_row(row, 0))
            .optional()?)
    }

    /// A side's rows by id, after one where a page before has been read.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn rows_page(
        &self,
        side: Side,
        mapping: &MappingName,
        after: Option<RecordId>,
        limit: u32,
    ) -> Result<Vec<StagedRow>> {
        let sql = format!(
            "SELECT {ROW} FROM {} WHERE mapping = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
            table(side)
        );
        let after = after.as_ref().map_or("", RecordId::as_str);
        self.page(&sql, (mapping.as_str(), after, limit), |row| read_row(row, 0))
    }

    fn page<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.connection()?.prepare_cached(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<rusqlite::Result<Vec<T>>>()?)
    }

    fn in_transaction(&self, work: impl FnOnce(&Connection) -> Result<()>) -> Result<()> {
        let connection = self.connection()?;
        let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
        work(connection)?;
        Ok(transaction.commit()?)
    }

    fn connection(&self) -> Result<&Connection> {
        self.connection.as_ref().ok_or_else(|| Error::Missing("scratch file".to_owned()))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(self.connection.take());
        // What cannot be removed now is removed by the ledger's next owner.
        let _ = fs::remove_file(&self.path);
    }
}

/// The columns that [`read_row`] reads, in its order.
const ROW: &str = "id, key, modstamp, last_modified, field_values";

fn table(side: Side) -> &'static str {
    match side {
        Side::Left => "left_row",
        Side::Right => "right_row",
    }
}

fn read_row(row: &Row<'_>, first: usize) -> rusqlite::Result<StagedRow> {
    Ok(StagedRow {
        key: row.get(first + 1)?,
        row: SnapshotRow {
            id: row.get::<_, Parsed<_>>(first)?.0,
            modstamp: row.get::<_, Option<Moment>>(first + 2)?.map(|at| at.0),
            last_modified: row.get::<_, Option<Moment>>(first + 3)?.map(|at| at.0),
            values: row.get::<_, Json<_>>(first + 4)?.0,
        },
    })
}

#[cfg(test)]
mod tests;
