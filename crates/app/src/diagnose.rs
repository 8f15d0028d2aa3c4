//! From errors to problems: a code to match and quote, what happened, and the next step.

mod org;
mod own;

use isthmus_contract::problem::{Code, Problem};

use crate::error::Error;

/// The problem that an error is, for window and command.
#[must_use]
pub fn diagnose(error: &Error) -> Problem {
    match error {
        Error::Store(error) => store(error),
        Error::Vault(error) => vault(error),
        Error::Org { org, error } => org::refused(org, error),
        Error::Login(error) => org::login(error),
        Error::Engine { left, right, error } => match error.as_ref() {
            isthmus_sync::Error::Ledger(error) => store(error),
            error => org::engine(left, right, error),
        },
        _ => own::problem(error),
    }
}

fn store(error: &isthmus_store::Error) -> Problem {
    use isthmus_store::Error as Store;
    let code = match error {
        Store::NotFound(_) => Code::WorkspaceMissing,
        Store::AlreadyExists(_) => Code::WorkspaceExists,
        Store::Owned { .. } | Store::Busy => Code::WorkspaceOwned,
        Store::RecoveryKey(_) => Code::RecoveryKeyWrong,
        Store::NewerSchema { .. } => Code::WorkspaceNewer,
        Store::WrongKey | Store::NotALedger | Store::Damaged { .. } | Store::Migration(_) => {
            Code::WorkspaceDamaged
        }
        Store::DiskFull => Code::DiskFull,
        Store::ReadOnly | Store::Files { .. } => Code::FileAccess,
        Store::Duplicate(_) | Store::Missing(_) | Store::SyncBusy(_) | Store::TooLarge(_) => {
            Code::BadRequest
        }
        _ => Code::Internal,
    };
    divided(code, &error.to_string())
}

fn vault(error: &isthmus_vault::Error) -> Problem {
    use isthmus_vault::Error as Vault;
    let code = match error {
        Vault::NoKeychain { .. } => Code::KeychainMissing,
        Vault::Locked { .. } => Code::KeychainLocked,
        Vault::Missing { .. } => Code::KeychainEntryMissing,
        _ => Code::KeychainFailed,
    };
    divided(code, &error.to_string())
}

/// Our crates' error texts are "what happened; the next step".
fn divided(code: Code, text: &str) -> Problem {
    match text.split_once("; ") {
        Some((text, hint)) => Problem::new(code, text, hint),
        None => Problem::new(code, text, "try again; if it comes back, report it with the log"),
    }
}

/// The text without a remedy that is shown as the hint anyway.
fn without(text: &str, hint: &str) -> String {
    text.strip_suffix(hint).map_or(text, |text| text.trim_end_matches([' ', ';'])).to_owned()
}

/// The engine knows sides; people know their orgs' names.
pub(crate) fn with_names(text: &str, left: &str, right: &str) -> String {
    text.replace("the left org", left).replace("the right org", right)
}

#[cfg(test)]
mod tests;
