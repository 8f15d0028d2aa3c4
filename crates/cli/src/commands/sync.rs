//! `isthmus sync`.

use std::io::Read;
use std::path::Path;

use isthmus_app::files::{read_limited, write_atomically};
use isthmus_app::suggest::suggest;
use isthmus_app::sync_file::LARGEST_FILE_BYTES;
use isthmus_app::syncs::{check, delete, export, import, list, switch};
use isthmus_app::workspace::Workspace;
use isthmus_app::{Error, Result};
use serde_json::json;

use super::{confirm, with_workspace};
use crate::arguments::{GlobalArguments, ImportArguments, SuggestArguments, SyncCommand};
use crate::exit::Exit;
use crate::output::{files, print, print_json, syncs, tell};
use crate::progress::busy;

/// Said while import asks both orgs.
const CHECKING: &str = "checking the file against both orgs";
/// Said while suggest asks both orgs.
const COMPARING: &str = "comparing the objects of both orgs";

pub(super) async fn carry_out(global: &GlobalArguments, command: SyncCommand) -> Result<Exit> {
    with_workspace(global, async |workspace| {
        match command {
            SyncCommand::Import(arguments) => import_file(global, workspace, arguments).await?,
            SyncCommand::Export { sync, output } => {
                give(global, &export(workspace, &sync)?, output.as_deref())?;
            }
            SyncCommand::List => {
                let view = list(workspace)?;
                if global.json { print_json(&view) } else { tell(&syncs::list(&view)) }
            }
            SyncCommand::Enable { sync } => turn(global, workspace, &sync, true)?,
            SyncCommand::Disable { sync } => turn(global, workspace, &sync, false)?,
            SyncCommand::Delete { sync, yes } => {
                confirm(global, yes, &format!("Delete {sync} with its links and bases?")).await?;
                let view = delete(workspace, &sync)?;
                if global.json {
                    print_json(&view)
                } else {
                    tell(&format!("Deleted {}. Its runs and reports stay.", view.name))
                }
            }
            SyncCommand::Suggest(arguments) => propose(global, workspace, arguments).await?,
        }
        Ok(Exit::Succeeded)
    })
    .await
}

async fn import_file(
    global: &GlobalArguments,
    workspace: &Workspace,
    arguments: ImportArguments,
) -> Result<()> {
    let text = read_file(&arguments.file)?;
    if arguments.check {
        let checked = busy(global.json, CHECKING, check(workspace, &text)).await?;
        if global.json {
            print_json(&json!({ "importable": true, "warnings": checked.warnings }));
        } else {
            let warnings = files::problems(&checked.warnings);
            tell(format!("{warnings}\nThe file can be imported.").trim_start());
        }
        return Ok(());
    }
    let view = busy(global.json, CHECKING, import(workspace, &text)).await?;
    if global.json {
        print_json(&view)
    } else {
        tell(&syncs::imported(&view))
    }
    Ok(())
}

fn read_file(path: &Path) -> Result<String> {
    if path != Path::new("-") {
        return read_limited(path, LARGEST_FILE_BYTES);
    }
    let mut text = String::new();
    let limit = LARGEST_FILE_BYTES as u64 + 1;
    std::io::stdin()
        .lock()
        .take(limit)
        .read_to_string(&mut text)
        .map_err(|error| Error::File { path: "stdin".to_owned(), reason: error.to_string() })?;
    Ok(text)
}

fn turn(global: &GlobalArguments, workspace: &Workspace, sync: &str, on: bool) -> Result<()> {
    let view = switch(workspace, sync, on)?;
    if global.json {
        print_json(&view);
    } else {
        let state = if view.enabled { "enabled" } else { "disabled" };
        tell(&format!("{} is {state}.", view.name));
    }
    Ok(())
}

async fn propose(
    global: &GlobalArguments,
    workspace: &Workspace,
    arguments: SuggestArguments,
) -> Result<()> {
    let (left, right) = (&arguments.left, &arguments.right);
    let name = arguments.name.as_deref();
    let view =
        busy(global.json, COMPARING, suggest(workspace, left, right, name, &arguments.objects))
            .await?;
    if global.json && arguments.output.is_none() {
        print_json(&view);
        return Ok(());
    }
    give(global, &view.document, arguments.output.as_deref())?;
    if let (Some(path), false) = (&arguments.output, global.json) {
        tell(&syncs::proposed(&view, path));
    }
    Ok(())
}

/// Gives a document to a file or to stdout, as it is.
fn give(global: &GlobalArguments, text: &str, output: Option<&Path>) -> Result<()> {
    match output {
        Some(path) => {
            write_atomically(path, |file| file.write_all(text.as_bytes()))?;
            if global.json {
                print_json(&json!({ "file": path }));
            } else {
                tell(&format!("Wrote {}.", path.display()));
            }
        }
        None if global.json => print_json(&json!({ "document": text })),
        None => print(text.trim_end_matches('\n')),
    }
    Ok(())
}
