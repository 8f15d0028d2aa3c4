//! The workspace at a glance.

use isthmus_contract::command::Overview;
use tauri::State;

use crate::engine::{Answer, Engine};

/// Orgs, syncs, alerts and the last thirty days, from the ledger alone.
#[tauri::command]
pub(crate) async fn overview(engine: State<'_, Engine>) -> Answer<Overview> {
    engine
        .with_workspace::<Overview>(async |workspace| isthmus_app::overview::overview(workspace))
        .await
}
