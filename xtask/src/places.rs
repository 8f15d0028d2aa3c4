//! Where things are: the checkout, the cache folder outside it, the build's target folder.

use std::env;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// The checkout: the folder above this package.
pub(crate) fn checkout() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

/// What is kept between builds and outside the checkout: installed tools and, in CI, the target folder.
pub(crate) fn cache() -> Result<PathBuf> {
    if let Some(folder) = named_folder("ISTHMUS_CACHE") {
        return Ok(folder);
    }
    if let Some(folder) = named_folder("XDG_CACHE_HOME") {
        return Ok(folder.join("isthmus"));
    }
    match named_folder("HOME") {
        Some(home) => Ok(home.join(".cache/isthmus")),
        None => Err(Error::Missing(
            "no cache folder: set ISTHMUS_CACHE to a folder outside the checkout".to_owned(),
        )),
    }
}

/// Root of the tools that `prepare` installs; the programs are in its `bin`.
pub(crate) fn tools() -> Result<PathBuf> {
    Ok(cache()?.join("tools"))
}

/// Cargo's target folder. Cargo gives a program it runs no such variable, so the rule is repeated here.
pub(crate) fn target() -> PathBuf {
    match named_folder("CARGO_TARGET_DIR") {
        Some(folder) if folder.is_absolute() => folder,
        Some(folder) => checkout().join(folder),
        None => checkout().join("target"),
    }
}

fn named_folder(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}
