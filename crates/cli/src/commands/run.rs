//! `isthmus plan`, `run`, `runs`, `report`, `retry`.

use isthmus_app::report::{write_csv_report, write_json_report};
use isthmus_app::workspace::Workspace;
use isthmus_app::{Error, Result};
use isthmus_contract::plan::PlanView;
use isthmus_contract::progress::Progress;
use isthmus_contract::request::{RowsRequest, RunRequest};
use isthmus_contract::run::RunView;
use isthmus_model::ids::RecordId;
use serde_json::json;

use super::{confirm, with_workspace};
use crate::arguments::{
    GlobalArguments, OutcomeWord, PlanArguments, ReportArguments, RetryArguments, RunArguments,
    RunsArguments,
};
use crate::exit::Exit;
use crate::interrupt::{Interrupt, Work};
use crate::output::{ask, count, is_attended, plans, print_json, runs as texts, tell};
use crate::progress::Bar;

pub(super) async fn plan(global: &GlobalArguments, arguments: PlanArguments) -> Result<Exit> {
    let request = request(arguments.sync, arguments.records);
    with_workspace(global, async |workspace| {
        let view = make_plan(global, workspace, &request, arguments.limit).await?;
        if global.json {
            print_json(&view)
        } else {
            tell(&plans::plan(&view, &request))
        }
        Ok(Exit::Succeeded)
    })
    .await
}

pub(super) async fn run(global: &GlobalArguments, arguments: RunArguments) -> Result<Exit> {
    let request = request(arguments.sync, arguments.records);
    let attended = is_attended(global.json) && !arguments.yes;
    with_workspace(global, async |workspace| {
        if attended {
            return show_and_run(global, workspace, &request).await;
        }
        let interrupt = Interrupt::listen(Work::Writing);
        let cancel = interrupt.token();
        let view = watched(global, async |watch| {
            isthmus_app::run::run(workspace, &request, watch, cancel).await
        });
        Ok(told(global, &view.await?))
    })
    .await
}

pub(super) async fn retry(global: &GlobalArguments, arguments: RetryArguments) -> Result<Exit> {
    with_workspace(global, async |workspace| {
        if is_attended(global.json) {
            let question = format!("Try the failed rows of run {} again?", arguments.run);
            confirm(global, arguments.yes, &question).await?;
        }
        let interrupt = Interrupt::listen(Work::Writing);
        let cancel = interrupt.token();
        let view = watched(global, async |watch| {
            isthmus_app::run::retry(workspace, arguments.run, watch, cancel).await
        });
        Ok(told(global, &view.await?))
    })
    .await
}

pub(super) async fn runs(global: &GlobalArguments, arguments: &RunsArguments) -> Result<Exit> {
    with_workspace(global, async |workspace| {
        let sync = arguments.sync.as_deref();
        let view = isthmus_app::report::runs(workspace, sync, arguments.limit)?;
        if global.json {
            print_json(&view)
        } else {
            tell(&texts::list(&view))
        }
        Ok(Exit::Succeeded)
    })
    .await
}

pub(super) async fn report(global: &GlobalArguments, arguments: ReportArguments) -> Result<Exit> {
    with_workspace(global, async |workspace| {
        if arguments.csv.is_some() || arguments.json_file.is_some() {
            write_files(global, workspace, &arguments)?;
            return Ok(Exit::Succeeded);
        }
        let outcome = arguments.outcome.map(|outcome| outcome.as_str().to_owned());
        let rows = RowsRequest { outcome, offset: arguments.offset, limit: arguments.limit };
        let view = isthmus_app::report::report(workspace, arguments.run, &rows)?;
        if global.json {
            print_json(&view)
        } else {
            tell(&texts::report(&view))
        }
        Ok(Exit::Succeeded)
    })
    .await
}

fn write_files(
    global: &GlobalArguments,
    workspace: &Workspace,
    arguments: &ReportArguments,
) -> Result<()> {
    let outcome = arguments.outcome.map(OutcomeWord::as_str);
    let mut written = Vec::new();
    if let Some(path) = &arguments.csv {
        written.push((path, write_csv_report(workspace, arguments.run, outcome, path)?));
    }
    if let Some(path) = &arguments.json_file {
        written.push((path, write_json_report(workspace, arguments.run, outcome, path)?));
    }
    if global.json {
        let files: Vec<_> =
            written.iter().map(|(path, rows)| json!({ "file": path, "rows": rows })).collect();
        print_json(&json!({ "files": files }));
        return Ok(());
    }
    for (path, rows) in written {
        tell(&format!("Wrote {} to {}.", count(rows, "row"), path.display()));
    }
    Ok(())
}

/// On a terminal: the plan's counts first, then the person's yes, then exactly that plan.
async fn show_and_run(
    global: &GlobalArguments,
    workspace: &Workspace,
    request: &RunRequest,
) -> Result<Exit> {
    let plan = make_plan(global, workspace, request, 0).await?;
    tell(&plans::summary(&plan));
    let writes = plan.counts.writes();
    if writes > 0 {
        let target = target_org(workspace, &plan.sync)?;
        if !ask(&format!("Write {} to {target}?", count(writes, "row"))).await {
            return Err(Error::NotConfirmed);
        }
    }
    let interrupt = Interrupt::listen(Work::Writing);
    let cancel = interrupt.token();
    let view = watched(global, async |watch| {
        isthmus_app::run::resume(workspace, plan.run, watch, cancel).await
    });
    Ok(told(global, &view.await?))
}

/// The name of the org that a sync writes to.
fn target_org(workspace: &Workspace, sync: &str) -> Result<String> {
    let syncs = isthmus_app::syncs::list(workspace)?;
    Ok(syncs.into_iter().find(|view| view.name == sync).map_or_else(String::new, |view| view.right))
}

async fn make_plan(
    global: &GlobalArguments,
    workspace: &Workspace,
    request: &RunRequest,
    limit: u64,
) -> Result<PlanView> {
    let interrupt = Interrupt::listen(Work::Planning);
    let cancel = interrupt.token();
    watched(global, async |watch| {
        isthmus_app::plan::plan(workspace, request, limit, watch, cancel).await
    })
    .await
}

/// Shows a bar while the work goes on.
async fn watched<T>(
    global: &GlobalArguments,
    work: impl AsyncFnOnce(&mut dyn FnMut(Progress)) -> Result<T>,
) -> Result<T> {
    let mut bar = Bar::new(global.json, "checking the mapping against both orgs");
    let outcome = work(&mut |progress| bar.show(&progress)).await;
    bar.finish();
    outcome
}

/// Prints a run's header; the end state is the exit code.
fn told(global: &GlobalArguments, view: &RunView) -> Exit {
    if global.json {
        print_json(view);
    } else {
        tell(&texts::header(view));
        if let Some(next) = texts::next_step(view) {
            tell(&next);
        }
    }
    view.end.map_or(Exit::Failed, Exit::from)
}

fn request(sync: String, records: Vec<RecordId>) -> RunRequest {
    RunRequest { sync, records: (!records.is_empty()).then_some(records) }
}
