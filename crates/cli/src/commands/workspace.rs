//! `isthmus workspace`.

use isthmus_app::Result;
use isthmus_app::workspace::{WorkspacePath, create, recover};
use secrecy::ExposeSecret;
use serde_json::json;

use super::{start_log, surroundings, wait};
use crate::arguments::{GlobalArguments, WorkspaceCommand};
use crate::exit::Exit;
use crate::output::{print, print_json, tell};
use crate::secrets;

pub(super) async fn carry_out(global: &GlobalArguments, command: WorkspaceCommand) -> Result<Exit> {
    let path = WorkspacePath::find(&global.workspace)?;
    match command {
        WorkspaceCommand::Create => make(global, &path)?,
        WorkspaceCommand::Recover { .. } => {
            let _log = start_log(&path, global)?;
            let key = secrets::from_stdin("the recovery key")?;
            let view = recover(&path, &surroundings()?, &key, wait(global)).await?;
            if global.json {
                print_json(&view);
            } else {
                tell(&format!(
                    "The workspace {} opens again. Connect its orgs again: their tokens are not in the ledger.",
                    view.name
                ));
            }
        }
        WorkspaceCommand::Path if global.json => print_json(&path.view()),
        WorkspaceCommand::Path => print(&path.folder().display().to_string()),
    }
    Ok(Exit::Succeeded)
}

fn make(global: &GlobalArguments, path: &WorkspacePath) -> Result<()> {
    let created = create(path, &surroundings()?)?;
    // The one place where the recovery key is shown; it is kept nowhere.
    let recovery_key = created.recovery_key.expose_secret();
    if global.json {
        let (name, folder) = (&created.workspace.name, &created.workspace.folder);
        print_json(&json!({ "name": name, "folder": folder, "recovery_key": recovery_key }));
    } else {
        tell(&format!(
            "Created the workspace {} in {}\n\nRecovery key, shown this once and kept nowhere. Print it or keep it in a password manager:\n\n  {recovery_key}\n\nNext: isthmus org connect NAME --client-id ID",
            created.workspace.name, created.workspace.folder
        ));
    }
    Ok(())
}
