//! The ledger's files: folder and modes, and what a killed process may have left beside it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::owner::beside;

/// A ledger being made has this suffix until it is whole.
pub(super) fn unfinished_path(ledger: &Path) -> PathBuf {
    beside(ledger, ".unfinished")
}

/// SQLite's write-ahead log of a file.
pub(super) fn log_path(ledger: &Path) -> PathBuf {
    beside(ledger, "-wal")
}

/// Makes the ledger's folder, open to its owner alone; a folder that exists is left as it is.
pub(super) fn make_folder(ledger: &Path) -> Result<()> {
    let Some(folder) = ledger.parent().filter(|folder| !folder.as_os_str().is_empty()) else {
        return Ok(());
    };
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder).map_err(|error| Error::files(folder, &error))
}

/// Takes away group and other rights that a copy or restore may have given the file.
pub(super) fn restrict(ledger: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let metadata = fs::metadata(ledger).map_err(|error| Error::files(ledger, &error))?;
        if metadata.permissions().mode() & 0o077 != 0 {
            fs::set_permissions(ledger, fs::Permissions::from_mode(0o600))
                .map_err(|error| Error::files(ledger, &error))?;
        }
    }
    #[cfg(not(unix))]
    let _ = ledger;
    Ok(())
}

/// Removes scratch files and half-made ledgers of a killed process. Only the lock's holder may call this.
pub(super) fn remove_left_overs(ledger: &Path) {
    let (Some(folder), Some(name)) = (ledger.parent(), ledger.file_name()) else {
        return;
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let prefixes = [".unfinished", crate::scratch::SUFFIX]
        .map(|suffix| format!("{}{suffix}", name.to_string_lossy()));
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let found = entry.file_name();
        let found = found.to_string_lossy();
        if prefixes.iter().any(|prefix| found.starts_with(prefix.as_str())) {
            // What cannot be removed now is tried again at the next start.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Makes the renamed file's directory entry durable.
pub(super) fn sync_folder(ledger: &Path) {
    #[cfg(unix)]
    if let Some(folder) = ledger.parent()
        && let Ok(folder) = fs::File::open(folder)
    {
        // Some file systems refuse to sync a folder; the file itself is durable already.
        let _ = folder.sync_all();
    }
    #[cfg(not(unix))]
    let _ = ledger;
}
