//! What the console says about itself.

use isthmus_contract::about::About;
use isthmus_contract::command::AboutConsole;
use tauri::State;

use crate::engine::Answer;
use crate::places::Places;

/// The build that answers, and where a person's files go.
#[tauri::command]
pub(crate) async fn about(places: State<'_, Places>) -> Answer<AboutConsole> {
    Ok(About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        downloads: places.downloads.display().to_string(),
    })
}
