//! Orgs: connect, look at, test, disconnect.

use isthmus_app::{diagnose, org};
use isthmus_contract::command::{
    OrgConnect, OrgConnectCancel, OrgDisconnect, OrgFields, OrgGuide, OrgHealthCheck, OrgLastLogin,
    OrgList, OrgObjects, OrgTest,
};
use isthmus_contract::console::Topic;
use isthmus_contract::map::FieldsRequest;
use isthmus_contract::org::{ConnectOrder, LoginStep};
use tauri::State;
use tauri::ipc::Channel;

use crate::engine::{Answer, Engine};

/// The orgs by name.
#[tauri::command]
pub(crate) async fn org_list(engine: State<'_, Engine>) -> Answer<OrgList> {
    engine.with_workspace::<OrgList>(async |workspace| org::list(workspace)).await
}

/// What an External Client App must be set to.
#[tauri::command]
pub(crate) async fn org_guide() -> Answer<OrgGuide> {
    Ok(org::guide())
}

/// Connects an org through the system browser; tells each step as it is taken.
#[tauri::command]
pub(crate) async fn org_connect(
    engine: State<'_, Engine>,
    request: ConnectOrder,
    events: Channel<LoginStep>,
) -> Answer<OrgConnect> {
    // A page that was left hears nothing of it; the login goes on and its end is told to all.
    let tell = move |step| drop(events.send(step));
    engine.ask::<OrgConnect>(async move |desk| desk.log_in(request, tell).await).await
}

/// Gives up the login that is waiting for the browser.
#[tauri::command]
pub(crate) async fn org_connect_cancel(engine: State<'_, Engine>) -> Answer<OrgConnectCancel> {
    let give_up = async |desk: &crate::engine::Desk| {
        desk.give_up_login();
        Ok(())
    };
    engine.ask::<OrgConnectCancel>(give_up).await
}

/// Tests a connection step by step.
#[tauri::command]
pub(crate) async fn org_test(engine: State<'_, Engine>, request: String) -> Answer<OrgTest> {
    let test = async move |workspace: &_| org::test(workspace, &request).await;
    engine.with_workspace::<OrgTest>(test).await
}

/// Asks an org how it is.
#[tauri::command]
pub(crate) async fn org_health(
    engine: State<'_, Engine>,
    request: String,
) -> Answer<OrgHealthCheck> {
    let ask = async move |workspace: &_| org::health_of(workspace, &request).await;
    engine.with_workspace::<OrgHealthCheck>(ask).await
}

/// Gives an org's grant back and forgets its tokens.
#[tauri::command]
pub(crate) async fn org_disconnect(
    engine: State<'_, Engine>,
    request: String,
) -> Answer<OrgDisconnect> {
    let disconnect = async move |desk: &crate::engine::Desk| {
        desk.refuse_while_org_works(&request)?;
        let workspace = desk.workspace()?;
        let view = org::disconnect(&workspace, &request).await;
        desk.changed(Topic::Orgs);
        view.map_err(|error| diagnose(&error))
    };
    engine.ask::<OrgDisconnect>(disconnect).await
}

/// What the last login attempt did.
#[tauri::command]
pub(crate) async fn org_last_login(engine: State<'_, Engine>) -> Answer<OrgLastLogin> {
    engine.with_workspace::<OrgLastLogin>(async |workspace| org::last_login(workspace)).await
}

/// An org's objects.
#[tauri::command]
pub(crate) async fn org_objects(engine: State<'_, Engine>, request: String) -> Answer<OrgObjects> {
    let list = async move |workspace: &_| org::objects(workspace, &request).await;
    engine.with_workspace::<OrgObjects>(list).await
}

/// An object with its fields.
#[tauri::command]
pub(crate) async fn org_fields(
    engine: State<'_, Engine>,
    request: FieldsRequest,
) -> Answer<OrgFields> {
    let describe = async move |workspace: &_| org::fields(workspace, &request).await;
    engine.with_workspace::<OrgFields>(describe).await
}
