//! The verbs: each unpacks its arguments, calls one use case and prints what it gives.

mod data;
mod org;
mod run;
mod sync;
mod workspace;

use std::time::Duration;

use clap::CommandFactory;
use isthmus_app::logs::LogGuard;
use isthmus_app::workspace::{Surroundings, Workspace, WorkspacePath, open};
use isthmus_app::{Error, Result, diagnose};

use crate::arguments::{Arguments, AuditCommand, Command, GlobalArguments};
use crate::exit::Exit;
use crate::output::{ask, complain, is_attended, orgs, print, print_json, print_problem, tell};
use crate::progress::busy;

/// Carries out a command line and says what to end with.
pub(crate) async fn carry_out(arguments: Arguments) -> Exit {
    let Arguments { global, command } = arguments;
    let json = global.json;
    match dispatch(&global, command).await {
        Ok(exit) => exit,
        Err(error) => {
            let problem = diagnose(&error);
            tracing::warn!(code = problem.code.as_str(), "refused");
            print_problem(&problem, json);
            Exit::from(problem.code)
        }
    }
}

async fn dispatch(global: &GlobalArguments, command: Command) -> Result<Exit> {
    match command {
        Command::Workspace(command) => workspace::carry_out(global, command).await,
        Command::Org(command) => org::carry_out(global, command).await,
        Command::Sync(command) => sync::carry_out(global, command).await,
        Command::Plan(arguments) => run::plan(global, arguments).await,
        Command::Run(arguments) => run::run(global, arguments).await,
        Command::Runs(arguments) => run::runs(global, &arguments).await,
        Command::Report(arguments) => run::report(global, arguments).await,
        Command::Retry(arguments) => run::retry(global, arguments).await,
        Command::Health => health(global).await,
        Command::Query(arguments) => data::query(global, arguments).await,
        Command::Record(command) => data::record(global, command).await,
        Command::Audit(AuditCommand::Verify) => audit(global).await,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "isthmus", &mut script);
            print(String::from_utf8_lossy(&script).trim_end());
            Ok(Exit::Succeeded)
        }
        Command::Schema => {
            print(&format!("{:#}", isthmus_app::sync_file::json_schema()));
            Ok(Exit::Succeeded)
        }
    }
}

/// Opens the workspace the command line names, does the work, and closes it cleanly whatever the work came to.
pub(crate) async fn with_workspace(
    global: &GlobalArguments,
    work: impl AsyncFnOnce(&Workspace) -> Result<Exit>,
) -> Result<Exit> {
    let path = WorkspacePath::find(&global.workspace)?;
    let _log = start_log(&path, global)?;
    let workspace = open(&path, surroundings()?, wait(global)).await?;
    let outcome = work(&workspace).await;
    if let Err(error) = workspace.close() {
        // The work's own result is what the caller waits for; what was committed is safe either way.
        complain(&format!("isthmus: {error}"));
    }
    outcome
}

/// What a workspace takes from outside, for this command.
pub(crate) fn surroundings() -> Result<Surroundings> {
    Surroundings::of_this_machine(isthmus_app::workspace::OwnerKind::Command)
}

/// Logs into the workspace's folder; a workspace that is not there yet gets no folder by asking for it.
pub(crate) fn start_log(path: &WorkspacePath, global: &GlobalArguments) -> Result<LogGuard> {
    if !path.folder().is_dir() {
        let (name, folder) = (path.name().to_owned(), path.folder().display().to_string());
        return Err(Error::NoWorkspace { name, folder });
    }
    let log = isthmus_app::logs::start(path.folder(), global.log_level.as_str())?;
    #[cfg(debug_assertions)]
    panic_as_asked();
    Ok(log)
}

/// Panics with the text of `ISTHMUS_PANIC`: a test sees then that a panic's message reaches no log and no terminal.
#[cfg(debug_assertions)]
fn panic_as_asked() {
    if let Ok(text) = std::env::var("ISTHMUS_PANIC") {
        panic!("{text}");
    }
}

pub(crate) fn wait(global: &GlobalArguments) -> Duration {
    Duration::from_secs(global.wait)
}

/// Refuses a step that needs a yes: asked for on a terminal, `--yes` elsewhere.
pub(crate) async fn confirm(global: &GlobalArguments, yes: bool, question: &str) -> Result<()> {
    if yes || (is_attended(global.json) && ask(question).await) {
        return Ok(());
    }
    Err(Error::NotConfirmed)
}

async fn health(global: &GlobalArguments) -> Result<Exit> {
    with_workspace(global, async |workspace| {
        let view =
            busy(global.json, "asking the orgs", isthmus_app::health::health(workspace)).await?;
        if global.json {
            print_json(&view)
        } else {
            tell(&orgs::health(&view))
        }
        Ok(Exit::from(view.overall))
    })
    .await
}

async fn audit(global: &GlobalArguments) -> Result<Exit> {
    with_workspace(global, async |workspace| {
        let view = isthmus_app::audit::verify(workspace)?;
        if global.json {
            print_json(&view);
        } else if view.verified {
            let entries = match view.entries {
                1 => "1 entry".to_owned(),
                entries => format!("{entries} entries"),
            };
            tell(&format!("The audit trail is whole: {entries}.\nIts end: {}", view.head));
        } else {
            tell(&format!("The audit trail does not verify:\n  {}", view.findings.join("\n  ")));
        }
        Ok(if view.verified { Exit::Succeeded } else { Exit::AuditBroken })
    })
    .await
}
