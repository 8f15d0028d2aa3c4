//! Files that people asked for: written beside their place, readable by their owner alone, then renamed into it.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Writes a file in one step: it is the old one or the whole new one, never half of it.
///
/// # Errors
/// [`Error::File`] when the folder cannot be written, the disk is full, or `fill` fails.
pub fn write_atomically(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<()> {
    write_recorded(path, fill, || Ok(()))
}

/// The same, with a step that must succeed before the file is seen: an export nobody recorded is never there.
///
/// # Errors
/// As [`write_atomically`]; the step's own error, and the old file stands then.
pub(crate) fn write_recorded(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    record: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let unfinished = unfinished_path(path)?;
    let failed = |error: std::io::Error| Error::file(path, &error);
    let written = fill_file(&unfinished, fill)
        .map_err(failed)
        .and_then(|()| record())
        .and_then(|()| fs::rename(&unfinished, path).map_err(failed));
    if written.is_err() {
        // What was begun is of no use to anybody; the old file still stands.
        let _ = fs::remove_file(&unfinished);
    }
    written
}

/// Reads a text file of at most `limit` bytes.
///
/// # Errors
/// [`Error::File`] when it cannot be read, [`Error::FileTooLarge`] when it has more.
pub fn read_limited(path: &Path, limit: usize) -> Result<String> {
    let size = fs::metadata(path).map_err(|error| Error::file(path, &error))?.len();
    if size > limit as u64 {
        return Err(Error::FileTooLarge { path: path.display().to_string(), size, limit });
    }
    fs::read_to_string(path).map_err(|error| Error::file(path, &error))
}

fn unfinished_path(path: &Path) -> Result<PathBuf> {
    let Some(name) = path.file_name() else {
        return Err(Error::BadRequest {
            text: format!("{} names no file", path.display()),
            hint: "give a file name".to_owned(),
        });
    };
    let mut name = name.to_owned();
    name.push(format!(".{}.unfinished", std::process::id()));
    Ok(path.with_file_name(name))
}

fn fill_file(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    owner_only(&mut options);
    let mut file = BufWriter::new(options.open(path)?);
    fill(&mut file)?;
    let file: File = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all()
}

/// Exports hold customers' data, recovery files a key: nobody but their owner reads them.
pub(crate) fn owner_only(options: &mut OpenOptions) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _ = options;
}

#[cfg(test)]
mod tests {
    use super::{write_atomically, write_recorded};
    use crate::error::Error;

    #[test]
    fn a_file_that_fails_midway_leaves_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        write_atomically(&path, |file| file.write_all(b"old")).unwrap();
        let failed = write_atomically(&path, |file| {
            file.write_all(b"new")?;
            Err(std::io::Error::other("no more rows"))
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_cannot_be_recorded_is_never_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        let refused = || Err(Error::bad("no entry".to_owned(), "make room".to_owned()));
        assert!(write_recorded(&path, |file| file.write_all(b"rows"), refused).is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_readable_by_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        write_atomically(&path, |file| file.write_all(b"rows")).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
