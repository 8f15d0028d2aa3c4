//! One owner process per workspace: an OS lock that a killed process cannot leave behind.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::error::{Error, Result};

/// Longest owner text read back; the file is a few words, anything longer is not ours.
const OWNER_TEXT_LIMIT: u64 = 200;

/// Which program owns a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnerKind {
    /// The desktop window.
    Window,
    /// The headless command.
    Command,
}

impl OwnerKind {
    /// The word written into the lock file and shown: `window` or `isthmus`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::Command => "isthmus",
        }
    }
}

/// Who holds a workspace, as far as the lock file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A process that wrote its name.
    Process {
        /// Which program.
        kind: OwnerKind,
        /// Its process id.
        process: u32,
        /// When it took the lock.
        since: Timestamp,
    },
    /// The lock is held, and its file could not be read (Windows locks the text as well).
    Unknown,
}

impl fmt::Display for Owner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Process { kind, process, since } => {
                write!(formatter, "{}, process {process}, since {since:.0}", kind.as_str())
            }
            Self::Unknown => formatter.write_str("another process"),
        }
    }
}

/// The held lock. The OS lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct OwnerLock {
    file: File,
}

impl OwnerLock {
    /// Takes the lock beside the ledger, or says who has it. The lock file itself is never deleted: deleting it
    /// would let two processes lock two different files of the same name.
    pub(crate) fn take(ledger: &Path, kind: OwnerKind, now: Timestamp) -> Result<Self> {
        let path = lock_path(ledger);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        owner_only(&mut options);
        let mut file = options.open(&path).map_err(|error| Error::files(&path, &error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Owned { by: read_owner(&mut file) });
            }
            Err(TryLockError::Error(error)) => return Err(Error::files(&path, &error)),
        }
        let text = format!("{} {} {now}\n", kind.as_str(), std::process::id());
        replace_text(&mut file, &text).map_err(|error| Error::files(&path, &error))?;
        Ok(Self { file })
    }
}

impl Drop for OwnerLock {
    fn drop(&mut self) {
        // A left-over text is harmless: whoever takes the lock next overwrites it.
        let _ = replace_text(&mut self.file, "");
        let _ = self.file.unlock();
    }
}

/// `<ledger>.lock`.
pub(crate) fn lock_path(ledger: &Path) -> PathBuf {
    beside(ledger, ".lock")
}

/// The path with a suffix after its whole file name.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// New files are readable by their owner alone.
pub(crate) fn owner_only(options: &mut OpenOptions) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _ = options;
}

fn replace_text(file: &mut File, text: &str) -> std::io::Result<()> {
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(text.as_bytes())
}

fn read_owner(file: &mut File) -> Owner {
    let mut text = String::new();
    let read = file.take(OWNER_TEXT_LIMIT).read_to_string(&mut text);
    read.ok().and_then(|_| parse_owner(&text)).unwrap_or(Owner::Unknown)
}

fn parse_owner(text: &str) -> Option<Owner> {
    let mut words = text.split_whitespace();
    let kind = match words.next()? {
        "window" => OwnerKind::Window,
        "isthmus" => OwnerKind::Command,
        _ => return None,
    };
    let process = words.next()?.parse().ok()?;
    let since = words.next()?.parse().ok()?;
    Some(Owner::Process { kind, process, since })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Owner, OwnerKind, OwnerLock, lock_path};
    use crate::error::Error;

    #[test]
    fn the_second_owner_is_told_who_the_first_is() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = folder.path().join("ledger.db");
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let first = OwnerLock::take(&ledger, OwnerKind::Window, now).unwrap();
        let second = OwnerLock::take(&ledger, OwnerKind::Command, now).unwrap_err();
        let process = std::process::id();
        let Error::Owned { by } = second else { panic!("{second}") };
        assert_eq!(by, Owner::Process { kind: OwnerKind::Window, process, since: now });
        assert!(by.to_string().starts_with(&format!("window, process {process}, since 2027-")));
        drop(first);
        OwnerLock::take(&ledger, OwnerKind::Command, now).unwrap();
    }

    #[test]
    fn a_text_left_by_a_killed_process_does_not_block() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = folder.path().join("ledger.db");
        std::fs::write(lock_path(&ledger), "isthmus 4294967295 2026-01-01T00:00:00Z\n").unwrap();
        OwnerLock::take(&ledger, OwnerKind::Command, Timestamp::UNIX_EPOCH).unwrap();
    }
}
