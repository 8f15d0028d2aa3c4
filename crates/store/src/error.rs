//! What can go wrong with the ledger; each text tells the next step and none holds a record's values.

use rusqlite::ErrorCode;

use crate::owner::Owner;

/// The result of everything the ledger does.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the ledger could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no file; opening never makes one.
    #[error("there is no workspace at {0}; create it first, or check the path")]
    NotFound(String),
    /// Creating never overwrites.
    #[error("a workspace exists already at {0}; open it, or choose another path")]
    AlreadyExists(String),
    /// Another process holds the workspace.
    #[error("the workspace is owned by {by}; end it or wait until it is done, then try again")]
    Owned {
        /// Who holds it.
        by: Owner,
    },
    /// The key does not fit the file, or the file's first page is damaged: encryption makes both look the same.
    #[error(
        "the key does not open this workspace (it belongs to another one, or the file was swapped or damaged); \
         nothing was changed: give the recovery key, or restore the file from a backup"
    )]
    WrongKey,
    /// The recovery key was typed wrongly.
    #[error(
        "this is not a recovery key ({0}); compare it with the copy that was shown when the workspace was created"
    )]
    RecoveryKey(&'static str),
    /// Opened by the key, but not one of Isthmus's files.
    #[error("the file is not an Isthmus workspace; check the path")]
    NotALedger,
    /// A newer build has migrated the file.
    #[error(
        "the workspace has schema {found} and this build knows schemas up to {known}; \
         nothing was changed: open it with Isthmus {opened_by} or newer"
    )]
    NewerSchema {
        /// The file's schema.
        found: u32,
        /// The newest schema this build knows.
        known: u32,
        /// The build that made the file's schema.
        opened_by: String,
    },
    /// A migration failed; the file still has its earlier schema.
    #[error(
        "the workspace could not be brought to this build's schema ({0}); it still has the earlier one: open it with the earlier build"
    )]
    Migration(String),
    /// The integrity check after an unclean stop, or a read, found damage.
    #[error("the workspace file is damaged ({}); nothing was changed: restore it from a backup", .findings.join("; "))]
    Damaged {
        /// What the check said, page and table names only.
        findings: Vec<String>,
    },
    /// The library was built without encryption; nothing is ever stored in plain text.
    #[error(
        "this build has no SQLCipher, so the workspace would not be encrypted; install an official build"
    )]
    NotEncrypted,
    /// The bundled SQLite is older than the first without the WAL-reset bug.
    #[error(
        "this build has SQLite {0}, and versions before 3.51.3 can lose committed data; install an official build"
    )]
    OldSqlite(String),
    /// No room for the write; the transaction was rolled back.
    #[error(
        "the disk is full, so nothing of this step was stored; free space on the workspace's disk and run again"
    )]
    DiskFull,
    /// SQLite gave up the transaction on its own.
    #[error(
        "the workspace rolled a transaction back, so nothing of this step was stored; run again"
    )]
    RolledBack,
    /// Another program has the file open without Isthmus's lock.
    #[error("another program has the workspace file open; close it and try again")]
    Busy,
    /// The file or its folder cannot be written.
    #[error(
        "the workspace file or its folder is read-only; give this user the right to write there"
    )]
    ReadOnly,
    /// A row that must be unique exists already; the text names the columns.
    #[error(
        "the workspace already has such a row ({0}); choose another name, or remove the other one first"
    )]
    Duplicate(String),
    /// A row refers to one that is not there, or one that others need would go.
    #[error("the workspace refused a row that does not fit the others ({0}); run `isthmus health`")]
    Constraint(String),
    /// What was asked for is not in the ledger.
    #[error("the workspace has no {0}; list what there is and try again")]
    Missing(String),
    /// The sync cannot be deleted now.
    #[error("run {0} of this sync has not ended; resume or stop it first")]
    SyncBusy(isthmus_model::ids::RunId),
    /// A number does not fit its column.
    #[error("{0} is larger than the workspace can hold; split the run")]
    TooLarge(&'static str),
    /// A value could not be written as JSON.
    #[error("a {0} could not be encoded; report this with the log")]
    Encode(&'static str),
    /// The file system refused.
    #[error(
        "the workspace's files could not be used at {path}: {reason}; check the folder and its rights"
    )]
    Files {
        /// Where.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// Anything else SQLite says.
    #[error("the workspace could not be used: {0}; run `isthmus health`")]
    Sqlite(String),
}

impl Error {
    /// True when trying again without a person's help cannot succeed.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        !matches!(self, Self::Owned { .. } | Self::Busy | Self::DiskFull | Self::RolledBack)
    }

    pub(crate) fn files(path: &std::path::Path, error: &std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull {
            return Self::DiskFull;
        }
        Self::Files { path: path.display().to_string(), reason: error.to_string() }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(failure, message) = &error else {
            return Self::Sqlite(error.to_string());
        };
        let text = message.clone().unwrap_or_else(|| failure.to_string());
        match (failure.code, failure.extended_code) {
            // Growing the WAL index on a full disk is reported as an I/O error of its own.
            (ErrorCode::DiskFull, _)
            | (ErrorCode::SystemIoFailure, rusqlite::ffi::SQLITE_IOERR_SHMSIZE) => Self::DiskFull,
            (ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt, _) => {
                Self::Damaged { findings: vec![text] }
            }
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Self::Busy,
            (ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied, _) => {
                Self::ReadOnly
            }
            (
                ErrorCode::ConstraintViolation,
                rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE
                | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
            ) => Self::Duplicate(text),
            (ErrorCode::ConstraintViolation, _) => Self::Constraint(text),
            _ => Self::Sqlite(text),
        }
    }
}
