//! The folder outside the checkout that installed tools and clients are kept in.

use std::path::PathBuf;

/// `$ISTHMUS_CACHE`, else `isthmus` in the user's cache folder; `None` where neither is known.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    let given =
        |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    given("ISTHMUS_CACHE")
        .or_else(|| given("XDG_CACHE_HOME").map(|folder| folder.join("isthmus")))
        .or_else(|| given("HOME").map(|home| home.join(".cache/isthmus")))
}
