//! What the end-to-end tests share: served orgs, a private keychain, the `isthmus` command, mapping files, windows.

pub mod axe;
pub mod binary;
pub mod cache;
pub mod client;
pub mod display;
pub mod filled;
pub mod in_process;
pub mod isthmus;
pub mod keychain;
pub mod lane;
pub mod mapping;
pub mod measure;
pub mod orgs;
pub mod page;
pub mod refused;
pub mod running;
pub mod showcase;
#[cfg(unix)]
pub mod small_disk;
#[cfg(target_os = "linux")]
pub mod title_bar;
pub mod webdriver;
pub mod window;
