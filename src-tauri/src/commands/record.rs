//! Records of an org.

use isthmus_app::search;
use isthmus_contract::command::RecordSearchRows;
use isthmus_contract::record::RecordSearch;
use tauri::State;

use crate::engine::{Answer, Engine};

/// Searches records of an org by name, id or SOQL condition.
#[tauri::command]
pub(crate) async fn record_search(
    engine: State<'_, Engine>,
    request: RecordSearch,
) -> Answer<RecordSearchRows> {
    let look = async move |workspace: &_| search::search(workspace, &request).await;
    engine.with_workspace::<RecordSearchRows>(look).await
}
