//! The map: which fields look alike.

use isthmus_app::suggest;
use isthmus_contract::command::MapSuggest;
use isthmus_contract::map::PairRequest;
use tauri::State;

use crate::engine::{Answer, Engine};

/// Fields of two objects that look alike, each pair with score and reason.
#[tauri::command]
pub(crate) async fn map_suggest(
    engine: State<'_, Engine>,
    request: PairRequest,
) -> Answer<MapSuggest> {
    let pair = async move |workspace: &_| suggest::pair(workspace, &request).await;
    engine.with_workspace::<MapSuggest>(pair).await
}
