//! Exit codes: one per end state and one per kind of problem, so that scripts need not read texts.

use isthmus_contract::health::Health;
use isthmus_contract::problem::Code;
use isthmus_model::run::RunEnd;

/// What the process ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Exit {
    Succeeded = 0,
    Internal = 1,
    Usage = 2,
    Refused = 3,
    NotFound = 4,
    NotConnected = 5,
    Org = 6,
    Workspace = 7,
    Owned = 8,
    Keychain = 9,
    Unchanged = 10,
    Partial = 11,
    Stopped = 12,
    Failed = 13,
    Files = 14,
    Warning = 20,
    Bad = 21,
    AuditBroken = 22,
    Cancelled = 130,
}

/// The list as `--help` and docs/cli.md show it.
pub(crate) const EXIT_CODES_HELP: &str = "\
Exit codes:
  0    done; of a run: succeeded, every planned row was written
  1    a fault of Isthmus itself
  2    the command line is wrong
  3    refused: a file, a query or another input cannot be used, or was not confirmed
  4    no such org, sync, run, object or record
  5    not connected: the login failed, was denied or has expired
  6    the org cannot be reached, refused the request, or its limit is used up
  7    the workspace is missing, damaged, or written by a newer build
  8    another process has the workspace open
  9    the keychain is missing, locked, or has lost its entry
  10   run: unchanged, nothing needed writing
  11   run: partial, some rows were held, failed or are pending
  12   run: stopped early by a limit, a cancel or a guard
  13   run: failed
  14   a file cannot be read or written, or the disk is full
  20   health or test: works, but someone should look
  21   health or test: something does not work
  22   the audit trail does not verify
  130  stopped by Ctrl-C before anything was written, or ended at once by a second one";

impl From<RunEnd> for Exit {
    fn from(end: RunEnd) -> Self {
        match end {
            RunEnd::Succeeded => Self::Succeeded,
            RunEnd::Unchanged => Self::Unchanged,
            RunEnd::Partial => Self::Partial,
            RunEnd::Stopped => Self::Stopped,
            RunEnd::Failed => Self::Failed,
        }
    }
}

impl From<Health> for Exit {
    fn from(health: Health) -> Self {
        match health {
            Health::Good => Self::Succeeded,
            Health::Warning => Self::Warning,
            Health::Bad => Self::Bad,
        }
    }
}

impl From<Code> for Exit {
    fn from(code: Code) -> Self {
        match code {
            Code::BadRequest
            | Code::FileUnreadable
            | Code::FileRefused
            | Code::WorkspaceExists
            | Code::RecoveryKeyWrong
            | Code::OrgAlreadyConnected
            | Code::OrgNameTaken
            | Code::OrgDiffers
            | Code::OrgForeignHost
            | Code::SyncDisabled
            | Code::SyncOutdated
            | Code::SyncChangedElsewhere
            | Code::NothingToRetry
            | Code::QueryRefused
            | Code::JobAtWork
            | Code::LinkRefused
            | Code::CallbackPortTaken
            | Code::NotConfirmed => Self::Refused,
            Code::OrgUnknown
            | Code::SyncUnknown
            | Code::RunUnknown
            | Code::ObjectUnknown
            | Code::RecordUnknown => Self::NotFound,
            Code::ClientIdUnknown
            | Code::ClientSecretWrong
            | Code::CallbackNotRegistered
            | Code::AppNotApproved
            | Code::ConsentDenied
            | Code::LoginStateMismatch
            | Code::LoginTimedOut
            | Code::LoginFailed
            | Code::OrgLoginExpired => Self::NotConnected,
            Code::OrgUnreachable
            | Code::OrgCertificate
            | Code::OrgRefused
            | Code::OrgLimit
            | Code::OrgAnswerUnreadable
            | Code::ClockOff
            | Code::NoRowsReadable => Self::Org,
            Code::WorkspaceMissing | Code::WorkspaceNewer | Code::WorkspaceDamaged => {
                Self::Workspace
            }
            Code::WorkspaceOwned => Self::Owned,
            Code::KeychainMissing
            | Code::KeychainLocked
            | Code::KeychainEntryMissing
            | Code::KeychainFailed => Self::Keychain,
            Code::DiskFull | Code::FileAccess => Self::Files,
            Code::AuditBroken => Self::AuditBroken,
            Code::Cancelled => Self::Cancelled,
            // A command opens its workspace itself and has no engine beside it: both belong to the window.
            Code::WorkspaceClosed | Code::EngineGone | Code::Internal => Self::Internal,
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use isthmus_contract::problem::Code;
    use isthmus_model::run::RunEnd;

    use super::{EXIT_CODES_HELP, Exit};

    #[test]
    fn each_end_state_has_an_exit_code_of_its_own() {
        let ends = [
            RunEnd::Unchanged,
            RunEnd::Succeeded,
            RunEnd::Partial,
            RunEnd::Stopped,
            RunEnd::Failed,
        ];
        let mut codes: Vec<u8> = ends.iter().map(|end| Exit::from(*end) as u8).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ends.len());
    }

    #[test]
    fn every_problem_ends_with_a_documented_code_that_is_no_end_state() {
        for code in Code::ALL {
            let exit = Exit::from(*code) as u8;
            assert!(EXIT_CODES_HELP.contains(&format!("\n  {exit:<3}  ")), "{}", code.as_str());
            assert!(exit != 0 && !(10..=13).contains(&exit), "{}", code.as_str());
        }
    }
}
