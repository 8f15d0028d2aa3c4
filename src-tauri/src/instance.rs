//! One window per workspace: a second start shows the first one.

use std::ffi::OsStr;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Runtime};

use crate::window;

/// Letters of the mark: enough that two workspaces of one person never share it.
const MARK_BYTES: usize = 8;

/// Finds an earlier start of the same workspace, shows its window and ends this one. Where the system has no place to
/// meet (no session bus), both start, and the second says who owns the workspace.
pub(crate) fn plugin<R: Runtime>(identifier: &str, workspace: &str) -> TauriPlugin<R> {
    let home = std::env::var_os("ISTHMUS_HOME").unwrap_or_default();
    let name = meeting_name(identifier, &home, workspace);
    tauri_plugin_single_instance::Builder::new()
        .dbus_id(name)
        .callback(|app: &AppHandle<R>, _arguments, _folder| window::show_again(app))
        .build()
}

/// Where starts of one workspace meet: a consultant has a window per client, and each workspace has one owner.
fn meeting_name(identifier: &str, home: &OsStr, workspace: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(home.as_encoded_bytes());
    hash.update([0]);
    hash.update(workspace);
    let mark = hash.finalize().iter().take(MARK_BYTES).fold(String::new(), |mut mark, byte| {
        // Writing into a string cannot fail.
        let _ = write!(mark, "{byte:02x}");
        mark
    });
    // A part of a bus name may not begin with a digit.
    format!("{identifier}.workspace_{mark}")
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::meeting_name;

    #[test]
    fn each_workspace_of_each_home_meets_in_a_place_of_its_own() {
        let name = |home: &str, workspace| {
            meeting_name("org.isthmus.console", OsStr::new(home), workspace)
        };
        assert_eq!(name("/home", "default"), name("/home", "default"));
        assert_ne!(name("/home", "default"), name("/home", "acme"));
        assert_ne!(name("/home", "default"), name("/other", "default"));
        assert_ne!(name("/a", "b"), name("/", "ab"));
        assert!(name("/home", "default").starts_with("org.isthmus.console.workspace_"));
    }
}
