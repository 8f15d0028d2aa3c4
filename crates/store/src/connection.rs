//! Opening an encrypted SQLite connection: key first, then the checks, then the switches.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::{Error, Result};
use crate::key::LedgerKey;

/// The first SQLite without the WAL-reset bug, which could lose committed data (reliability, section 1).
const OLDEST_SQLITE: i32 = 3_051_003;
/// Marks the file as Isthmus's: "ISTH" as a number.
pub(crate) const APPLICATION_ID: i32 = 0x4953_5448;
/// How long a foreign program that holds the file is waited for. Owners are kept apart by the lock file before that.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Prepared statements kept: more than all the ledger's statements together.
const STATEMENT_CACHE: usize = 256;

/// Opens an existing file with its key. No path of this makes a file.
pub(crate) fn open(path: &Path, key: &LedgerKey) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.execute_batch(&key.pragma())?;
    check_library(&connection)?;
    // One process owns the file, so the log's index lives in memory and no shared-memory file is made.
    connection.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(()))?;
    check_key(&connection)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    // No mapped memory and no temporary files: both would show plain pages outside the encrypted file.
    connection.execute_batch(
        "PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; \
         PRAGMA cell_size_check = ON;",
    )?;
    Ok(connection)
}

/// The library's own version, for health.
pub(crate) fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// SQLCipher's version, or `None` when the library does not encrypt.
pub(crate) fn cipher_version(connection: &Connection) -> Result<Option<String>> {
    let mut statement = connection.prepare("PRAGMA cipher_version")?;
    let mut rows = statement.query([])?;
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
}

fn check_library(connection: &Connection) -> Result<()> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(Error::OldSqlite(sqlite_version().to_owned()));
    }
    cipher_version(connection)?.map(|_| ()).ok_or(Error::NotEncrypted)
}

/// The first read decrypts the first page: with a wrong key it is noise.
fn check_key(connection: &Connection) -> Result<()> {
    let read = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
    match read {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            Err(Error::WrongKey)
        }
        other => Ok(other?),
    }
}
