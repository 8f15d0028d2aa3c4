//! Where the clients are: their scripts in the checkout, themselves in the cache folder that `prepare` filled.

use std::path::{Path, PathBuf};

use isthmus_tests::cache;

/// The top of the checkout.
pub(crate) fn checkout() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().expect("the package of the tests is a folder of the checkout").to_path_buf()
}

/// The folder that `prepare` filled.
///
/// # Panics
/// When it did not run to its end.
pub(crate) fn folder() -> PathBuf {
    let folder = cache::folder().expect("a home folder").join("clients");
    assert!(
        folder.join("prepared").is_file(),
        "the third-party clients are not installed: run tests/clients/prepare, or cargo xtask prepare"
    );
    folder
}
