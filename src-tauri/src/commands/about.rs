//! What the console says about itself.

use isthmus_contract::about::About;

/// The version of this build.
#[tauri::command]
pub(crate) fn about() -> About {
    About { version: env!("CARGO_PKG_VERSION").to_owned() }
}
