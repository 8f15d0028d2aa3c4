//! The exit codes that `isthmus --help` documents.

pub(crate) const REFUSED: i32 = 3;
pub(crate) const NOT_FOUND: i32 = 4;
pub(crate) const NOT_CONNECTED: i32 = 5;
pub(crate) const ORG: i32 = 6;
pub(crate) const OWNED: i32 = 8;
pub(crate) const KEYCHAIN: i32 = 9;
pub(crate) const UNCHANGED: i32 = 10;
pub(crate) const PARTIAL: i32 = 11;
pub(crate) const STOPPED: i32 = 12;
pub(crate) const FILES: i32 = 14;
pub(crate) const WARNING: i32 = 20;
