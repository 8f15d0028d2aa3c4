//! Plans: make one, read one.

use isthmus_app::plan;
use isthmus_contract::command::{PlanGet, PlanMake, PlanRowsPage};
use isthmus_contract::console::JobKind;
use isthmus_contract::plan::PlanRowsRequest;
use isthmus_contract::request::RunRequest;
use isthmus_model::ids::RunId;
use tauri::State;

use crate::engine::{Answer, Desk, Engine, Outline};

/// The view of a plan that was just made holds no rows: the page asks for them by page.
const NO_ROWS: u64 = 0;

/// Plans a sync, or selected records of it; nothing is written.
#[tauri::command]
pub(crate) async fn plan_make(engine: State<'_, Engine>, request: RunRequest) -> Answer<PlanMake> {
    let make = async move |desk: &Desk| {
        let outline = Outline::of_sync(&*desk.workspace()?, &request.sync, JobKind::Plan)?;
        desk.carry_out(outline, async |workspace, watch, cancel| {
            plan::plan(workspace, &request, NO_ROWS, watch, cancel).await
        })
        .await
    };
    engine.ask::<PlanMake>(make).await
}

/// A plan that was made before.
#[tauri::command]
pub(crate) async fn plan_get(engine: State<'_, Engine>, request: RunId) -> Answer<PlanGet> {
    let read = async move |workspace: &_| plan::stored(workspace, request);
    engine.with_workspace::<PlanGet>(read).await
}

/// One page of a plan's rows.
#[tauri::command]
pub(crate) async fn plan_rows(
    engine: State<'_, Engine>,
    request: PlanRowsRequest,
) -> Answer<PlanRowsPage> {
    let read = async move |workspace: &_| plan::rows(workspace, &request);
    engine.with_workspace::<PlanRowsPage>(read).await
}
