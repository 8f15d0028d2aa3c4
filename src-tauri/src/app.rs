//! The application: its commands and its window.

use crate::commands::about;

/// Opens the window and returns once it is closed.
///
/// # Errors
///
/// Where no display or no web view is to be had.
pub fn run() -> tauri::Result<()> {
    tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![about::about])
        .run(tauri::generate_context!())
}
