//! Where the built binaries are: beside the test's own.

use std::path::PathBuf;

/// The path of a binary of this workspace.
///
/// # Panics
/// When it has not been built; the text says how.
#[must_use]
pub fn path(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("a test knows its own path");
    let folder =
        own.parent().and_then(std::path::Path::parent).expect("tests lie in target/<profile>/deps");
    let binary = folder.join(name);
    assert!(
        binary.exists(),
        "{name} is not built; run `cargo xtask test`, or `cargo build -p` its package first"
    );
    binary
}

/// The path of an example of this workspace, which `cargo build --examples` builds.
///
/// # Panics
/// As [`path`].
#[must_use]
pub fn example(name: &str) -> PathBuf {
    path(&format!("examples/{name}"))
}
