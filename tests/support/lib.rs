//! What the end-to-end tests share: served orgs, a private keychain, the `isthmus` command, mapping files.

pub mod binary;
pub mod in_process;
pub mod isthmus;
pub mod keychain;
pub mod lane;
pub mod mapping;
pub mod orgs;
pub mod refused;
pub mod running;
