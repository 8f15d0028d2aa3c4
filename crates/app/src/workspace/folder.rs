//! Where a workspace is: `$ISTHMUS_HOME/<name>`, or below the user's data folder.

use std::path::{Path, PathBuf};

use isthmus_contract::workspace::WorkspaceView;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::files::{read_limited, write_atomically};

/// The ledger's file.
const LEDGER: &str = "ledger.db";
/// Says under which id the keychain knows the workspace; no secret.
const IDENTITY: &str = "workspace.json";
/// What the last login attempt did.
const LAST_LOGIN: &str = "last-login.json";
/// Longest name: it becomes a folder and part of keychain entries.
const LONGEST_NAME: usize = 40;
/// The identity file is one short line.
const IDENTITY_LIMIT: usize = 4096;

/// A workspace's name and folder; neither needs to exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspacePath {
    name: String,
    folder: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Identity {
    id: String,
}

impl WorkspacePath {
    /// The place of a workspace of this name, as the environment says.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for a name that is no plain word, and where the user has no data folder.
    pub fn find(name: &str) -> Result<Self> {
        let home = match std::env::var_os("ISTHMUS_HOME").filter(|home| !home.is_empty()) {
            Some(home) => PathBuf::from(home),
            None => dirs::data_dir()
                .ok_or_else(|| {
                    Error::bad("this user has no data folder", "set ISTHMUS_HOME to a folder")
                })?
                .join("isthmus"),
        };
        Self::below(&home, name)
    }

    /// The place of a workspace of this name below a folder.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for a name that is no plain word.
    pub fn below(home: &Path, name: &str) -> Result<Self> {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        let starts = name.starts_with(|first: char| first.is_ascii_alphanumeric());
        if !starts || name.len() > LONGEST_NAME || !name.chars().all(plain) {
            let hint = format!("use up to {LONGEST_NAME} letters, digits, `-` and `_`");
            return Err(Error::bad(
                format!("`{}` is no workspace name", name.escape_debug()),
                hint,
            ));
        }
        Ok(Self { name: name.to_owned(), folder: home.join(name) })
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Name and folder.
    #[must_use]
    pub fn view(&self) -> WorkspaceView {
        WorkspaceView { name: self.name.clone(), folder: self.folder.display().to_string() }
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.folder.join(LEDGER)
    }

    pub(crate) fn last_login(&self) -> PathBuf {
        self.folder.join(LAST_LOGIN)
    }

    /// The id under which the keychain knows the workspace; `None` when its file is gone or damaged.
    pub(super) fn identity(&self) -> Option<String> {
        let text = read_limited(&self.folder.join(IDENTITY), IDENTITY_LIMIT).ok()?;
        serde_json::from_str::<Identity>(&text).ok().map(|identity| identity.id)
    }

    pub(super) fn set_identity(&self, id: &str) -> Result<()> {
        let identity = serde_json::json!(Identity { id: id.to_owned() });
        write_atomically(&self.folder.join(IDENTITY), |file| writeln!(file, "{identity}"))
    }

    pub(super) fn remove_identity(&self) {
        // A left-over identity names an entry that is gone too; the next creation overwrites it.
        let _ = std::fs::remove_file(self.folder.join(IDENTITY));
    }

    pub(super) fn missing(&self) -> Error {
        let folder = self.folder.display().to_string();
        Error::NoWorkspace { name: self.name.clone(), folder }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::WorkspacePath;

    #[test]
    fn names_that_would_leave_the_folder_are_refused() {
        for name in ["", "..", "a/b", "a b", "-x", ".hidden", &"x".repeat(41)] {
            assert!(WorkspacePath::below(Path::new("/data"), name).is_err(), "{name:?}");
        }
        let path = WorkspacePath::below(Path::new("/data"), "acme-2").unwrap();
        assert_eq!(path.folder(), Path::new("/data/acme-2"));
    }
}
