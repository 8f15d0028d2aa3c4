//! Opening, creating and closing a ledger, and the one way to write it.

use std::ops::Deref;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, Params, Row, Transaction, TransactionBehavior};

use crate::connection;
use crate::error::{Error, Result};
use crate::key::LedgerKey;
use crate::owner::{OwnerKind, OwnerLock};
use crate::tables::meta;

mod file;
mod opening;

/// What a new ledger records of its making.
#[derive(Debug, Clone, Copy)]
pub struct CreateInfo<'a> {
    /// The present moment.
    pub now: Timestamp,
    /// The version of the running build, for the text that a later refusal shows.
    pub build: &'a str,
    /// The workspace's own id, which names its keychain entries and stands in `client=Isthmus-<workspace>`.
    pub workspace: &'a str,
    /// Which program creates and then owns it.
    pub owner: OwnerKind,
}

/// What opening needs to know.
#[derive(Debug, Clone, Copy)]
pub struct OpenInfo<'a> {
    /// The present moment.
    pub now: Timestamp,
    /// The version of the running build.
    pub build: &'a str,
    /// Which program opens it.
    pub owner: OwnerKind,
}

/// How the ledger's last owner ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreviousStop {
    /// It closed the ledger, or there was none.
    Clean,
    /// It was killed or crashed. The integrity check ran and found nothing; pending runs must be looked at.
    Unclean,
}

/// The ledger's state, for `health`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerHealth {
    /// The bundled SQLite.
    pub sqlite_version: String,
    /// The bundled SQLCipher.
    pub cipher_version: String,
    /// The file's schema.
    pub schema_version: u32,
    /// Size of the file without its write-ahead log.
    pub bytes: u64,
    /// How the last owner ended.
    pub previous_stop: PreviousStop,
}

/// One workspace's open ledger: the only connection to it, in the only process that holds its lock.
///
/// Dropping without [`Ledger::close`] is what a crash looks like: nothing committed is lost, and the next
/// [`Ledger::open`] runs the integrity check.
#[derive(Debug)]
pub struct Ledger {
    // Declared before the lock, so that the connection is closed before another process may open the file.
    connection: Connection,
    path: PathBuf,
    workspace: String,
    previous_stop: PreviousStop,
    _lock: OwnerLock,
}

impl Ledger {
    /// Makes a new ledger and opens it. Nothing is left behind when it fails or is killed midway.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`] when there is a file, [`Error::Owned`] when another process holds the path,
    /// [`Error::DiskFull`], [`Error::Files`].
    pub fn create(path: &Path, key: &LedgerKey, info: CreateInfo<'_>) -> Result<Self> {
        file::make_folder(path)?;
        let lock = OwnerLock::take(path, info.owner, info.now)?;
        if path.exists() {
            return Err(Error::AlreadyExists(path.display().to_string()));
        }
        file::remove_left_overs(path);
        opening::build_new_file(path, key, info)?;
        Self::open_locked(path, key, info.build, lock)
    }

    /// Opens an existing ledger, migrates it upward and checks it after an unclean stop.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Owned`], [`Error::WrongKey`], [`Error::NewerSchema`], [`Error::Damaged`],
    /// [`Error::NotALedger`], [`Error::DiskFull`]; in each case the file is as it was.
    pub fn open(path: &Path, key: &LedgerKey, info: OpenInfo<'_>) -> Result<Self> {
        if !path.is_file() {
            return Err(Error::NotFound(path.display().to_string()));
        }
        let lock = OwnerLock::take(path, info.owner, info.now)?;
        file::remove_left_overs(path);
        Self::open_locked(path, key, info.build, lock)
    }

    fn open_locked(path: &Path, key: &LedgerKey, build: &str, lock: OwnerLock) -> Result<Self> {
        let (connection, previous_stop) = opening::open_file(path, key, build)?;
        let workspace = meta::value(&connection, meta::WORKSPACE)?
            .ok_or_else(|| Error::Damaged { findings: vec!["no workspace id".to_owned()] })?;
        Ok(Self { connection, path: path.to_owned(), workspace, previous_stop, _lock: lock })
    }

    /// Moves everything into the main file, marks the stop as clean and gives the lock back.
    ///
    /// # Errors
    /// [`Error::DiskFull`] and other write errors; what was committed stays either way.
    pub fn close(self) -> Result<()> {
        meta::set_value(&self.connection, meta::CLEAN_STOP, "1")?;
        opening::checkpoint(&self.connection)?;
        opening::checkpoint_on_close(&self.connection, true)?;
        self.connection.close().map_err(|(_, error)| error.into())
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The workspace's own id, given at creation.
    #[must_use]
    pub fn workspace(&self) -> &str {
        &self.workspace
    }

    /// How the last owner ended.
    #[must_use]
    pub fn previous_stop(&self) -> PreviousStop {
        self.previous_stop
    }

    /// All reads. Inside [`Ledger::write`] use the transaction, which has the same methods.
    #[must_use]
    pub fn read(&self) -> Reader<'_> {
        Reader { connection: &self.connection }
    }

    /// One transaction: everything `work` writes is stored together, or nothing is.
    ///
    /// `work` must give back the first error it meets: a full disk rolls the whole transaction back under it.
    /// Writes do not nest; `work` takes the transaction it is given.
    ///
    /// # Errors
    /// The error of `work`, or of the commit.
    pub fn write<T>(&self, work: impl FnOnce(&WriteTransaction<'_>) -> Result<T>) -> Result<T> {
        // `&self`, because the engine's tasks share one ledger on one thread; the connection is not Sync.
        let behavior = TransactionBehavior::Immediate;
        let transaction = Transaction::new_unchecked(&self.connection, behavior)?;
        let value = work(&WriteTransaction { reader: Reader { connection: &self.connection } })?;
        if self.connection.is_autocommit() {
            return Err(Error::RolledBack);
        }
        transaction.commit()?;
        Ok(value)
    }

    /// State for `health`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn health(&self) -> Result<LedgerHealth> {
        let file =
            std::fs::metadata(&self.path).map_err(|error| Error::files(&self.path, &error))?;
        Ok(LedgerHealth {
            sqlite_version: connection::sqlite_version().to_owned(),
            cipher_version: connection::cipher_version(&self.connection)?.unwrap_or_default(),
            schema_version: crate::migration::schema_of(&self.connection)?,
            bytes: file.len(),
            previous_stop: self.previous_stop,
        })
    }

    /// The whole integrity check, of cipher and structure, at any time.
    ///
    /// # Errors
    /// [`Error::Damaged`] with what was found.
    pub fn check_integrity(&self) -> Result<()> {
        opening::check_integrity(&self.connection)
    }

    /// Limits the file to so many pages of 4096 bytes, below what it has: no further growth. With this a test sees
    /// a full disk without filling one; the limit holds until the ledger is closed.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn set_max_page_count(&self, pages: u32) -> Result<()> {
        self.connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
        Ok(())
    }
}

/// The ledger's reads, by table: see the `tables` folder.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    pub(crate) connection: &'a Connection,
}

impl Reader<'_> {
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<rusqlite::Result<Vec<T>>>()?)
    }

    pub(crate) fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        Ok(rows.next()?.map(&mut read).transpose()?)
    }
}

/// One open transaction: all of [`Reader`], and the writes by table.
#[derive(Debug)]
pub struct WriteTransaction<'a> {
    reader: Reader<'a>,
}

impl<'a> Deref for WriteTransaction<'a> {
    type Target = Reader<'a>;

    fn deref(&self) -> &Self::Target {
        &self.reader
    }
}

impl WriteTransaction<'_> {
    pub(crate) fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        Ok(self.reader.connection.prepare_cached(sql)?.execute(params)?)
    }

    /// Executes a change that must meet exactly one row.
    pub(crate) fn execute_one(&self, sql: &str, params: impl Params, what: &str) -> Result<()> {
        match self.execute(sql, params)? {
            0 => Err(Error::Missing(what.to_owned())),
            _ => Ok(()),
        }
    }

    pub(crate) fn insert(&self, sql: &str, params: impl Params) -> Result<i64> {
        Ok(self.reader.connection.prepare_cached(sql)?.insert(params)?)
    }
}

#[cfg(test)]
mod tests;
