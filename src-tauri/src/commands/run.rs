//! Runs: carry out, stop, read, export.

use isthmus_app::{diagnose, report, run};
use isthmus_contract::command::{
    RunCancel, RunExport, RunList, RunReport, RunRow, RunRows, RunStart,
};
use isthmus_contract::run::{
    ExportFormat, ExportOrder, ExportView, RowRequest, RunOrder, RunRowsRequest, RunsRequest,
};
use isthmus_model::ids::RunId;
use tauri::State;

use crate::engine::{Answer, Desk, Engine, Outline};
use crate::places::export_file;

/// Carries out a plan, runs a sync, retries or resumes a run; answers when it has ended.
#[tauri::command]
pub(crate) async fn run_start(engine: State<'_, Engine>, request: RunOrder) -> Answer<RunStart> {
    let start = async move |desk: &Desk| {
        let outline = Outline::of_order(&*desk.workspace()?, &request)?;
        desk.carry_out(outline, async |workspace, watch, cancel| match &request {
            RunOrder::Sync(whole) => run::run(workspace, whole, watch, cancel).await,
            RunOrder::Retry(of) => run::retry(workspace, *of, watch, cancel).await,
            RunOrder::Plan(of) | RunOrder::Resume(of) => {
                run::resume(workspace, *of, watch, cancel).await
            }
        })
        .await
    };
    engine.ask::<RunStart>(start).await
}

/// Asks the job at work to stop.
#[tauri::command]
pub(crate) async fn run_cancel(engine: State<'_, Engine>) -> Answer<RunCancel> {
    let cancel = async |desk: &Desk| {
        desk.cancel_job();
        Ok(())
    };
    engine.ask::<RunCancel>(cancel).await
}

/// Runs, newest first.
#[tauri::command]
pub(crate) async fn run_list(engine: State<'_, Engine>, request: RunsRequest) -> Answer<RunList> {
    let list =
        async move |workspace: &_| report::runs(workspace, request.sync.as_deref(), request.limit);
    engine.with_workspace::<RunList>(list).await
}

/// One run: header and causes.
#[tauri::command]
pub(crate) async fn run_report(engine: State<'_, Engine>, request: RunId) -> Answer<RunReport> {
    let read = async move |workspace: &_| report::summary(workspace, request);
    engine.with_workspace::<RunReport>(read).await
}

/// One page of a run's rows.
#[tauri::command]
pub(crate) async fn run_rows(
    engine: State<'_, Engine>,
    request: RunRowsRequest,
) -> Answer<RunRows> {
    let read = async move |workspace: &_| report::rows(workspace, &request);
    engine.with_workspace::<RunRows>(read).await
}

/// One row with what was sent and what the org answered.
#[tauri::command]
pub(crate) async fn run_row(engine: State<'_, Engine>, request: RowRequest) -> Answer<RunRow> {
    let read = async move |workspace: &_| report::row(workspace, request);
    engine.with_workspace::<RunRow>(read).await
}

/// Writes a run's rows to a file.
#[tauri::command]
pub(crate) async fn run_export(
    engine: State<'_, Engine>,
    request: ExportOrder,
) -> Answer<RunExport> {
    let path = export_file(&request.path, request.format)?;
    let write = async move |desk: &Desk| {
        let (workspace, outcome) = (desk.workspace()?, request.outcome.as_deref());
        let written = match request.format {
            ExportFormat::Csv => report::write_csv_report(&workspace, request.run, outcome, &path),
            ExportFormat::Json => {
                report::write_json_report(&workspace, request.run, outcome, &path)
            }
        };
        let rows = written.map_err(|error| diagnose(&error))?;
        Ok(ExportView { path: path.display().to_string(), rows })
    };
    engine.ask::<RunExport>(write).await
}
