//! Syncs: list, read, propose, check, store, switch, delete.

use isthmus_app::{diagnose, suggest, sync_file, syncs};
use isthmus_contract::command::{
    SyncCheck, SyncDelete, SyncGet, SyncList, SyncPropose, SyncSave, SyncSwitch,
};
use isthmus_contract::console::Topic;
use isthmus_contract::sync::{CheckRequest, ProposalRequest, SaveRequest, SwitchRequest};
use tauri::State;

use crate::engine::{Answer, Desk, Engine};

/// The syncs by name, each with its last run.
#[tauri::command]
pub(crate) async fn sync_list(engine: State<'_, Engine>) -> Answer<SyncList> {
    engine.with_workspace::<SyncList>(async |workspace| syncs::listings(workspace)).await
}

/// One sync with its mapping, as document and as text.
#[tauri::command]
pub(crate) async fn sync_get(engine: State<'_, Engine>, request: String) -> Answer<SyncGet> {
    engine.with_workspace::<SyncGet>(async move |workspace| syncs::get(workspace, &request)).await
}

/// Proposes a whole mapping between two orgs.
#[tauri::command]
pub(crate) async fn sync_propose(
    engine: State<'_, Engine>,
    request: ProposalRequest,
) -> Answer<SyncPropose> {
    let propose = async move |workspace: &_| {
        let ProposalRequest { left, right, sync, objects } = &request;
        suggest::suggest(workspace, left, right, sync.as_deref(), objects).await
    };
    engine.with_workspace::<SyncPropose>(propose).await
}

/// Checks a draft against both orgs and brings document and text in step.
#[tauri::command]
pub(crate) async fn sync_check(
    engine: State<'_, Engine>,
    request: CheckRequest,
) -> Answer<SyncCheck> {
    let check = async move |workspace: &_| syncs::check_draft(workspace, &request).await;
    engine.with_workspace::<SyncCheck>(check).await
}

/// Stores a draft as the sync's next version.
#[tauri::command]
pub(crate) async fn sync_save(engine: State<'_, Engine>, request: SaveRequest) -> Answer<SyncSave> {
    let save = async move |desk: &Desk| {
        if let Some(name) = sync_file::name_in(&request.text) {
            desk.refuse_while_sync_works(&name)?;
        }
        let workspace = desk.workspace()?;
        let view = syncs::save(&workspace, &request).await.map_err(|error| diagnose(&error))?;
        desk.changed(Topic::Syncs);
        Ok(view)
    };
    engine.ask::<SyncSave>(save).await
}

/// Lets runs of a sync happen, or keeps them from happening.
#[tauri::command]
pub(crate) async fn sync_switch(
    engine: State<'_, Engine>,
    request: SwitchRequest,
) -> Answer<SyncSwitch> {
    let switch = async move |desk: &Desk| {
        let workspace = desk.workspace()?;
        let view = syncs::switch(&workspace, &request.sync, request.enabled);
        let view = view.map_err(|error| diagnose(&error))?;
        desk.changed(Topic::Syncs);
        Ok(view)
    };
    engine.ask::<SyncSwitch>(switch).await
}

/// Deletes a sync with its links; no record of any org is touched.
#[tauri::command]
pub(crate) async fn sync_delete(engine: State<'_, Engine>, request: String) -> Answer<SyncDelete> {
    let delete = async move |desk: &Desk| {
        desk.refuse_while_sync_works(&request)?;
        let workspace = desk.workspace()?;
        let view = syncs::delete(&workspace, &request).map_err(|error| diagnose(&error))?;
        desk.changed(Topic::Syncs);
        Ok(view)
    };
    engine.ask::<SyncDelete>(delete).await
}
