//! The recovery key in a file, so that it crosses no window: written before the workspace is made, read to recover it.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use isthmus_contract::workspace::WorkspaceView;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::create::{create_keeping, refuse_existing};
use super::{Surroundings, WorkspacePath, recover};
use crate::error::{Error, Result};
use crate::files::{owner_only, read_limited};

/// A key and a few lines of words; whoever chose a photo or a ledger is told so.
const LARGEST_FILE_BYTES: usize = 16 * 1024;
/// Lines of words begin with this.
const WORDS: char = '#';

/// Creates a workspace and keeps its recovery key in a new file that its owner alone can read.
///
/// # Errors
/// As [`super::create()`]; [`Error::File`] when the file is there already or cannot be written, and [`Error::BadRequest`]
/// when it would lie beside the ledger. Neither the workspace nor the file is left behind then.
pub fn create_with_recovery_file(
    path: &WorkspacePath,
    surroundings: &Surroundings,
    file: &Path,
) -> Result<WorkspaceView> {
    refuse_existing(path)?;
    if file.starts_with(path.folder()) {
        return Err(Error::bad(
            "the recovery key would lie beside the ledger that it opens",
            "choose another folder: a stick, another disk, or one that a password manager keeps",
        ));
    }
    let mut new = NewFile::make(file)?;
    let created = create_keeping(path, surroundings, |key| new.write(path.name(), key))?;
    new.is_kept = true;
    Ok(created.workspace)
}

/// Puts the ledger's key back into the keychain, from a file that holds the recovery key.
///
/// # Errors
/// As [`super::recover()`]; [`Error::File`] and [`Error::FileTooLarge`].
pub async fn recover_from_file(
    path: &WorkspacePath,
    surroundings: &Surroundings,
    file: &Path,
    wait: Duration,
) -> Result<WorkspaceView> {
    let text = Zeroizing::new(read_limited(file, LARGEST_FILE_BYTES)?);
    // A printed key is typed in again on one line or several, with or without the words around it.
    let lines = text.lines().filter(|line| !line.trim_start().starts_with(WORDS));
    let key = SecretString::from(lines.collect::<Vec<_>>().join(" "));
    if key.expose_secret().trim().is_empty() {
        return Err(Error::bad(
            format!("{} holds no recovery key", file.display()),
            "choose the file that was saved when the workspace was created",
        ));
    }
    recover(path, surroundings, &key, wait).await
}

/// A file that goes away again unless it is kept.
struct NewFile<'a> {
    path: &'a Path,
    file: File,
    is_kept: bool,
}

impl<'a> NewFile<'a> {
    /// Makes it, and fails where it is there already: nothing is ever written over.
    fn make(path: &'a Path) -> Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        owner_only(&mut options);
        let file = options.open(path).map_err(|error| Error::file(path, &error))?;
        Ok(Self { path, file, is_kept: false })
    }

    /// Writes the key down to the disk.
    fn write(&mut self, workspace: &str, key: &SecretString) -> Result<()> {
        let text = Zeroizing::new(format!(
            "{WORDS} Recovery key of the Isthmus workspace `{workspace}`.\n\
             {WORDS} It opens the workspace's ledger when this machine's keychain cannot.\n\
             {WORDS} Keep it away from this machine, and show it to nobody.\n\
             \n\
             {}\n",
            key.expose_secret()
        ));
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_all());
        written
            .and_then(|()| sync_folder(self.path))
            .map_err(|error| Error::file(self.path, &error))
    }
}

impl Drop for NewFile<'_> {
    fn drop(&mut self) {
        if !self.is_kept
            && let Err(error) = fs::remove_file(self.path)
        {
            tracing::warn!(%error, "a recovery file that opens nothing is left behind");
        }
    }
}

/// The file's name reaches the disk with its folder.
#[cfg(unix)]
fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> std::io::Result<()> {
    Ok(())
}
