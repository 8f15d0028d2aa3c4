//! A folder of one's own that goes when its owner goes.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// A folder under the system's temporary folder, readable by its owner alone, deleted on drop.
#[derive(Debug)]
pub(crate) struct TemporaryFolder {
    path: PathBuf,
}

impl TemporaryFolder {
    /// Makes the folder. `purpose` is part of its name, so that a left-over one tells where it came from.
    pub(crate) fn create(purpose: &str) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("isthmus-{purpose}-{}", std::process::id()));
        create_private(&path)?;
        Ok(Self { path })
    }

    /// Makes a folder inside.
    pub(crate) fn subfolder(&self, name: &str) -> Result<PathBuf> {
        let path = self.path.join(name);
        create_private(&path)?;
        Ok(path)
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // Nothing can be done about a folder that will not go; the system clears its temporary folder itself.
        let _left_over = fs::remove_dir_all(&self.path);
    }
}

fn create_private(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|source| Error::file("making the folder", path, source))
}
