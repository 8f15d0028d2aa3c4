//! Problems of the use cases themselves.

use isthmus_contract::problem::{Code, Problem};

use crate::error::Error;

/// Code and next step of an error that is no other crate's.
pub(super) fn problem(error: &Error) -> Problem {
    let (code, hint) = match error {
        Error::BadRequest { hint, .. } => (Code::BadRequest, hint.clone()),
        Error::NoRandomness => (Code::Internal, said("restart this machine")),
        Error::NoWorkspace { name, .. } => (Code::WorkspaceMissing, create_hint(name)),
        Error::WorkspaceExists { .. } => {
            (Code::WorkspaceExists, said("use it, or choose another name (`--workspace NAME`)"))
        }
        Error::LedgerKeyMissing { name } => (Code::KeychainEntryMissing, recover_hint(name)),
        Error::File { .. } => {
            (Code::FileAccess, said("check the path and the rights on its folder"))
        }
        Error::DiskFull { .. } => (Code::DiskFull, said("free space on this disk, then try again")),
        Error::FileTooLarge { .. } => {
            (Code::FileUnreadable, said("choose the right file, or split it"))
        }
        Error::UnknownOrg { .. } => (
            Code::OrgUnknown,
            said("see which orgs are connected, or connect it (Orgs, or `isthmus org connect`)"),
        ),
        Error::Disconnected { name } => (
            Code::OrgLoginExpired,
            format!("connect it again (Orgs, or `isthmus org connect {name}`)"),
        ),
        Error::OrgAlreadyConnected { known, .. } => (
            Code::OrgAlreadyConnected,
            format!("use it as `{known}`: one org has one name, so that its links stay together"),
        ),
        Error::OrgDiffers { .. } => (
            Code::OrgDiffers,
            said("log in to the right org (log out in the browser first), or choose another name"),
        ),
        Error::FileRefused(_)
        | Error::Outdated { .. }
        | Error::UnknownSync { .. }
        | Error::SyncDisabled(_)
        | Error::JobAtWork(_)
        | Error::SyncChangedElsewhere { .. } => of_sync(error),
        Error::UnknownRun(_) => {
            (Code::RunUnknown, said("see which runs there are (Runs, or `isthmus runs`)"))
        }
        Error::NothingToRetry(_) => (Code::NothingToRetry, said("start a new run")),
        Error::UnknownObject { .. } => {
            (Code::ObjectUnknown, said("give the object's API name, such as Account or Site__c"))
        }
        Error::UnknownRecord { .. } => (
            Code::RecordUnknown,
            said("check id and object, and that the user may read the record"),
        ),
        Error::NotConfirmed => (Code::NotConfirmed, said("answer yes (`y`, or --yes)")),
        Error::QueryRefused(_) => (Code::QueryRefused, said("write a SELECT")),
        // Their own kinds are told apart before this is asked.
        Error::Store(_)
        | Error::Vault(_)
        | Error::Org { .. }
        | Error::Login(_)
        | Error::Engine { .. } => (Code::Internal, said("report it with the log")),
    };
    let file = match error {
        Error::FileRefused(problems) | Error::Outdated { problems, .. } => problems.clone(),
        _ => Vec::new(),
    };
    Problem { file, ..Problem::new(code, error.to_string(), hint) }
}

/// Errors of one sync and its mapping.
fn of_sync(error: &Error) -> (Code, String) {
    match error {
        Error::FileRefused(_) => {
            (Code::FileRefused, said("mend the problems listed and try again; nothing was changed"))
        }
        Error::Outdated { .. } => (
            Code::SyncOutdated,
            said("mend the mapping and store it again, or undo the change in the org"),
        ),
        Error::UnknownSync { .. } => (
            Code::SyncUnknown,
            said("see which syncs there are, or add it (Syncs, or `isthmus sync import`)"),
        ),
        Error::SyncDisabled(name) => {
            (Code::SyncDisabled, format!("enable it (Syncs, or `isthmus sync enable {name}`)"))
        }
        Error::JobAtWork(_) => (Code::JobAtWork, said("wait until it has ended, or stop it")),
        Error::SyncChangedElsewhere { .. } => (
            Code::SyncChangedElsewhere,
            said(
                "load the stored version, or copy your draft's text first and save it anew on top of it",
            ),
        ),
        _ => (Code::Internal, said("report it with the log")),
    }
}

fn said(hint: &str) -> String {
    hint.to_owned()
}

fn create_hint(name: &str) -> String {
    format!("create it once (open the window, or `isthmus{} workspace create`)", option(name))
}

fn recover_hint(name: &str) -> String {
    format!(
        "put it back with the recovery key from its creation (open the window, or `isthmus{} workspace recover --recovery-key-stdin`); no new key is made over old data",
        option(name)
    )
}

fn option(name: &str) -> String {
    if name == "default" { String::new() } else { format!(" --workspace {name}") }
}
