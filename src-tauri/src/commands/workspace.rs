//! The workspace: open, create, recover.

use isthmus_contract::command::{WorkspaceCreate, WorkspaceOpen, WorkspaceRecover};
use isthmus_contract::workspace::RecoveryFile;
use tauri::State;

use crate::engine::{Answer, Engine};

/// The workspace as it stands; opens it where it is closed.
#[tauri::command]
pub(crate) async fn workspace_open(engine: State<'_, Engine>) -> Answer<WorkspaceOpen> {
    engine.ask::<WorkspaceOpen>(async |desk| desk.open().await).await
}

/// Creates the workspace; its recovery key goes into a file.
#[tauri::command]
pub(crate) async fn workspace_create(
    engine: State<'_, Engine>,
    request: RecoveryFile,
) -> Answer<WorkspaceCreate> {
    engine.ask::<WorkspaceCreate>(async move |desk| desk.create(request).await).await
}

/// Puts the ledger's key back into the keychain, from the file of the recovery key.
#[tauri::command]
pub(crate) async fn workspace_recover(
    engine: State<'_, Engine>,
    request: RecoveryFile,
) -> Answer<WorkspaceRecover> {
    engine.ask::<WorkspaceRecover>(async move |desk| desk.recover(request).await).await
}
